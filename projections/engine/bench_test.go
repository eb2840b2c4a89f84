package engine_test

import (
	"fmt"
	"slices"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/internal/pgrun/pgtest"
	"github.com/jejak-kinerja/jejak/projections"
	"github.com/jejak-kinerja/jejak/projections/engine"
)

const (
	benchBatch   = 1_000
	benchStreams = 5_000
)

// sums has one upsert a fact.
func sums(name string) projections.Projection {
	upsert := `insert into ` + name + `_sum as s (stream, total, last) values ($1, $2, $3)
		on conflict (stream) do update set total = s.total + excluded.total, last = excluded.last`
	return projections.Projection{
		Name: name, Tables: []string{name + "_sum"},
		Schema: `create table ` + name + `_sum (stream text primary key, total bigint not null, last bigint not null) with (fillfactor = 70)`,
		Apply: func(out projections.Statements, f domain.Recorded) error {
			out.Exec(upsert, f.Stream, int64(f.Body.(added).N), int64(f.Position))
			return nil
		},
	}
}

func benchFacts(n int) []engine.Fact {
	facts := make([]engine.Fact, n)
	for i := range facts {
		facts[i].Recorded = domain.Recorded{Position: uint64(i) + 1, Stream: fmt.Sprint("test-", i*7919%benchStreams), Body: added{N: i}}
	}
	return facts
}

func report(b *testing.B, facts int) {
	b.ReportMetric(float64(facts)/b.Elapsed().Seconds(), "facts/s")
}

// BenchmarkOneUpsertAFact is the engine; compare with BenchmarkFoldAndMerge.
func BenchmarkOneUpsertAFact(b *testing.B) {
	e := fresh(b, sums("s_v1"))
	facts := benchFacts(b.N * benchBatch)
	b.ResetTimer()
	for i := 0; i < len(facts); i += benchBatch {
		handle(b, e, "s_v1", facts[i:i+benchBatch])
	}
	report(b, len(facts))
}

// BenchmarkSevenProjections is all read models catching up together.
func BenchmarkSevenProjections(b *testing.B) {
	var list []projections.Projection
	for i := range 7 {
		list = append(list, sums(fmt.Sprintf("s%d_v1", i)))
	}
	e := fresh(b, list...)
	facts := benchFacts(b.N * benchBatch)
	b.ResetTimer()
	var all sync.WaitGroup
	for _, p := range list {
		all.Go(func() {
			for part := range slices.Chunk(facts, benchBatch) {
				if err := e.Handle(b.Context(), p.Name, part[0].Position-1, part); err != nil {
					b.Error(err)
				}
			}
		})
	}
	all.Wait()
	report(b, len(facts))
}

// BenchmarkFoldAndMerge is the anchor: fold 5,000 facts in memory, COPY, merge.
func BenchmarkFoldAndMerge(b *testing.B) {
	const fold = 5_000
	pool := connect(b, pgtest.URL(b))
	open(b, pool, sums("s_v1")) // makes the table
	facts := benchFacts(b.N * benchBatch)
	b.ResetTimer()
	for len(facts) > 0 {
		part := facts[:min(fold, len(facts))]
		facts = facts[len(part):]
		totals := map[string][2]int64{}
		for _, f := range part {
			totals[f.Stream] = [2]int64{totals[f.Stream][0] + int64(f.Body.(added).N), int64(f.Position)}
		}
		rows := make([][]any, 0, len(totals))
		for stream, t := range totals {
			rows = append(rows, []any{stream, t[0], t[1]})
		}
		err := pgx.BeginFunc(b.Context(), pool, func(tx pgx.Tx) error {
			if _, err := tx.Exec(b.Context(), `create temp table if not exists fold (stream text, total bigint, last bigint) on commit delete rows`); err != nil {
				return err
			}
			if _, err := tx.CopyFrom(b.Context(), pgx.Identifier{"fold"}, []string{"stream", "total", "last"}, pgx.CopyFromRows(rows)); err != nil {
				return err
			}
			if _, err := tx.Exec(b.Context(), `insert into s_v1_sum as s select * from fold
				on conflict (stream) do update set total = s.total + excluded.total, last = excluded.last`); err != nil {
				return err
			}
			_, err := tx.Exec(b.Context(), `update projection set position = $1`, int64(part[len(part)-1].Position))
			return err
		})
		if err != nil {
			b.Fatal(err)
		}
	}
	report(b, b.N*benchBatch)
}
