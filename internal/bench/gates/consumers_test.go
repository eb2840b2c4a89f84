package gates

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/jejak-kinerja/jejak/internal/bench"
)

// sumsSchema is the read model with a checkpoint, for those who are not the product.
const sumsSchema = `create table ` + sumsName + ` ` + sumsTable + `;
	create table checkpoint (name text primary key, position bigint not null); insert into checkpoint values ('sums', 0)`

const (
	upsertOne = `insert into ` + sumsName + ` as s (stream, total, last, chain) values ($1, $2, $3, $3)
		on conflict (stream) do update set total = s.total + excluded.total, last = excluded.last, chain = (s.chain * 31 + excluded.last) % 1000000007`
	moveCheckpoint = `update checkpoint set position = $1 where name = 'sums'`
)

// applyOne is the usual handler: a transaction a message.
func applyOne(ctx context.Context, pool *pgxpool.Pool, stream string, amount, position int64) error {
	return pgx.BeginFunc(ctx, pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, upsertOne, stream, amount, position); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, moveCheckpoint, position)
		return err
	})
}

// awaited are events whose arrival in the read model somebody waits for.
type awaited struct {
	mu    sync.Mutex
	byID  map[string]chan struct{}
	count int64
}

func newAwaited() *awaited { return &awaited{byID: map[string]chan struct{}{}} }

func (a *awaited) expect(id string) <-chan struct{} {
	a.mu.Lock()
	defer a.mu.Unlock()
	arrived := make(chan struct{})
	a.byID[id] = arrived
	return arrived
}

// next gives a number after the last one.
func (a *awaited) next() int64 {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.count++
	return a.count
}

func (a *awaited) arrive(id string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if arrived, ok := a.byID[id]; ok {
		close(arrived)
		delete(a.byID, id)
	}
}

func wait(ctx context.Context, arrived <-chan struct{}) error {
	select {
	case <-arrived:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// during works while something runs beside it, and ends that; the first error of
// either ends both.
func during(ctx context.Context, run func(ctx context.Context) error, work func(ctx context.Context) (bench.Sample, error)) (bench.Sample, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	ended := make(chan error, 1)
	go func() {
		err := run(ctx)
		if err != nil && !errors.Is(err, context.Canceled) {
			cancel(fmt.Errorf("what ran beside: %w", err))
		}
		ended <- err
	}()
	s, err := work(ctx)
	cancel(nil)
	if other := <-ended; err == nil && other != nil && !errors.Is(other, context.Canceled) {
		err = other
	}
	return s, err
}

// followAll is a subscription of the client that hands every event on, in order,
// until ctx ends.
func followAll(ctx context.Context, client *esdb.Client, after *esdb.Position, each func(*esdb.RecordedEvent) error) error {
	options := esdb.SubscribeToAllOptions{From: esdb.Start{}, Filter: esdb.ExcludeSystemEventsFilter()}
	if after.Commit > 0 {
		options.From = *after
	}
	sub, err := client.SubscribeToAll(ctx, options)
	if err != nil {
		return err
	}
	defer sub.Close() // it cannot fail
	for {
		e := sub.Recv()
		switch {
		case e.SubscriptionDropped != nil && ctx.Err() != nil:
			return nil
		case e.SubscriptionDropped != nil:
			return e.SubscriptionDropped.Error
		case e.EventAppeared != nil:
			event := e.EventAppeared.OriginalEvent()
			if err := each(event); err != nil {
				return err
			}
			*after = event.Position
		}
	}
}
