package engine

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/projections"
)

// Load gives the facts of a stream in order, at least from the parked one on. It
// is called while the projection stands still.
type Load func(ctx context.Context, stream string) ([]Fact, error)

// Replay applies the facts of a parked stream, in order and in one transaction,
// and takes the stream out of its parking. When a fact still fails, everything stays as it was, and the error names it.
func (e *Engine) Replay(ctx context.Context, projection, stream string, load Load) error {
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

func replay(ctx context.Context, tx pgx.Tx, t *track, stream string, load Load) error {
	if err := free(ctx, tx, t); err != nil {
		return err
	}
	facts, err := waitingFacts(ctx, tx, t, stream, load)
	if err != nil {
		return err
	}
	if len(facts) == 0 {
		return domain.Missing("stream-not-parked", "the stream %s is not parked in %s", stream, t.Name)
	}
	for i := range facts {
		out := &projections.Writes{}
		if err := derive(t.Projection, out, &facts[i]); err != nil {
			return fmt.Errorf("the fact at %d still fails: %w", facts[i].Position, err)
		}
		if err := run(ctx, tx, queries(out)); err != nil {
			return fmt.Errorf("the fact at %d still fails: %w", facts[i].Position, err)
		}
	}
	if _, err := tx.Exec(ctx, `delete from parked_fact where projection = $1 and stream = $2`, t.Name, stream); err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `delete from parked where projection = $1 and stream = $2`, t.Name, stream)
	return err
}

// free begins a change of what is parked. The lock keeps engines of other
// processes from parking more meanwhile; the new edition tells them of the change.
func free(ctx context.Context, tx pgx.Tx, t *track) error {
	return hold(ctx, tx, t, `update projection set edition = edition + 1 where name = $1`)
}

// hold changes the projection's row, which keeps every other writer away until tx
// ends. Who waited for the row while a switch moved it meets none, and another one
// at the second look.
func hold(ctx context.Context, tx pgx.Tx, t *track, sql string) error {
	for range maxLostTurns {
		tag, err := tx.Exec(ctx, sql, t.Name)
		if err != nil || tag.RowsAffected() == 1 {
			return err
		}
	}
	return fmt.Errorf("projection %s is being switched: try again", t.Name)
}

// waitingFacts loads the facts of a stream that wait, all of them.
func waitingFacts(ctx context.Context, tx pgx.Tx, t *track, stream string, load Load) ([]Fact, error) {
	rows, err := tx.Query(ctx, `select position from parked_fact where projection = $1 and stream = $2`, t.Name, stream)
	if err != nil {
		return nil, err
	}
	positions, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	if err != nil || len(positions) == 0 {
		return nil, err
	}
	waiting := make(map[uint64]bool, len(positions))
	for _, p := range positions {
		waiting[uint64(p)] = true
	}
	all, err := load(ctx, stream)
	if err != nil {
		return nil, err
	}
	if err := inOrder(0, all); err != nil {
		return nil, err
	}
	var facts []Fact
	for i := range all {
		if waiting[all[i].Position] {
			facts = append(facts, all[i])
		}
	}
	if missing := len(positions) - len(facts); missing > 0 {
		return nil, fmt.Errorf("%d parked facts are not among those loaded", missing)
	}
	return facts, nil
}
