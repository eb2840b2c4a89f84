package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"
)

// doors are the addresses at which requests come in.
type doors struct {
	group *errgroup.Group
	// requests outlives the wish to end: a request that was let in is answered as
	// if nobody had asked the program to go.
	requests context.Context
	closed   sync.WaitGroup // until the last request of every door is answered
}

// partingTime is how long, before the end, answers ask their clients to let go of
// the connection. A connection that is closed while a request is on its way breaks
// that request, and only the client can know.
const partingTime = 500 * time.Millisecond

// tellingTime is for requests that took longer than shutdownTimeout and were told
// to end: a handler that listens answers "not now" within it.
const tellingTime = time.Second

// open serves until ctx ends, and then gives open requests some time. Those that
// take too long are told to end, and broken off only when they do not listen.
func (d *doors) open(ctx context.Context, listener net.Listener, server *http.Server) {
	server.Handler = parting(ctx, server.Handler)
	requests, tell := context.WithCancel(d.requests)
	server.BaseContext = func(net.Listener) context.Context { return requests }
	d.group.Go(func() error {
		if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			return fmt.Errorf("serve: %w", err)
		}
		return nil
	})
	d.closed.Add(1)
	d.group.Go(func() error {
		defer d.closed.Done()
		<-ctx.Done()
		defer tell()
		<-time.After(partingTime)
		if shutDown(ctx, server, shutdownTimeout) == nil {
			return nil
		}
		tell()
		if err := shutDown(ctx, server, tellingTime); err != nil {
			return errors.Join(fmt.Errorf("some requests were broken off: %w", err), server.Close())
		}
		return nil
	})
}

// shutDown waits for the last answer, but not for longer than the limit.
func shutDown(ctx context.Context, server *http.Server, limit time.Duration) error {
	closing, cancel := context.WithTimeout(context.WithoutCancel(ctx), limit)
	defer cancel()
	return server.Shutdown(closing)
}

// parting lets no connection be used again once ctx has ended.
func parting(ctx context.Context, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if ctx.Err() != nil {
			w.Header().Set("Connection", "close")
		}
		next.ServeHTTP(w, r)
	})
}
