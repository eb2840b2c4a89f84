package engine

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"

	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/projections"
)

// MaxSkipRunes bounds who skipped and why.
const MaxSkipRunes = 500

// SkippedTable holds the decisions: what of the engine's own a replay cannot make again.
const SkippedTable = Schema + ".skipped"

// Skipping is a decision to leave a fact out of a projection for good.
type Skipping struct {
	Parking // as it was; Waiting is not known
	Reason  string
	By      string
	At      time.Time
}

// Skip leaves the fact that parked a stream out of the projection, records who
// decided it and why, and applies the facts that waited behind it. When one of
// these fails, too, the stream stays parked from there on, and again says so.
// load is as for Replay.
func (e *Engine) Skip(ctx context.Context, projection, stream, by, why string, load Load) (again bool, err error) {
	by, why = strings.TrimSpace(by), strings.TrimSpace(why)
	for what, text := range map[string]string{"by": by, "reason": why} {
		if n := utf8.RuneCountInString(text); n == 0 || n > MaxSkipRunes {
			return false, domain.Bad(what, "skip-unexplained", "a skip needs a name and a reason of 1 to %d characters", MaxSkipRunes)
		}
	}
	t, err := e.track(projection)
	if err != nil {
		return false, err
	}
	if err := t.take(ctx); err != nil {
		return false, err
	}
	defer t.give()
	err = pgx.BeginFunc(ctx, e.pool, func(tx pgx.Tx) error {
		again, err = e.skip(ctx, tx, t, stream, by, why, load)
		return err
	})
	if err != nil {
		t.known = false // it may have been stored
		return false, fmt.Errorf("skip in %s of %s: %w", stream, projection, err)
	}
	e.changes.publish(Change{Projection: projection, From: t.position, To: t.position, Streams: []string{stream}})
	return again, e.recall(ctx, t)
}

func (e *Engine) skip(ctx context.Context, tx pgx.Tx, t *track, stream, by, why string, load Load) (again bool, err error) {
	if err := free(ctx, tx, t); err != nil {
		return false, err
	}
	_, err = tx.Exec(ctx, `
		insert into skipped (projection, position, stream, revision, event_id, event_name, error, since, reason, skipped_by, skipped_at)
		select projection, position, stream, revision, event_id, event_name, error, since, $3, $4, $5
		  from parked where projection = $1 and stream = $2 on conflict do nothing`, t.Name, stream, why, by, e.options.Clock())
	if err != nil {
		return false, err
	}
	return e.goOn(ctx, tx, t, stream, load)
}

// goOn leaves out the fact that parked a stream and applies those that waited
// behind it; again says that one of these parks the stream anew.
func (e *Engine) goOn(ctx context.Context, tx pgx.Tx, t *track, stream string, load Load) (again bool, err error) {
	var at int64
	err = tx.QueryRow(ctx, `delete from parked where projection = $1 and stream = $2 returning position`, t.Name, stream).Scan(&at)
	if errors.Is(err, pgx.ErrNoRows) {
		return false, domain.Missing("stream-not-parked", "the stream %s is not parked in %s", stream, t.Name)
	}
	if err != nil {
		return false, err
	}
	if _, err := tx.Exec(ctx, `delete from parked_fact where projection = $1 and stream = $2 and position = $3`, t.Name, stream, at); err != nil {
		return false, err
	}
	facts, err := waitingFacts(ctx, tx, t, stream, load)
	if err != nil {
		return false, err
	}
	for i := range facts {
		fault, err := e.applyOne(ctx, tx, t, &facts[i])
		if err != nil {
			return false, err
		}
		if fault != nil { // it parks its stream anew; those behind it wait on
			out := &projections.Writes{}
			queueParking(out, e.parking(t.Name, &facts[i], fault))
			return true, run(ctx, tx, queries(out))
		}
		if _, err := tx.Exec(ctx, `delete from parked_fact where projection = $1 and stream = $2 and position = $3`,
			t.Name, stream, int64(facts[i].Position)); err != nil {
			return false, err
		}
	}
	return false, nil
}

// applyOne applies a fact in a savepoint; a fault leaves nothing of it.
func (e *Engine) applyOne(ctx context.Context, tx pgx.Tx, t *track, fact *Fact) (fault, err error) {
	out := &projections.Writes{}
	if fault := derive(t.Projection, out, fact); fault != nil {
		return fault, nil
	}
	return attempt(ctx, tx, queries(out))
}

// Skipped lists the decisions, newest first, at most MaxParkedListed.
func (e *Engine) Skipped(ctx context.Context) ([]Skipping, error) {
	limit := MaxParkedListed
	return e.skippedUpTo(ctx, &limit)
}

// skippedUpTo gives so many; nil for all.
func (e *Engine) skippedUpTo(ctx context.Context, limit *int) ([]Skipping, error) {
	rows, err := e.pool.Query(ctx, `
		select projection, stream, position, revision, event_id, event_name, error, since at time zone 'UTC',
		       reason, skipped_by, skipped_at at time zone 'UTC'
		  from skipped order by skipped_at desc, position desc limit $1`, limit)
	if err != nil {
		return nil, fmt.Errorf("list skipped facts: %w", err)
	}
	skipped, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (s Skipping, err error) {
		err = row.Scan(&s.Projection, &s.Stream, &s.Position, &s.Revision, &s.Event, &s.Name, &s.Parking.Reason, &s.Since, &s.Reason, &s.By, &s.At)
		return s, err
	})
	if err != nil {
		return nil, fmt.Errorf("list skipped facts: %w", err)
	}
	return skipped, nil
}

// skippedOf gives the positions that every filling of a projection leaves out.
func (e *Engine) skippedOf(ctx context.Context, name string) (map[uint64]bool, error) {
	rows, err := e.pool.Query(ctx, `select position from skipped where projection = $1`, name)
	if err != nil {
		return nil, fmt.Errorf("read what %s skips: %w", name, outage(ctx, err))
	}
	positions, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	if err != nil {
		return nil, fmt.Errorf("read what %s skips: %w", name, outage(ctx, err))
	}
	skipped := make(map[uint64]bool, len(positions))
	for _, p := range positions {
		skipped[uint64(p)] = true
	}
	return skipped, nil
}

// handleBut is Handle without some facts; the checkpoint passes them all the same.
func (e *Engine) handleBut(ctx context.Context, name string, after uint64, facts []Fact, skipped map[uint64]bool) error {
	for len(facts) > 0 {
		n := 0
		for n < len(facts) && !skipped[facts[n].Position] {
			n++
		}
		if err := e.Handle(ctx, name, after, facts[:n]); err != nil || n == len(facts) {
			return err
		}
		after = facts[n].Position
		if err := e.pass(ctx, name, &facts[n]); err != nil {
			return err
		}
		facts = facts[n+1:]
	}
	return nil
}

// pass moves the checkpoint over a fact that is left out.
func (e *Engine) pass(ctx context.Context, name string, fact *Fact) error {
	t, err := e.track(name)
	if err != nil {
		return err
	}
	if err := t.take(ctx); err != nil {
		return err
	}
	defer t.give()
	_, err = e.pool.Exec(ctx, advanceSQL, t.Name, int64(t.position), t.edition, int64(fact.Position), t.edition, e.options.Clock(), 1, string(fact.ID))
	if err != nil {
		t.known = false
		return fmt.Errorf("pass over %d in %s: %w", fact.Position, name, outage(ctx, err))
	}
	return e.recall(ctx, t)
}
