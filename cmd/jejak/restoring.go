package main

import (
	"context"
	"errors"
	"log/slog"

	"github.com/jejak-kinerja/jejak/api/token"
	"github.com/jejak-kinerja/jejak/domain/catalog"
	"github.com/jejak-kinerja/jejak/internal/backup"
	"github.com/jejak-kinerja/jejak/internal/clock"
	"github.com/jejak-kinerja/jejak/internal/vault"
	projectionlist "github.com/jejak-kinerja/jejak/projections/catalog"
	"github.com/jejak-kinerja/jejak/projections/engine"
)

// restoration is a restore under way. Its steps, and what holds when the program
// is killed:
//
//  1. the database is claimed: it was empty, and says from now on which backup
//     fills it. Until the end, nothing but the same restore runs on it.
//  2. the tables are filled in one transaction.
//  3. the events are appended from where the log ends; those that are there must be
//     the backup's first ones.
//  4. every event is read back and compared.
//  5. skip decisions find the new positions of their facts.
//  6. keys that the log says are destroyed are destroyed again.
//  7. the claim is ended.
//
// Each step, begun again, ends in the same state.
type restoration struct {
	rooms
	b    *backup.Backup
	kek  vault.KEK
	term terminal
}

// restore runs the steps.
func (c *Config) restore(ctx context.Context, b *backup.Backup, term terminal, done *restored) (err error) {
	log, err := c.logger(term)
	if err != nil {
		return err
	}
	x := &restoration{b: b, term: term}
	if c.EventstoreURL != "" {
		if err := wholeStreams(x.wanted()); err != nil {
			return err
		}
	}
	if x.kek, err = c.installKeys(b, term); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, x.close(context.WithoutCancel(ctx))) }()
	if err := x.open(ctx, c, log, done); err != nil {
		return err
	}
	if err := x.fillLog(ctx, done); err != nil {
		return err
	}
	if err := x.placeSkips(ctx, done.PlacesKept); err != nil {
		return err
	}
	if done.Erased, err = x.eraseAgain(ctx); err != nil {
		return err
	}
	return endClaim(ctx, x.pool)
}

// open opens event store and database, claims and fills the database.
func (x *restoration) open(ctx context.Context, c *Config, log *slog.Logger, done *restored) (err error) {
	x.config, x.log = c, log
	if x.storage, err = openForRestore(ctx, c, log); err != nil {
		return err
	}
	if x.catalog, err = catalog.Ledger(); err != nil {
		return err
	}
	if x.events, err = x.storage.openLog(ctx, x.catalog, log); err != nil {
		return err
	}
	if x.pool, err = engine.Connect(ctx, x.storage.databaseURL, readConnections); err != nil {
		return err
	}
	if done.Resume, err = claim(ctx, x.pool, x.b.Fingerprint); err != nil {
		return err
	}
	if !done.Resume {
		if err := x.logIsEmpty(ctx); err != nil {
			return errors.Join(err, dropClaim(ctx, x.pool))
		}
	}
	if _, err := token.Open(ctx, x.pool, clock.Now); err != nil {
		return err
	}
	if x.engine, err = engine.Open(ctx, x.pool, projectionlist.All(), engine.Options{Log: log, Clock: clock.Now, NearEnd: x.events.NearEnd}); err != nil {
		return err
	}
	return fillTables(ctx, x.pool, x.b)
}

// openForRestore opens storage that nobody uses, with a node that takes a log back.
func openForRestore(ctx context.Context, c *Config, log *slog.Logger) (*storage, error) {
	s := &storage{databaseURL: c.DatabaseURL, eventstoreURL: c.EventstoreURL}
	if s.databaseURL == "" {
		if err := s.startDatabase(ctx, c, log); err != nil {
			return nil, err
		}
	}
	if s.eventstoreURL == "" {
		if err := s.startRefill(ctx, c, log); err != nil {
			return nil, errors.Join(err, s.close(context.WithoutCancel(ctx)))
		}
	}
	return s, nil
}
