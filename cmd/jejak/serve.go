package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"

	"golang.org/x/sync/errgroup"
)

// Limits of the HTTP server: a phone on a weak line is slow, an attacker is slower.
const (
	readHeaderTimeout = 10 * time.Second
	readTimeout       = 60 * time.Second
	idleTimeout       = 2 * time.Minute
	maxHeaderBytes    = 32 << 10
	// shutdownTimeout ends open requests; event streams are told to come back.
	shutdownTimeout = 5 * time.Second
	// closeTimeout bounds closing what lies below the edge.
	closeTimeout = 20 * time.Second
)

// serveCommand runs the whole product.
type serveCommand struct {
	Listen     string `default:"127.0.0.1:8080" env:"JEJAK_LISTEN" help:"Address of pages and API."`
	NodeListen string `env:"JEJAK_NODE_LISTEN" help:"Loopback address at which the embedded event store also answers EventStoreDB clients, without TLS."`
	BaseURL    string `env:"JEJAK_BASE_URL" help:"Address by which users reach the service, when it differs (https://…); https binds cookies to it."`
	Demo       bool   `env:"JEJAK_DEMO" help:"Fill an empty ledger with Sabang's public figures and invented people, and offer one login for each role. Loopback only."`
	demoFlags
}

// Validate refuses combinations that would open the demonstration to the world.
func (s *serveCommand) Validate() error {
	if s.Demo && !isLoopback(s.Listen) {
		return errors.New("--demo lets everybody in without a password, so it listens on loopback only: use --listen 127.0.0.1:8080")
	}
	if s.NodeListen != "" && !isLoopback(s.NodeListen) {
		return errors.New("--node-listen has no TLS yet, so it is for loopback only")
	}
	return nil
}

// Run serves until the context ends, and closes everything cleanly.
func (s *serveCommand) Run(ctx context.Context, c *Config, term terminal) error {
	if c.NodeAdvertise != "" && s.NodeListen == "" {
		return errors.New("--node-advertise needs --node-listen: the other replicas write there while this one leads")
	}
	log, err := c.logger(term)
	if err != nil {
		return err
	}
	r, err := openRooms(ctx, c, log, false)
	if err != nil {
		return err
	}
	r.gaugeBackup()
	err = s.serve(ctx, r, term)
	closing, cancel := context.WithTimeout(context.WithoutCancel(ctx), closeTimeout)
	defer cancel()
	err = errors.Join(err, r.close(closing))
	if err == nil {
		log.Info("stopped cleanly")
	}
	return err
}

func (s *serveCommand) serve(ctx context.Context, r *rooms, term terminal) error {
	listener, err := net.Listen("tcp", s.Listen)
	if err != nil {
		return fmt.Errorf("listen on %s: %w (is another jejak running? --listen takes another address)", s.Listen, err)
	}
	group, ctx := errgroup.WithContext(ctx)
	e, err := openEdge(ctx, r, s)
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	defer e.logins.close()
	server := &http.Server{Handler: e.handler, ReadHeaderTimeout: readHeaderTimeout, ReadTimeout: readTimeout, IdleTimeout: idleTimeout,
		MaxHeaderBytes: maxHeaderBytes, ErrorLog: slog.NewLogLogger(r.log.Handler(), slog.LevelDebug),
		BaseContext: func(net.Listener) context.Context { return ctx }}
	group.Go(func() error {
		if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			return fmt.Errorf("serve: %w", err)
		}
		return nil
	})
	group.Go(func() error {
		<-ctx.Done()
		closing, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownTimeout)
		defer cancel()
		if err := server.Shutdown(closing); err != nil {
			return errors.Join(fmt.Errorf("some requests were broken off: %w", err), server.Close())
		}
		return nil
	})
	group.Go(func() error { return r.carry(ctx) })
	group.Go(func() error { e.tail.Run(ctx); return nil })
	group.Go(func() error { return r.storage.failed(ctx) })
	if err := s.openNode(r); err != nil {
		group.Go(func() error { return err })
	}
	if s.Demo {
		group.Go(func() error { return s.fill(ctx, r, term) })
	}
	fmt.Fprintf(term.out, "http://%s\n", listener.Addr())
	return group.Wait()
}

// openNode lets other clients of the protocol in, on loopback.
func (s *serveCommand) openNode(r *rooms) error {
	if s.NodeListen == "" {
		return nil
	}
	if r.storage.node == nil {
		return errors.New("--node-listen needs the embedded event store, but another one is configured")
	}
	listener, err := net.Listen("tcp", s.NodeListen)
	if err != nil {
		return fmt.Errorf("listen on %s: %w", s.NodeListen, err)
	}
	go func() {
		if err := r.storage.node.Serve(listener); err != nil {
			r.log.Error("the event store's open address", "error", err)
		}
	}()
	r.log.Info("event store open to clients", "address", "esdb://"+listener.Addr().String()+"?tls=false")
	return nil
}
