package main

import (
	"context"
	"fmt"
	"iter"
	"log/slog"
	"math"

	"github.com/jackc/pgx/v5"

	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/person"
	"github.com/jejak-kinerja/jejak/internal/backup"
	"github.com/jejak-kinerja/jejak/internal/clock"
	"github.com/jejak-kinerja/jejak/internal/eventlog"
	"github.com/jejak-kinerja/jejak/internal/logwatch"
	"github.com/jejak-kinerja/jejak/internal/node"
	"github.com/jejak-kinerja/jejak/internal/vault"
)

// startRefill runs an embedded node that takes a log back.
func (s *storage) startRefill(ctx context.Context, c *Config, log *slog.Logger) (err error) {
	if s.node, err = node.Open(ctx, node.Options{DatabaseURL: s.databaseURL, Refill: true, Log: log, MaxAppendBytes: maxRefillBytes}); err != nil {
		return fmt.Errorf("start the event store: %w", err)
	}
	return s.openSocket(c)
}

// maxRefillBytes lets in again what any node has let in.
const maxRefillBytes = 16 << 20

// embedded says that the log is taken back by our own node.
func (x *restoration) embedded() bool { return x.storage != nil && x.storage.node != nil }

// wanted gives the events as the restored log is to hold them. The embedded node
// gets all and numbers them from 1, a cluster the ledger's only; torn streams are
// left out.
func (x *restoration) wanted() iter.Seq2[eventlog.Raw, error] {
	return func(yield func(eventlog.Raw, error) bool) {
		n := uint64(0)
		for e, err := range x.b.Read() {
			if err == nil && (e.System() && !x.embedded() || x.b.Torn[e.Stream] > 0) {
				continue
			}
			if n++; x.embedded() {
				e.Position, e.Prepare = n, n
			}
			if !yield(eventlog.Raw(e), ofBackup(err)) || err != nil {
				return
			}
		}
	}
}

// count is the number of wanted events.
func (x *restoration) count() int {
	if x.embedded() {
		return x.b.Events - x.b.TornEvents()
	}
	return x.b.Ledger - x.b.TornEvents()
}

// held gives the events that the store holds, a cluster's own left out.
func (x *restoration) held(ctx context.Context) iter.Seq2[backup.Event, error] {
	return x.rawEvents(ctx, backup.Cursor{}, backup.Cursor{Commit: math.MaxUint64, Prepare: math.MaxUint64}, x.embedded())
}

// logIsEmpty refuses an event store that holds events.
func (x *restoration) logIsEmpty(ctx context.Context) error {
	for e, err := range x.held(ctx) {
		if err != nil {
			return err
		}
		return notEmpty(fmt.Sprintf("the event store holds the event %s at position %d", e.ID, e.Position))
	}
	return nil
}

// fillLog appends what is missing, and then compares the whole.
func (x *restoration) fillLog(ctx context.Context, done *restored) error {
	before, err := x.compare(ctx, func(int) {})
	if err != nil {
		return err
	}
	p := newProgress(x.term.err)
	p.report(before.whole, x.count(), "restore events")
	report := func(n int) { p.report(before.whole+n, x.count(), "restore events") }
	missing := after(before.whole, x.wanted())
	if x.embedded() {
		err = eventlog.Refill(ctx, x.storage.nodeSocket, missing, report)
	} else {
		err = eventlog.Fill(ctx, x.storage.logOptions(x.catalog, x.log), missing, report)
	}
	if err != nil {
		return fmt.Errorf("restore the events: %w", err)
	}
	now, err := x.compare(ctx, func(n int) { p.report(n, x.count(), "compare events") })
	if err == nil && now.whole != x.count() {
		err = fmt.Errorf("the event store holds %d events after the restore, not %d", now.whole, x.count())
	}
	done.PlacesKept, done.OrderKept = x.embedded() && x.b.Whole && len(x.b.Torn) == 0, now.ordered
	if err != nil {
		return err
	}
	return x.nameLog(ctx, done.PlacesKept)
}

// nameLog gives the restored log an identity of its own, once: it is the former one
// up to its end, if places were kept, and another one from there on.
func (x *restoration) nameLog(ctx context.Context, kept bool) error {
	book, err := logwatch.OpenBook(ctx, x.pool)
	if err != nil {
		return err
	}
	lineage, err := book.Lineage(ctx)
	if err != nil || len(lineage) > 1 {
		return err
	}
	log := askedLog{x.events}
	first, ok, err := log.First(ctx)
	if err != nil || !ok {
		return err
	}
	if err := book.Begin(ctx, first, clock.Now()); err != nil {
		return err
	}
	agreed := uint64(0)
	if kept {
		if agreed, err = log.End(ctx); err != nil {
			return err
		}
	}
	if err := book.Adopt(ctx, first, agreed, 0, clock.Now()); err != nil {
		return err
	}
	return book.AdoptionEnds(ctx)
}

