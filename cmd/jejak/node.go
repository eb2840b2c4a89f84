package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"slices"

	"github.com/jackc/pgx/v5"
	"golang.org/x/sync/errgroup"

	"github.com/jejak-kinerja/jejak/api/health"
	"github.com/jejak-kinerja/jejak/internal/node"
	"github.com/jejak-kinerja/jejak/internal/telemetry"
)

// nodeCommand runs the event store alone, for other programs and other machines.
type nodeCommand struct {
	Listen       string `default:"127.0.0.1:2113" env:"JEJAK_NODE_LISTEN" help:"Address of the EventStoreDB protocol."`
	nodeDoor     `embed:"" envprefix:"JEJAK_NODE_"`
	AdminListen  string `env:"JEJAK_ADMIN_LISTEN" help:"Address for operators: /metrics, /healthz, /readyz, /version and, on loopback, /debug/pprof."`
	HashPassword bool   `help:"Print the hashed form of that password, for the users file, and end."`
	AppendOnly   bool   `default:"true" negatable:"" help:"Keep a ledger: refuse to delete or hide events of streams that are not the store's own, and let only the ledger's writer append to them. --no-append-only makes a store for any purpose."`
}

// Validate refuses an address that would send passwords and events in clear.
func (n *nodeCommand) Validate() error { return n.check("--listen", "", n.Listen) }

// Run serves until the context ends, and closes everything cleanly.
func (n *nodeCommand) Run(ctx context.Context, c *Config, term terminal) error {
	if n.HashPassword {
		return n.printHash(term)
	}
	if c.NodeAdvertise != "" {
		return &exitError{exitUsage, errors.New("--node-advertise makes replicas of serve; a node that runs alone has none: leave it out, or JEJAK_NODE_ADVERTISE unset")}
	}
	log, err := c.logger(term)
	if err != nil {
		return err
	}
	tracing, err := startTracing(ctx, log)
	if err != nil {
		return err
	}
	defer endTracing(context.WithoutCancel(ctx), tracing, log)
	options := node.Options{Log: log, Trace: traceCalls(tracing)}
	if err := n.lock(&options, log); err != nil {
		return &exitError{exitUsage, err}
	}
	s := &storage{databaseURL: c.DatabaseURL}
	if s.databaseURL == "" {
		if err := s.startDatabase(ctx, c, log); err != nil {
			return err
		}
	}
	options.DatabaseURL = s.databaseURL
	if err = withConn(ctx, s.databaseURL, func(conn *pgx.Conn) error { return refuseHalfRestored(ctx, conn) }); err == nil {
		err = n.serve(ctx, c, s, options, term)
	}
	closing, cancel := context.WithTimeout(context.WithoutCancel(ctx), closeTimeout)
	defer cancel()
	if err = errors.Join(err, s.close(closing)); err == nil {
		log.Info("stopped cleanly")
	}
	return err
}

// lock says who may come in, and who may write a ledger.
func (n *nodeCommand) lock(o *node.Options, log *slog.Logger) error {
	if err := n.secure(o); err != nil {
		return err
	}
	if !n.AppendOnly {
		if len(n.LedgerWriter) > 0 {
			return errors.New("--ledger-writer keeps a ledger, and --no-append-only keeps none: give one of them")
		}
		return nil
	}
	o.Ledger = isLedger
	isAdmin := func(u node.User) bool { return u.Name == adminUser }
	switch {
	case len(n.LedgerWriter) > 0:
	case !n.secured():
		log.Warn("everybody on this machine may append to this event store: without TLS it knows no names. A ledger wants TLS, or --ledger-writer")
		o.LedgerWriters = []string{node.Everybody}
	case slices.ContainsFunc(o.Users, isAdmin):
		o.LedgerWriters = []string{adminUser}
	default:
		return errors.New("nobody could append: name the user who writes the ledger with --ledger-writer, or give --no-append-only for a store of any purpose")
	}
	return nil
}

func (n *nodeCommand) serve(ctx context.Context, c *Config, s *storage, o node.Options, term terminal) (err error) {
	if s.node, err = node.Open(ctx, o); err != nil {
		return fmt.Errorf("start the event store: %w", err)
	}
	listener, err := net.Listen("tcp", n.Listen)
	if err != nil {
		return fmt.Errorf("listen on %s: %w", n.Listen, err)
	}
	s.serveOn(listener)
	group, ctx := errgroup.WithContext(ctx)
	checks := health.New(health.Options{Checks: append(s.nodeChecks(c.StateDir), serving(ctx)), Release: thisRelease(), Log: o.Log})
	doors := &doors{group: group, requests: context.WithoutCancel(ctx)}
	if err := openAdmin(ctx, doors, n.AdminListen, adminHandler(telemetry.NodeHandler(thisRelease().build(), s.nodeCounts), checks, isLoopback(n.AdminListen)), o.Log); err != nil {
		return err
	}
	fmt.Fprintf(term.out, "esdb://%s?tls=%t\n", listener.Addr(), o.TLS != nil)
	group.Go(func() error { return s.failed(ctx) })
	return group.Wait()
}

// nodeChecks are what /readyz asks of a node that runs alone.
func (s *storage) nodeChecks(stateDir string) []health.Check {
	checks := []health.Check{{Name: "eventstore", Required: true, Look: health.Simply(s.node.Ready),
		Do: "see whether PostgreSQL runs and has free connections: the node's log lies in it"}}
	if s.server != nil {
		checks = append(checks, diskCheck(stateDir))
	}
	return checks
}

func (n *nodeCommand) printHash(term terminal) error {
	password, err := n.password()
	if err != nil {
		return err
	}
	hashed, err := node.HashPassword(password)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(term.out, hashed)
	return err
}
