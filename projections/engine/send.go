package engine

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/jejak-kinerja/jejak/projections"
)

// send runs a built transaction in one round trip. suspect means that nothing is
// stored and one of the facts is to blame.
func (e *Engine) send(ctx context.Context, batch *pgx.Batch) (suspect bool, err error) {
	conn, err := e.pool.Acquire(ctx)
	if err != nil {
		return false, outage(ctx, err)
	}
	defer conn.Release() // a connection left inside a transaction is closed by the pool
	batch.QueuedQueries[batch.Len()-1].Exec(func(tag pgconn.CommandTag) error {
		if tag.String() != "COMMIT" {
			return fmt.Errorf("the transaction ended with %s", tag)
		}
		return nil
	})
	err = conn.SendBatch(ctx, batch).Close()
	switch {
	case err == nil || moved(err):
		return false, err
	case ctx.Err() != nil || unreachable(err) || conn.Conn().IsClosed():
		return false, outage(ctx, err)
	}
	return true, nil
}

// sift stores the same facts one at a time, each in a savepoint, and so finds
// those that cannot be. Slow: some round trips a fact, but only where one is bad.
func (e *Engine) sift(ctx context.Context, t *track, facts []Fact) (*chunk, error) {
	c := &chunk{track: t}
	err := pgx.BeginFunc(ctx, e.pool, func(tx pgx.Tx) error {
		for i := range facts {
			parking, err := e.siftOne(ctx, tx, c, &facts[i])
			if err != nil {
				return err
			}
			c.cover(&facts[i], parking, facts)
		}
		_, err := tx.Exec(ctx, advanceSQL, e.advanceArgs(c)...)
		return err
	})
	if moved(err) {
		return nil, err
	}
	return c, outage(ctx, err)
}

// siftOne stores one fact or parks its stream. Its error is the database's.
func (e *Engine) siftOne(ctx context.Context, tx pgx.Tx, c *chunk, fact *Fact) (*Parking, error) {
	out := &projections.Writes{}
	parking := e.queueFact(c, out, fact)
	fault, err := attempt(ctx, tx, queries(out))
	if err != nil || fault == nil {
		return parking, err
	}
	p := e.parking(c.track.Name, fact, fault)
	queueParking(out, p)
	queueWaiting(out, c.track.Name, fact)
	return &p, run(ctx, tx, queries(out))
}

// queries takes what was collected.
func queries(out *projections.Writes) []*pgx.QueuedQuery {
	batch := &pgx.Batch{}
	out.Flush(func(sql string, args ...any) { batch.Queue(sql, args...) })
	return batch.QueuedQueries
}

// attempt runs a fact's writes in a savepoint, deferred constraints included, and
// takes them back when one is refused: the fault.
func attempt(ctx context.Context, tx pgx.Tx, writes []*pgx.QueuedQuery) (fault, err error) {
	if len(writes) == 0 {
		return nil, nil
	}
	point, err := tx.Begin(ctx)
	if err != nil {
		return nil, err
	}
	checks := []*pgx.QueuedQuery{{SQL: "set constraints all immediate"}, {SQL: "set constraints all deferred"}}
	if err := run(ctx, point, append(writes, checks...)); err != nil {
		if ctx.Err() != nil || unreachable(err) || tx.Conn().IsClosed() {
			return nil, err
		}
		return err, point.Rollback(ctx)
	}
	return nil, point.Commit(ctx)
}

func run(ctx context.Context, tx pgx.Tx, writes []*pgx.QueuedQuery) error {
	for _, w := range writes {
		if _, err := tx.Exec(ctx, w.SQL, w.Arguments...); err != nil {
			return err
		}
	}
	return nil
}
