package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"
)

const (
	// partingTime is how long connections are still taken after the end was asked
	// for: whoever is in the middle of a conversation hears in the next answer that
	// its connection ends, instead of finding it closed under the next request.
	partingTime = 300 * time.Millisecond
	// shutdownTimeout is how long requests under way may take to their end.
	shutdownTimeout = 5 * time.Second
	// brokenOffTimeout is for those that are told to end after that.
	brokenOffTimeout = time.Second
)

// parting ends each connection with its next answer once ctx has ended.
func parting(ctx context.Context, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if ctx.Err() != nil {
			w.Header().Set("Connection", "close")
		}
		next.ServeHTTP(w, r)
	})
}

// farewell ends the server in order when ctx ends: streams of events are told to
// come back (by those who serve them), connections are taken for a moment more,
// and every request that was taken is answered. What takes too long is told to
// end by finish; only what does not listen even then is broken off, with an error.
func farewell(ctx context.Context, server *http.Server, finish context.CancelFunc) error {
	defer finish()
	<-ctx.Done()
	parted := time.NewTimer(partingTime)
	defer parted.Stop()
	<-parted.C
	within := func(limit time.Duration) error {
		closing, cancel := context.WithTimeout(context.WithoutCancel(ctx), limit)
		defer cancel()
		return server.Shutdown(closing)
	}
	if within(shutdownTimeout) == nil {
		return nil
	}
	finish()
	if err := within(brokenOffTimeout); err != nil {
		return errors.Join(fmt.Errorf("some requests were broken off: %w", err), server.Close())
	}
	return nil
}
