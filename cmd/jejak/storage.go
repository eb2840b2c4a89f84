package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"

	"github.com/jackc/pgx/v5"

	"github.com/jejak-kinerja/jejak/internal/node"
	"github.com/jejak-kinerja/jejak/internal/pgrun"
	"github.com/jejak-kinerja/jejak/internal/telemetry"
)

// databaseName is the database of the product inside the private cluster.
const databaseName = "jejak"

// storage is where events, rows and keys lie: our own, somebody else's, or those
// of a product that already runs on this state directory.
type storage struct {
	databaseURL string
	// One of the two says where the event store is.
	eventstoreURL string
	nodeSocket    string

	server *pgrun.Server
	node   *node.Node
	served []chan error
	urlOf  string // file to remove at the end, "" for none
}

// openStorage starts what is not given from outside. With attach, a product that
// already runs on the state directory is used instead of refused.
func openStorage(ctx context.Context, c *Config, log *slog.Logger, tracing *telemetry.Tracing, attach bool) (*storage, error) {
	s := &storage{databaseURL: c.DatabaseURL}
	if s.databaseURL == "" {
		err := s.startDatabase(ctx, c, log)
		if _, busy := errors.AsType[*pgrun.InUseError](err); busy && attach {
			return s.attach(c)
		}
		if err != nil {
			return nil, err
		}
	}
	err := withConn(ctx, s.databaseURL, func(conn *pgx.Conn) error {
		if err := refuseHalfRestored(ctx, conn); err != nil {
			return err
		}
		return agreeOnSecret(ctx, conn, c)
	})
	if err != nil {
		return nil, errors.Join(err, s.close(context.WithoutCancel(ctx)))
	}
	if s.eventstoreURL, err = c.externalStore(); err != nil {
		return nil, errors.Join(err, s.close(context.WithoutCancel(ctx)))
	}
	if s.eventstoreURL == "" && !(attach && s.joinNode(c)) {
		if err := s.startNode(ctx, c, log, tracing); err != nil {
			return nil, errors.Join(err, s.close(context.WithoutCancel(ctx)))
		}
	}
	return s, nil
}

// attach finds the doors of the product that runs already.
func (s *storage) attach(c *Config) (_ *storage, err error) {
	if s.databaseURL, err = pgrun.Attach(c.StateDir, databaseName); err != nil {
		return nil, fmt.Errorf("reach the running product's database: %w", err)
	}
	if s.eventstoreURL, err = c.externalStore(); err != nil {
		return nil, err
	}
	if s.eventstoreURL == "" && !s.joinNode(c) {
		return nil, fmt.Errorf("reach the running product's event store: nobody answers at %s", c.nodeSocket())
	}
	return s, nil
}

func (s *storage) startDatabase(ctx context.Context, c *Config, log *slog.Logger) (err error) {
	if s.server, err = pgrun.Start(ctx, pgrun.Options{Dir: c.StateDir, KeepUp: true, Log: log}); err != nil {
		return err
	}
	if err := createDatabase(ctx, s.server.URL("postgres")); err != nil {
		return errors.Join(err, s.close(context.WithoutCancel(ctx)))
	}
	s.databaseURL = s.server.URL(databaseName)
	return nil
}

// createDatabase makes the product's database when it is missing.
func createDatabase(ctx context.Context, url string) (err error) {
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return fmt.Errorf("create the database: %w", err)
	}
	defer func() { err = errors.Join(err, conn.Close(context.WithoutCancel(ctx))) }()
	var exists bool
	if err := conn.QueryRow(ctx, `select exists (select from pg_database where datname = $1)`, databaseName).Scan(&exists); err != nil {
		return fmt.Errorf("look for the database: %w", err)
	}
	if exists {
		return nil
	}
	if _, err := conn.Exec(ctx, `create database `+pgx.Identifier{databaseName}.Sanitize()+` encoding 'UTF8' template template0`); err != nil {
		return fmt.Errorf("create the database: %w", err)
	}
	return nil
}

// failed gives the first reason why the storage cannot go on.
func (s *storage) failed(ctx context.Context) error {
	var nodeFailed <-chan error
	var serverDone <-chan struct{}
	if s.node != nil {
		nodeFailed = s.node.Failed()
	}
	if s.server != nil {
		serverDone = s.server.Done()
	}
	select {
	case err := <-nodeFailed:
		return fmt.Errorf("the event store stopped: %w", err)
	case <-serverDone:
		return fmt.Errorf("the private database stopped: %w", s.server.Err())
	case <-ctx.Done():
		return nil
	}
}

// close ends what we started, the node before its database.
func (s *storage) close(ctx context.Context) error {
	var errs []error
	if s.node != nil {
		errs = append(errs, s.node.Close(ctx))
		for _, served := range s.served {
			errs = append(errs, <-served)
		}
	}
	if s.urlOf != "" {
		if err := os.Remove(s.urlOf); err != nil {
			errs = append(errs, fmt.Errorf("forget the node's address: %w", err))
		}
	}
	if s.server != nil {
		errs = append(errs, s.server.Stop(ctx))
	}
	return errors.Join(errs...)
}