// after leaves out the first n.
func after(n int, events iter.Seq2[eventlog.Raw, error]) iter.Seq2[eventlog.Raw, error] {
	return func(yield func(eventlog.Raw, error) bool) {
		left := n
		for e, err := range events {
			if left--; left >= 0 && err == nil {
				continue
			}
			if !yield(e, err) {
				return
			}
		}
	}
}

// placeSkips gives skip decisions the new positions of their facts, and fills the
// read models up to there without them.
func (x *restoration) placeSkips(ctx context.Context, kept bool) error {
	if !kept {
		if err := pgx.BeginFunc(ctx, x.pool, func(tx pgx.Tx) error { return x.moveSkips(ctx, tx) }); err != nil {
			return fmt.Errorf("restore skip decisions: %w", err)
		}
	}
	for _, name := range x.engine.Names() {
		if err := x.engine.PassSkipped(ctx, name, x.readFacts); err != nil {
			return fmt.Errorf("restore skip decisions: %w", err)
		}
	}
	return nil
}

func (x *restoration) moveSkips(ctx context.Context, tx pgx.Tx) error {
	tag, err := tx.Exec(ctx, `update operations.restore set skips = true where not skips`)
	if err != nil || tag.RowsAffected() == 0 {
		return err
	}
	rows, err := tx.Query(ctx, `select distinct stream, revision from readmodel.skipped`)
	if err != nil {
		return err
	}
	type fact struct {
		Stream   string
		Revision int64
	}
	facts, err := pgx.CollectRows(rows, pgx.RowToStructByPos[fact])
	if err != nil {
		return err
	}
	for _, f := range facts {
		found, err := x.events.ReadStream(ctx, f.Stream, uint64(f.Revision), 1)
		if err != nil {
			return err
		}
		if len(found) == 0 {
			return fmt.Errorf("%s has no revision %d", f.Stream, f.Revision)
		}
		// Below zero until all are placed, so that none meets another on the way.
		if _, err := tx.Exec(ctx, `update readmodel.skipped set position = -$1::bigint where stream = $2 and revision = $3`,
			int64(found[0].Position), f.Stream, f.Revision); err != nil {
			return err
		}
	}
	_, err = tx.Exec(ctx, `update readmodel.skipped set position = -position where position < 0`)
	return err
}

// eraseAgain destroys the keys that the log says are destroyed, and tells how many
// the backup had still held.
func (x *restoration) eraseAgain(ctx context.Context) (erased int, err error) {
	x.vault, err = vault.Open(ctx, vault.Options{URL: x.storage.databaseURL, KEK: x.kek, Clock: clock.Now, Zone: x.config.location})
	if err != nil {
		return 0, err
	}
	name, ok := x.catalog.NameOf(person.KeyDestroyed{})
	if !ok {
		return 0, fmt.Errorf("the catalog does not know the fact of an erasure")
	}
	for e, err := range x.b.Read() {
		if err != nil {
			return erased, ofBackup(err)
		}
		if e.Type != name || !x.catalog.Belongs(e.Stream, e.Type) {
			continue
		}
		body, err := x.catalog.Decode(e.Type, e.Data)
		if err != nil {
			return erased, fmt.Errorf("read the erasure at revision %d of %s: %w", e.Revision, e.Stream, err)
		}
		again, err := x.erase(ctx, domain.PersonID(e.Stream[len(person.Decider.Stream("")):]), body.(person.KeyDestroyed).Class)
		if err != nil {
			return erased, err
		}
		erased += again
	}
	return erased, nil
}

func (x *restoration) erase(ctx context.Context, id domain.PersonID, class string) (int, error) {
	var alive bool
	if err := x.pool.QueryRow(ctx, `select exists (select from vault.person_key where subject = $1 and class = $2 and wrapped is not null)`,
		string(id), class).Scan(&alive); err != nil {
		return 0, fmt.Errorf("look for a destroyed key: %w", err)
	}
	if err := x.vault.Destroy(ctx, id, class); err != nil || !alive {
		return 0, err
	}
	return 1, nil
}
