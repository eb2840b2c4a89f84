package gates

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/jejak-kinerja/jejak/commands"
	"github.com/jejak-kinerja/jejak/internal/bench"
)

// The ways from an append to the committed read model.
const (
	inRowName   = "two commits in a row"
	groupedName = "in process: grouped append, signal, grouped apply"
	wholeName   = "event log -> node -> bus -> engine"
	eachTxName  = "client -> node -> a transaction a message"
	pollName    = "watermill-sql, poll 10 ms"
)

// streamOf spreads arrivals over the streams and gives each its revision there.
func streamOf(n int) (name string, revision int64) {
	return fmt.Sprint("progress-", n%streams), int64(n / streams)
}

// places gives arrivals their numbers over all slices of one variant.
type places struct {
	mu   sync.Mutex
	next int
}

func (p *places) take() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	n := p.next
	p.next++
	return n
}

func inRow(pool *pgxpool.Pool, rate int) bench.Variant {
	at := &places{}
	w := writers("unused", 1)[0]
	sample := w.one()
	return bench.Arrivals(inRowName, rate, func(ctx context.Context, _ int) error {
		n := at.take()
		h := sample
		h.stream, h.revision = streamOf(n)
		if _, err := pool.Exec(ctx, `insert into log (stream, revision, id, type, data, meta) values ($1, $2, $3, $4, $5, $6)`, h.row()...); err != nil {
			return err
		}
		return applyOne(ctx, pool, h.stream, 1, int64(n)+1)
	})
}

func inProcess(g *grouped, rate int) bench.Variant {
	at := &places{}
	sample := writers("unused", 1)[0].one()
	return bench.Variant{Name: groupedName, Work: func(ctx context.Context, slice time.Duration) (bench.Sample, error) {
		return during(ctx, g.run, func(ctx context.Context) (bench.Sample, error) {
			return bench.Open(ctx, slice, rate, func(ctx context.Context, _ int) error {
				p := &pending{happening: sample, applied: make(chan struct{})}
				p.stream, p.revision = streamOf(at.take())
				g.waiting <- p
				return wait(ctx, p.applied)
			})
		})
	}}
}

// whole is the product's own way; a call ends when the read model has the fact.
func whole(p *product, rate int) bench.Variant {
	at := &places{}
	return bench.Variant{Name: wholeName, Work: func(ctx context.Context, slice time.Duration) (bench.Sample, error) {
		return during(ctx, p.carry, func(ctx context.Context) (bench.Sample, error) {
			return bench.Open(ctx, slice, rate, func(ctx context.Context, _ int) error {
				stream, revision := streamOf(at.take())
				place, err := p.log.Append(ctx, stream, revision-1, []commands.NewEvent{fact(stream, 1)})
				if err != nil {
					return err
				}
				return p.engine.WaitFor(ctx, sumsName, place.Position)
			})
		})
	}}
}

func eachTx(client *esdb.Client, rows *pgxpool.Pool, rate int) bench.Variant {
	at, seen, after := &places{}, newAwaited(), &esdb.Position{}
	sample := writers("unused", 1)[0].one()
	follow := func(ctx context.Context) error {
		return followAll(ctx, client, after, func(e *esdb.RecordedEvent) error {
			if err := applyOne(ctx, rows, e.StreamID, 1, int64(e.Position.Commit)); err != nil {
				return err
			}
			seen.arrive(e.EventID.String())
			return nil
		})
	}
	return bench.Variant{Name: eachTxName, Work: func(ctx context.Context, slice time.Duration) (bench.Sample, error) {
		return during(ctx, follow, func(ctx context.Context) (bench.Sample, error) {
			return bench.Open(ctx, slice, rate, func(ctx context.Context, _ int) error {
				h := sample
				h.id = newID()
				h.stream, h.revision = streamOf(at.take())
				arrived := seen.expect(h.id.String())
				if err := appendTo(ctx, client, []happening{h}); err != nil {
					return err
				}
				return wait(ctx, arrived)
			})
		})
	}}
}

func TestGateLagAt200(t *testing.T) {
	setup := bench.Asked(t, "G9")
	p50, p99 := bench.Quantile(0.5), bench.Quantile(0.99)
	gate := func(what string, must, target bench.Bound) bench.Gate {
		return bench.Gate{ID: "G9", What: "command to read model at 200/s, " + what, Must: must, Target: target}
	}
	plan, p := compareLags(t, 200)
	setup.Measure(t, plan,
		bench.Check{Of: wholeName, To: inRowName, Metric: p50, Gate: gate("p50 over two commits in a row", bench.AtMost(2.2), bench.AtMost(1.6))},
		bench.Check{Of: wholeName, To: pollName, Metric: p50, Gate: gate("p50 over watermill-sql's, poll 10 ms", bench.AtMost(0.35), bench.Bound{})},
		bench.Check{Of: wholeName, To: syncedName, Metric: p99, Pooled: true, Gate: gate("p99 over fdatasync's", bench.AtMost(20), bench.AtMost(12))},
	)
	p.check(t) // nothing lost, nothing doubled
}

func TestGateLagAt1500(t *testing.T) {
	setup := bench.Asked(t, "G10")
	p50, p99 := bench.Quantile(0.5), bench.Quantile(0.99)
	gate := func(what string, must, target bench.Bound) bench.Gate {
		return bench.Gate{ID: "G10", What: "command to read model at 1,500/s, " + what, Must: must, Target: target}
	}
	plan, p := compareLags(t, 1_500)
	setup.Measure(t, plan,
		bench.Check{Of: wholeName, To: groupedName, Metric: p50, Gate: gate("p50 over in process", bench.AtMost(2), bench.Bound{})},
		bench.Check{Of: wholeName, To: groupedName, Metric: p99, Pooled: true, Gate: gate("p99 over in process", bench.Bound{}, bench.AtMost(1.2))},
		bench.Check{Of: wholeName, To: eachTxName, Metric: p99, Pooled: true, Gate: gate("p99 over a transaction a message", bench.AtMost(0.25), bench.Bound{})},
	)
	p.check(t) // nothing lost, nothing doubled
}

// compareLags puts all ways beside each other at a rate.
func compareLags(t *testing.T, rate int) (bench.Plan, *product) {
	t.Helper()
	const connections = 64
	c := newCluster(t)
	p := startProduct(t, c)
	if err := p.fresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	g := c.database()
	return bench.Plan{
		Meter: c.meter(),
		Variants: []bench.Variant{
			syncing(t),
			inRow(c.pool(c.database(), connections, plainTable, sumsSchema), rate),
			inProcess(newGrouped(c.pool(g, 1, plainTable), c.pool(g, 1, sumsSchema)), rate),
			whole(p, rate),
			eachTx(connect(t, startNode(t, c.database())), c.pool(c.database(), 2, sumsSchema), rate),
			polling(t, c.pool(c.database(), connections), c.pool(c.database(), 2, sumsSchema), rate),
		},
	}, p
}
