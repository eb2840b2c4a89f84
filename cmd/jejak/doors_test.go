package main

import (
	"context"
	"errors"
	"net"
	"net/http"
	"testing"

	"golang.org/x/sync/errgroup"

	"github.com/jejak-kinerja/jejak/api/problem"
)

// A request that takes longer than the program waits is told to end; its caller
// is asked to come back, and the end is a clean one.
func TestARequestThatTakesTooLongAtTheEndIsAnsweredNotNow(t *testing.T) {
	t.Parallel() // it waits and does nothing
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	asked, end := context.WithCancel(t.Context())
	group, ctx := errgroup.WithContext(asked)
	d := &doors{group: group, requests: t.Context()}
	taken := make(chan struct{})
	d.open(ctx, listener, &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		close(taken)
		<-r.Context().Done()
		problem.Write(w, r, r.Context().Err())
	})})
	answered := make(chan error, 1)
	go func() {
		resp, err := http.Get("http://" + listener.Addr().String())
		if err == nil {
			if resp.StatusCode != http.StatusServiceUnavailable || resp.Header.Get("Retry-After") == "" {
				err = errors.New("the answer is " + resp.Status)
			}
			err = errors.Join(err, resp.Body.Close())
		}
		answered <- err
	}()
	<-taken
	if _, err := serving(ctx).Look(t.Context()); err != nil {
		t.Errorf("while it serves it is not ready: %v", err)
	}
	end()
	if _, err := serving(ctx).Look(t.Context()); err == nil {
		t.Error("at its end it is still ready")
	}
	if err := <-answered; err != nil {
		t.Error(err)
	}
	if err := group.Wait(); err != nil {
		t.Errorf("the end says %v", err)
	}
}
