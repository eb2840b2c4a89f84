package engine

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/projections"
)

// Replay applies the facts of a parked stream, in order and in one transaction,
// and takes the stream out of its parking. load gives the stream's facts, at
// least from the parked one on; it is called while the projection stands still.
// When a fact still fails, everything stays as it was, and the error names it.
func (e *Engine) Replay(ctx context.Context, projection, stream string, load func(ctx context.Context, stream string) ([]Fact, error)) error {
	t, err := e.track(projection)
	if err != nil {
		return err
	}
	if err := t.take(ctx); err != nil {
		return err
	}
	defer t.give()
	err = pgx.BeginFunc(ctx, e.pool, func(tx pgx.Tx) error { return replay(ctx, tx, t, stream, load) })
	if err != nil {
		t.known = false // it may have been stored
		return fmt.Errorf("replay %s of %s: %w", stream, projection, err)
	}
	e.changes.publish(Change{Projection: projection, From: t.position, To: t.position, Streams: []string{stream}})
	return e.recall(ctx, t)
}

func replay(ctx context.Context, tx pgx.Tx, t *track, stream string, load func(context.Context, string) ([]Fact, error)) error {
	// The lock keeps engines of other processes from parking more meanwhile; the
	// new edition tells them that the stream is free.
	if _, err := tx.Exec(ctx, `update projection set edition = edition + 1 where name = $1`, t.Name); err != nil {
		return err
	}
	rows, err := tx.Query(ctx, `delete from parked_fact where projection = $1 and stream = $2 returning position`, t.Name, stream)
	if err != nil {
		return err
	}
	positions, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	if err != nil {
		return err
	}
	if len(positions) == 0 {
		return domain.Missing("stream-not-parked", "the stream %s is not parked in %s", stream, t.Name)
	}
	waiting := make(map[uint64]bool, len(positions))
	for _, p := range positions {
		waiting[uint64(p)] = true
	}
	facts, err := load(ctx, stream)
	if err != nil {
		return err
	}
	if err := inOrder(0, facts); err != nil {
		return err
	}
	for i := range facts {
		if !waiting[facts[i].Position] {
			continue
		}
		delete(waiting, facts[i].Position)
		out := &projections.Writes{}
		if err := derive(t.Projection, out, &facts[i]); err != nil {
			return fmt.Errorf("the fact at %d still fails: %w", facts[i].Position, err)
		}
		if err := run(ctx, tx, queries(out)); err != nil {
			return fmt.Errorf("the fact at %d still fails: %w", facts[i].Position, err)
		}
	}
	if len(waiting) > 0 {
		return fmt.Errorf("%d parked facts are not among those loaded", len(waiting))
	}
	_, err = tx.Exec(ctx, `delete from parked where projection = $1 and stream = $2`, t.Name, stream)
	return err
}
