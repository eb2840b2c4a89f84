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
	Listen string `default:"127.0.0.1:8080" env:"JEJAK_LISTEN" help:"Address of pages and API."`
	// AdminListen is empty unless somebody asks for it: one address is less to
	// guard, and /metrics is then found where people look first.
	AdminListen string `env:"JEJAK_ADMIN_LISTEN" help:"Address for operators: /metrics, /healthz, /readyz, /version and, on loopback, /debug/pprof. With it, --listen no longer serves /metrics."`
	NodeListen  string `env:"JEJAK_NODE_LISTEN" help:"Address at which the embedded event store also answers EventStoreDB clients; beyond loopback with TLS."`
	nodeDoor    `embed:"" prefix:"node-" envprefix:"JEJAK_NODE_"`
	BaseURL     string `env:"JEJAK_BASE_URL" help:"Address by which users reach the service, when it differs (https://…); https binds cookies to it."`
	Demo        bool   `env:"JEJAK_DEMO" help:"Fill an empty ledger with Sabang's public figures and invented people, and offer one login for each role. Loopback only."`
	demoFlags
}

// Validate refuses combinations that would open the demonstration to the world.
func (s *serveCommand) Validate() error {
	if s.Demo && !isLoopback(s.Listen) {
		return errors.New("--demo lets everybody in without a password, so it listens on loopback only: use --listen 127.0.0.1:8080")
	}
	if err := s.demoFlags.Validate(); err != nil {
		return err
	}
	if s.NodeListen == "" {
		if s.secured() {
			return errors.New("--node-tls-cert and --node-tls-key need --node-listen")
		}
		return nil
	}
	return s.check("--node-listen", "node-", s.NodeListen)
}

// Run serves until the context ends, and closes everything cleanly.
func (s *serveCommand) Run(ctx context.Context, c *Config, term terminal) error {
	if c.NodeAdvertise != "" && s.NodeListen == "" {
		return errors.New("--node-advertise needs --node-listen: the other replicas write there while this one leads")
	}
	if c.EventstoreURL != "" && s.NodeListen != "" {
		return errors.New("--node-listen needs the embedded event store, but another one is configured")
	}
	log, err := c.logger(term)
	if err != nil {
		return err
	}
	c.opening = nodeOpening{s.NodeListen, s.nodeDoor}
	listener, err := net.Listen("tcp", s.Listen)
	if err != nil {
		return fmt.Errorf("listen on %s: %w (is another jejak running? --listen takes another address)", s.Listen, err)
	}
	if err = s.serve(ctx, newOpening(c, log, s.AdminListen == ""), listener, term); err == nil {
		log.Info("stopped cleanly")
	}
	return err
}

// serve answers from the first moment on: that the service is not open yet, and why,
// until its rooms are.
func (s *serveCommand) serve(ctx context.Context, o *opening, listener net.Listener, term terminal) error {
	group, ctx := errgroup.WithContext(ctx)
	// What lies below the edge works until the last request has its answer.
	below, endBelow := context.WithCancel(context.WithoutCancel(ctx))
	defer endBelow()
	doors := &doors{group: group, requests: below}
	doors.open(ctx, listener, &http.Server{Handler: &o.public, ReadHeaderTimeout: readHeaderTimeout, ReadTimeout: readTimeout, IdleTimeout: idleTimeout,
		MaxHeaderBytes: maxHeaderBytes, ErrorLog: slog.NewLogLogger(o.log.Handler(), slog.LevelDebug)})
	if err := openAdmin(ctx, doors, s.AdminListen, &o.operators, o.log); err != nil {
		group.Go(func() error { return err })
	}
	o.log.Info("listening", slog.String("address", "http://"+listener.Addr().String()))
	group.Go(func() error { doors.closed.Wait(); endBelow(); return nil })
	group.Go(func() error {
		r, e, err := s.open(ctx, o)
		if err != nil || r == nil {
			return err
		}
		group.Go(func() error { return r.carry(below) })
		group.Go(func() error { r.watch.Run(below); return nil })
		group.Go(func() error { r.logs.Run(below); return nil })
		group.Go(func() error { e.tail.Run(ctx); return nil }) // its readers are sent away at once
		group.Go(func() error { return r.storage.failed(below) })
		if s.Demo {
			group.Go(func() error { return s.fill(ctx, r, term) })
		}
		o.public.show(e.handler)
		o.operators.show(adminHandler(r.metrics.Handler(r.survey), e.health, isLoopback(s.AdminListen)))
		fmt.Fprintf(term.out, "http://%s\n", listener.Addr())
		return nil
	})
	return errors.Join(group.Wait(), o.close(ctx))
}
