package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"strings"
	"syscall"

	"github.com/jejak-kinerja/jejak/domain/catalog"
	"github.com/jejak-kinerja/jejak/internal/eventlog"
	"github.com/jejak-kinerja/jejak/internal/node"
	"github.com/jejak-kinerja/jejak/internal/telemetry"
)

// startNode runs the embedded event store on a socket that only we may open, and
// at the address that others were promised.
func (s *storage) startNode(ctx context.Context, c *Config, log *slog.Logger, tracing *telemetry.Tracing) error {
	o := node.Options{DatabaseURL: s.databaseURL, Ledger: isLedger, Advertise: c.NodeAdvertise, Log: log, Trace: traceCalls(tracing)}
	if err := c.opening.door.secure(&o); err != nil {
		return err
	}
	ours, err := c.admitOwn(&o)
	if err != nil {
		return err
	}
	if s.node, err = node.Open(ctx, o); err != nil {
		return fmt.Errorf("start the event store: %w", err)
	}
	if err := s.openSocket(c); err != nil {
		return err
	}
	if c.opening.listen != "" {
		listener, err := net.Listen("tcp", c.opening.listen)
		if err != nil {
			return fmt.Errorf("listen on %s: %w", c.opening.listen, err)
		}
		s.serveOn(listener)
		log.Info("event store open to clients", slog.String("address", fmt.Sprintf("esdb://%s?tls=%t", listener.Addr(), o.TLS != nil)))
	}
	if ours == "" {
		return nil
	}
	s.eventstoreURL, s.nodeSocket = ours, ""
	if err := os.WriteFile(c.nodeURL(), []byte(ours), 0o600); err != nil {
		return fmt.Errorf("write the node's address for subcommands: %w", err)
	}
	s.urlOf = c.nodeURL()
	return nil
}

func (s *storage) openSocket(c *Config) error {
	if err := os.MkdirAll(c.StateDir, 0o711); err != nil {
		return fmt.Errorf("make the state directory: %w", err)
	}
	path := c.nodeSocket()
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("clear the event store's socket: %w", err)
	}
	listener, err := listenAlone(path)
	if err != nil {
		return fmt.Errorf("open the event store's socket: %w", err)
	}
	s.nodeSocket = path
	s.serveOn(listener)
	return nil
}

// listenAlone opens a socket that nobody else can ever connect to, not even between
// its making and the change of its mode: who comes through it may do everything.
func listenAlone(path string) (net.Listener, error) {
	before := syscall.Umask(0o077)
	listener, err := net.Listen("unix", path)
	syscall.Umask(before)
	if err != nil {
		return nil, err
	}
	if err := os.Chmod(path, 0o600); err != nil {
		return nil, errors.Join(err, listener.Close())
	}
	return listener, nil
}

// nodeCounts are those of our own node.
func (s *storage) nodeCounts() telemetry.NodeCounts {
	c := s.node.Stats()
	return telemetry.NodeCounts{Head: s.node.Head(), Appends: c.Appends, Events: c.Events, Commits: c.Commits, Subscriptions: c.Subscribers}
}

// serveOn answers on a listener until the node closes; close waits for it.
func (s *storage) serveOn(l net.Listener) {
	served := make(chan error, 1)
	s.served = append(s.served, served)
	go func() { served <- s.node.Serve(l) }()
}

// joinNode finds the node of a product that runs on this state directory.
func (s *storage) joinNode(c *Config) bool {
	conn, err := net.Dial("unix", c.nodeSocket())
	if err != nil || conn.Close() != nil {
		return false
	}
	if url, err := os.ReadFile(c.nodeURL()); err == nil {
		s.eventstoreURL = string(url)
	} else {
		s.nodeSocket = c.nodeSocket()
	}
	return true
}

// openLog opens the event store for use.
func (s *storage) openLog(ctx context.Context, known *catalog.Catalog, log *slog.Logger) (*eventlog.Log, error) {
	return eventlog.Open(ctx, s.logOptions(known, log))
}

// logOptions say where the event store is.
func (s *storage) logOptions(known *catalog.Catalog, log *slog.Logger) eventlog.Options {
	return eventlog.Options{URL: s.eventstoreURL, Socket: s.nodeSocket, AppendOnly: s.nodeSocket != "", Catalog: known, Log: log}
}

// isLedger says which streams may only ever grow: all but the store's own.
func isLedger(stream string) bool { return !strings.HasPrefix(stream, "$") }
