package gates

import (
	"context"
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"golang.org/x/sync/errgroup"

	"github.com/jejak-kinerja/jejak/commands"
	"github.com/jejak-kinerja/jejak/domain/progress"
	"github.com/jejak-kinerja/jejak/internal/bench"
	"github.com/jejak-kinerja/jejak/internal/clock"
)

const (
	limitName = "limit: in memory, fold all, one COPY"
	mergeName = "limit: in memory, fold 5,000, COPY and merge"

	// rebuildShare of EVENTS is what a read model is filled from, over and over.
	rebuildShare = 4
	// foldEvents are folded in memory for one merge of the limit.
	foldEvents = 5_000
)

// raw is an event as it lies in the log.
type raw struct {
	stream   string
	data     []byte
	position int64
}

// reportsEach stream has, one now and one then, as in a year of a city.
const reportsEach = 16

// fillLedger appends so many reports, one an append, and gives them as they lie in
// the log.
func (p *product) fillLedger(t testing.TB, events int) []raw {
	t.Helper()
	for turn := range reportsEach {
		var filling errgroup.Group
		filling.SetLimit(openers)
		for s := range max(1, events/reportsEach) {
			filling.Go(func() error {
				_, err := p.log.Append(t.Context(), fmt.Sprint("progress-", s), int64(turn)-1, []commands.NewEvent{fact(fmt.Sprint(s), s%100)})
				return err
			})
		}
		if err := filling.Wait(); err != nil {
			t.Fatal(err)
		}
	}
	var all []raw
	for facts, err := range p.facts(t.Context(), 0) {
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range facts {
			all = append(all, raw{f.Stream, f.Data, int64(f.Position)})
		}
	}
	return all
}

type sum struct{ total, last, chain int64 }

// fold adds raw events up by stream.
func fold(some []raw) (map[string]sum, error) {
	sums := map[string]sum{}
	for _, r := range some {
		var reported progress.Reported
		if err := json.Unmarshal(r.data, &reported); err != nil {
			return nil, err
		}
		s, known := sums[r.stream]
		if s.chain = (s.chain*mixBy + r.position) % mixModulo; !known {
			s.chain = r.position
		}
		sums[r.stream] = sum{s.total + int64(reported.Quantity), r.position, s.chain}
	}
	return sums, nil
}

func asRows(sums map[string]sum) pgx.CopyFromSource {
	rows := make([][]any, 0, len(sums))
	for stream, s := range sums {
		rows = append(rows, []any{stream, s.total, s.last, s.chain})
	}
	return pgx.CopyFromRows(rows)
}

var sumsColumns = []string{"stream", "total", "last", "chain"}

// copyAll is the limit of a rebuild.
func copyAll(pool *pgxpool.Pool, all []raw) bench.Variant {
	return bench.Once(limitName, func(ctx context.Context) (int, error) {
		sums, err := fold(all)
		if err != nil {
			return 0, err
		}
		return len(all), pgx.BeginFunc(ctx, pool, func(tx pgx.Tx) error {
			const anew = `drop table if exists rebuilt; create table rebuilt (stream text, total bigint not null, last bigint not null, chain bigint not null)`
			if _, err := tx.Exec(ctx, anew, pgx.QueryExecModeSimpleProtocol); err != nil {
				return err
			}
			if _, err := tx.CopyFrom(ctx, pgx.Identifier{"rebuilt"}, sumsColumns, asRows(sums)); err != nil {
				return err
			}
			_, err := tx.Exec(ctx, `alter table rebuilt add primary key (stream)`)
			return err
		})
	})
}

// mergeParts is the limit of applying a backlog to a read model in use.
func mergeParts(pool *pgxpool.Pool, all []raw) bench.Variant {
	return bench.Once(mergeName, func(ctx context.Context) (int, error) {
		if _, err := pool.Exec(ctx, `truncate `+sumsName); err != nil {
			return 0, err
		}
		for from := 0; from < len(all); from += foldEvents {
			part := all[from:min(from+foldEvents, len(all))]
			sums, err := fold(part)
			if err != nil {
				return 0, err
			}
			if err := merge(ctx, pool, sums, part[len(part)-1].position); err != nil {
				return 0, err
			}
		}
		return len(all), nil
	})
}

