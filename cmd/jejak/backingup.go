package main

import (
	"context"
	"errors"
	"fmt"
	"iter"

	"github.com/jackc/pgx/v5"

	"github.com/jejak-kinerja/jejak/api/token"
	"github.com/jejak-kinerja/jejak/internal/backup"
	"github.com/jejak-kinerja/jejak/internal/clock"
	"github.com/jejak-kinerja/jejak/internal/vault"
	"github.com/jejak-kinerja/jejak/projections/engine"
)

// backupWork names the backup among the works.
const backupWork = "backup"

// backedUpTables are the tables that no replay of the log makes again. Read models
// and parked streams come back with a replay. Logins are left out on purpose: a
// copy of one opens the door, and everybody can log in again.
func backedUpTables() []string {
	return append(append([]string{}, vault.Tables...), token.Table, engine.SkippedTable)
}

// backUp makes a backup, or brings one up to date, while others write.
//
// The order makes it consistent. The events come first, up to the end of the log
// as it was at the beginning; then the vault, as it is at one later moment. A text
// is sealed before its event is appended, so every key and text that these events
// need is in the vault by then, except for what was destroyed meanwhile: a key
// that is gone stays gone. An erasure is recorded before its key is destroyed, so
// an event that tells of one may meet a vault that still has the key: a restore
// destroys it again.
func (r *rooms) backUp(ctx context.Context, dir string, withKeys bool, report func(done, total int, what string)) (m backup.Manifest, fresh int, err error) {
	w, err := backup.NewWriter(dir)
	if errors.Is(err, backup.ErrBusy) {
		return m, 0, &exitError{exitInUse, err}
	}
	if err != nil {
		return m, 0, err
	}
	defer func() { err = errors.Join(err, w.Close()) }()
	var head backup.Cursor
	if head.Commit, head.Prepare, err = r.events.RawHead(ctx); err != nil {
		return m, 0, err
	}
	from, err := r.continues(ctx, w, dir)
	if err != nil {
		return m, 0, err
	}
	whole, err := r.gapless(ctx)
	if err != nil {
		return m, 0, err
	}
	if err := w.Whole(whole); err != nil {
		return m, 0, err
	}
	total, err := r.totalFacts(ctx, r.engine.Names())
	if err != nil {
		return m, 0, err
	}
	err = w.Events(ctx, r.rawEvents(ctx, from, head, whole), func(ledger int) { report(ledger, total, "back up events") })
	if err != nil {
		return m, 0, fmt.Errorf("back up the events: %w", err)
	}
	report(1, 1, "back up vault")
	return r.backUpTables(ctx, w, withKeys)
}

// continues says where an existing backup goes on, once it is known to be one of
// this event store.
func (r *rooms) continues(ctx context.Context, w *backup.Writer, dir string) (backup.Cursor, error) {
	at, id := w.Head()
	if at == (backup.Cursor{}) {
		return at, nil
	}
	held, ok, err := r.events.RawAt(ctx, at.Commit, at.Prepare)
	if err != nil {
		return at, err
	}
	if !ok || held.ID != id {
		return at, fmt.Errorf("the backup in %s is of another event store, or of a later state of this one: at position %d it has the event %s. Give another directory", dir, at.Commit, id)
	}
	return at, nil
}

// gapless says whether the log counts its events from 1, as the embedded node does.
func (r *rooms) gapless(ctx context.Context) (bool, error) {
	page, err := r.events.ReadRaw(ctx, 0, 0)
	if err != nil {
		return false, err
	}
	for n, e := range page {
		if e.Position != uint64(n+1) || e.Prepare != e.Position {
			return false, nil
		}
	}
	return true, nil
}

// rawEvents gives the events after a place, up to another; of a log that is not
// whole the ledger's only.
func (r *rooms) rawEvents(ctx context.Context, after, upTo backup.Cursor, whole bool) iter.Seq2[backup.Event, error] {
	return func(yield func(backup.Event, error) bool) {
		for at := after; ; {
			page, err := r.events.ReadRaw(ctx, at.Commit, at.Prepare)
			if err != nil {
				yield(backup.Event{}, err)
				return
			}
			for _, raw := range page {
				e := backup.Event(raw)
				if e.Position > upTo.Commit || e.Position == upTo.Commit && e.Prepare > upTo.Prepare {
					return
				}
				if whole && e.Position != at.Commit+1 {
					yield(backup.Event{}, &exitError{exitDamaged, fmt.Errorf("the log has no position %d: jejak verify tells more", at.Commit+1)})
					return
				}
				at = backup.Cursor{Commit: e.Position, Prepare: e.Prepare}
				if (whole || !e.System()) && !yield(e, nil) {
					return
				}
			}
			if len(page) == 0 {
				return
			}
		}
	}
}

// backUpTables writes vault, tokens and skip decisions as they are at one moment,
// and ends the backup.
func (r *rooms) backUpTables(ctx context.Context, w *backup.Writer, withKeys bool) (m backup.Manifest, fresh int, err error) {
	var keys []backup.Key
	if withKeys {
		if keys, err = r.config.keyFiles(); err != nil {
			return m, 0, err
		}
	}
	made := clock.Now()
	oneMoment := pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}
	err = pgx.BeginTxFunc(ctx, r.pool, oneMoment, func(tx pgx.Tx) error {
		kek, err := vault.LockedWith(ctx, tx)
		if err != nil {
			return err
		}
		tables, err := w.Tables(ctx, tx, backedUpTables(), made)
		if err != nil {
			return err
		}
		m, fresh, err = w.Finish(tables, kek, keys, version, made)
		return err
	})
	return m, fresh, err
}
