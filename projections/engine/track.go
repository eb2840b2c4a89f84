package engine

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/jejak-kinerja/jejak/projections"
)

// track is what the engine remembers of one projection. Only who holds the turn
// reads or changes it; progress is for everybody.
type track struct {
	projections.Projection
	turn     chan struct{} // a lock that can be waited for within a context
	progress *progress

	known    bool // what follows is what the database holds; false after a failure
	position uint64
	facts    Count // of the log up to position
	edition  int64
	parked   map[string]bool // streams
	indexed  bool            // it has the indexes that only queries need
}

func newTrack(p projections.Projection) *track {
	return &track{Projection: p, turn: make(chan struct{}, 1), progress: newProgress()}
}

func (t *track) take(ctx context.Context) error {
	select {
	case t.turn <- struct{}{}:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("wait for the turn of %s: %w", t.Name, ctx.Err())
	}
}

func (t *track) give() { <-t.turn }

// recall reads what the database holds: first the edition, then the parked
// streams, so that a change between the two shows when the checkpoint is moved.
func (e *Engine) recall(ctx context.Context, t *track) error {
	t.known = false
	parked := map[string]bool{}
	var position int64
	var facts *int64
	batch := &pgx.Batch{}
	batch.Queue(`select position, edition, indexed, case when counted_at = position then facts end from projection where name = $1`, t.Name).QueryRow(func(row pgx.Row) error {
		return row.Scan(&position, &t.edition, &t.indexed, &facts)
	})
	batch.Queue(`select stream from parked where projection = $1`, t.Name).Query(func(rows pgx.Rows) error {
		var stream string
		_, err := pgx.ForEachRow(rows, []any{&stream}, func() error { parked[stream] = true; return nil })
		return err
	})
	err := e.pool.SendBatch(ctx, batch).Close()
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return fmt.Errorf("projection %s is no longer registered in the database", t.Name)
	case err != nil:
		return outage(ctx, fmt.Errorf("read the checkpoint of %s: %w", t.Name, err))
	}
	t.known, t.position, t.parked = true, uint64(position), parked
	t.facts = counted(facts)
	t.progress.set(t.position)
	return nil
}