func merge(ctx context.Context, pool *pgxpool.Pool, sums map[string]sum, position int64) error {
	return pgx.BeginFunc(ctx, pool, func(tx pgx.Tx) error {
		const part = `create temp table if not exists part (stream text, total bigint, last bigint, chain bigint) on commit delete rows`
		if _, err := tx.Exec(ctx, part); err != nil {
			return err
		}
		if _, err := tx.CopyFrom(ctx, pgx.Identifier{"part"}, sumsColumns, asRows(sums)); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `insert into `+sumsName+` as s select * from part
			on conflict (stream) do update set total = s.total + excluded.total, last = excluded.last, chain = excluded.chain`); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, moveCheckpoint, position)
		return err
	})
}

// usualHandler reads the log and applies each event in a transaction, for a slice.
func usualHandler(client *esdb.Client, rows *pgxpool.Pool) bench.Variant {
	return bench.Variant{Name: eachTxName, Work: func(ctx context.Context, slice time.Duration) (s bench.Sample, err error) {
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		whole := clock.Watch()
		err = followAll(ctx, client, &esdb.Position{}, func(e *esdb.RecordedEvent) error {
			var reported progress.Reported
			if err := json.Unmarshal(e.Data, &reported); err != nil {
				return err
			}
			if err := applyOne(ctx, rows, e.StreamID, int64(reported.Quantity), int64(e.Position.Commit)); err != nil {
				return err
			}
			if s.Count, s.Took = s.Count+1, whole(); s.Took >= slice {
				cancel()
				return context.Canceled
			}
			return nil
		})
		if s.Took >= slice {
			err = nil
		}
		return s, err
	}}
}

func TestGateRebuild(t *testing.T) {
	setup := bench.Asked(t, "G7")
	const rebuildName = "log -> engine, rebuild"
	c := newCluster(t)
	p := startProduct(t, c)
	all := p.fillLedger(t, setup.Events/rebuildShare)
	if err := p.fresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	plan := bench.Plan{
		Meter: c.meter(),
		Variants: []bench.Variant{
			copyAll(c.pool(c.database(), 1), all),
			bench.Once(rebuildName, func(ctx context.Context) (int, error) { return len(all), p.engine.Rebuild(ctx, sumsName, p.facts) }),
			usualHandler(connect(t, p.socket), c.pool(c.database(), 1, sumsSchema)),
		},
	}
	gate := func(what string, must float64, target bench.Bound) bench.Gate {
		return bench.Gate{ID: "G7", What: "rebuild, rate over " + what, Must: bench.AtLeast(must), Target: target}
	}
	setup.Measure(t, plan,
		bench.Check{Of: rebuildName, To: limitName, Metric: bench.Rate, Gate: gate("the limit's", 0.6, bench.AtLeast(0.75))},
		bench.Check{Of: rebuildName, To: eachTxName, Metric: bench.Rate, Gate: gate("a transaction a message", 40, bench.Bound{})},
	)
	p.check(t)
}

func TestGateLiveBacklog(t *testing.T) {
	setup := bench.Asked(t, "G8")
	c := newCluster(t)
	p := startProduct(t, c)
	all := p.fillLedger(t, setup.Events/rebuildShare)
	head := p.head(t)
	plan := bench.Plan{
		Meter: c.meter(),
		Variants: []bench.Variant{
			mergeParts(c.pool(c.database(), 1, sumsSchema), all),
			bench.Once(wholeName, func(ctx context.Context) (int, error) {
				if err := p.fresh(ctx); err != nil {
					return 0, err
				}
				_, err := during(ctx, p.carry, func(ctx context.Context) (bench.Sample, error) { return bench.Sample{}, p.engine.WaitAll(ctx, head) })
				return len(all), err
			}),
			usualHandler(connect(t, p.socket), c.pool(c.database(), 1, sumsSchema)),
		},
	}
	gate := func(what string, must float64, target bench.Bound) bench.Gate {
		return bench.Gate{ID: "G8", What: "backlog through the bus, rate over " + what, Must: bench.AtLeast(must), Target: target}
	}
	setup.Measure(t, plan,
		bench.Check{Of: wholeName, To: mergeName, Metric: bench.Rate, Gate: gate("the merge limit's", 0.4, bench.AtLeast(0.7))},
		bench.Check{Of: wholeName, To: eachTxName, Metric: bench.Rate, Gate: gate("a transaction a message", 8, bench.Bound{})},
	)
	p.check(t)
}
