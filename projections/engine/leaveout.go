package engine

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// leaveOut carries out decisions to skip that were taken when this edition had the
// fact parked already: the stream goes on without it.
func (e *Engine) leaveOut(ctx context.Context, name string, skipped map[uint64]bool, read Read) error {
	if len(skipped) == 0 {
		return nil
	}
	t, err := e.track(name)
	if err != nil {
		return err
	}
	if err := t.take(ctx); err != nil {
		return err
	}
	defer t.give()
	for {
		stream, at, err := e.parkedAmong(ctx, name, skipped)
		if err != nil || stream == "" {
			return err
		}
		load := func(ctx context.Context, stream string) ([]Fact, error) { return factsOf(ctx, read, stream) }
		err = pgx.BeginFunc(ctx, e.pool, func(tx pgx.Tx) error {
			if err := free(ctx, tx, t); err != nil {
				return err
			}
			_, err := e.goOn(ctx, tx, t, stream, load)
			return err
		})
		if err != nil {
			t.known = false // it may have been stored
			return fmt.Errorf("leave the fact at %d out of %s of %s: %w", at, e.schema, name, outage(ctx, err))
		}
		if err := e.recall(ctx, t); err != nil {
			return err
		}
	}
}

// parkedAmong gives a stream that one of the facts has parked; "" when there is none.
func (e *Engine) parkedAmong(ctx context.Context, name string, facts map[uint64]bool) (stream string, at uint64, err error) {
	rows, err := e.pool.Query(ctx, `select stream, position from parked where projection = $1`, name)
	if err != nil {
		return "", 0, fmt.Errorf("read what is parked in %s: %w", name, outage(ctx, err))
	}
	var each string
	var position int64
	if _, err := pgx.ForEachRow(rows, []any{&each, &position}, func() error {
		if facts[uint64(position)] {
			stream, at = each, uint64(position)
		}
		return nil
	}); err != nil {
		return "", 0, fmt.Errorf("read what is parked in %s: %w", name, outage(ctx, err))
	}
	return stream, at, nil
}

// factsOf reads the facts of a stream out of the whole log, from its beginning: the
// place before a position is known to nobody where positions are places in a file.
func factsOf(ctx context.Context, read Read, stream string) (facts []Fact, err error) {
	for batch, err := range read(ctx, 0) {
		if err != nil {
			return nil, fmt.Errorf("read the log: %w", err)
		}
		for _, f := range batch {
			if f.Stream == stream {
				facts = append(facts, f)
			}
		}
	}
	return facts, nil
}
