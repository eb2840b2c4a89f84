package gates

import (
	"context"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"golang.org/x/sync/errgroup"
)

// grouped is the shortest way from an append to a read model that group commit
// allows, in one process and without the protocol: what waits is stored with one
// INSERT, what is stored is applied with one UPSERT.
type grouped struct {
	log, rows *pgxpool.Pool
	waiting   chan *pending
	stored    chan *pending
	position  int64
}

type pending struct {
	happening
	position int64
	applied  chan struct{}
}

const (
	maxGrouped = 20_000 // what may wait: as many as an open loop has under way
	maxGroup   = 500    // of one transaction
)

func newGrouped(log, rows *pgxpool.Pool) *grouped {
	return &grouped{log: log, rows: rows, waiting: make(chan *pending, maxGrouped), stored: make(chan *pending, maxGrouped)}
}

// run works until ctx ends.
func (g *grouped) run(ctx context.Context) error {
	both, ctx := errgroup.WithContext(ctx)
	both.Go(func() error { return gather(ctx, g.waiting, func(some []*pending) error { return g.store(ctx, some) }) })
	both.Go(func() error { return gather(ctx, g.stored, func(some []*pending) error { return g.apply(ctx, some) }) })
	return both.Wait()
}

// gather hands on what is there, at least one, in order.
func gather[T any](ctx context.Context, in <-chan T, handle func([]T) error) error {
	for {
		var some []T
		select {
		case one := <-in:
			some = append(some, one)
		case <-ctx.Done():
			return ctx.Err()
		}
		for more := true; more && len(some) < maxGroup; {
			select {
			case one := <-in:
				some = append(some, one)
			default:
				more = false
			}
		}
		if err := handle(some); err != nil {
			return err
		}
	}
}

const insertMany = `insert into log (stream, revision, id, type, data, meta)
	select * from unnest($1::text[], $2::bigint[], $3::uuid[], $4::text[], $5::bytea[], $6::bytea[])`

func (g *grouped) store(ctx context.Context, some []*pending) error {
	n := len(some)
	streams, revisions, ids, types := make([]string, n), make([]int64, n), make([][16]byte, n), make([]string, n)
	datas, metas := make([][]byte, n), make([][]byte, n)
	for i, p := range some {
		streams[i], revisions[i], ids[i], types[i], datas[i], metas[i] = p.stream, p.revision, p.id, p.typ, p.data, p.meta
	}
	if _, err := g.log.Exec(ctx, insertMany, streams, revisions, ids, types, datas, metas); err != nil {
		return err
	}
	for _, p := range some {
		g.position++
		p.position = g.position
		g.stored <- p
	}
	return nil
}

const upsertMany = `insert into ` + sumsName + ` as s (stream, total, last, chain) select stream, total, last, last
	from unnest($1::text[], $2::bigint[], $3::bigint[]) r (stream, total, last)
	on conflict (stream) do update set total = s.total + excluded.total, last = excluded.last`

func (g *grouped) apply(ctx context.Context, some []*pending) error {
	type sum struct{ total, last int64 }
	folded := map[string]sum{}
	for _, p := range some {
		folded[p.stream] = sum{folded[p.stream].total + 1, p.position}
	}
	var streams []string
	var totals, lasts []int64
	for stream, s := range folded {
		streams, totals, lasts = append(streams, stream), append(totals, s.total), append(lasts, s.last)
	}
	err := pgx.BeginFunc(ctx, g.rows, func(tx pgx.Tx) error {
		var b pgx.Batch
		b.Queue(upsertMany, streams, totals, lasts)
		b.Queue(moveCheckpoint, some[len(some)-1].position)
		return tx.SendBatch(ctx, &b).Close()
	})
	for _, p := range some {
		close(p.applied)
	}
	return err
}
