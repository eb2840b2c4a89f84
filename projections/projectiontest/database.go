// Package projectiontest is for tests of read models: it makes facts, fills
// tables with them the shortest way, and compares what they hold. It knows no
// engine, so that a fault is the read model's own.
package projectiontest

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/projections"
)

// schema is where the engine puts the read models, too.
const schema = "readmodel"

// batchFacts is how many facts share a transaction.
const batchFacts = 4_000

// Open makes the tables of the read models in an empty database.
func Open(t testing.TB, url string, list ...projections.Projection) *pgxpool.Pool {
	t.Helper()
	config, err := pgxpool.ParseConfig(url)
	if err != nil {
		t.Fatal(err)
	}
	config.MaxConns = 8 // more than there are read models
	config.ConnConfig.RuntimeParams["search_path"] = schema
	pool, err := pgxpool.NewWithConfig(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	sql := "create schema if not exists " + schema + ";"
	for _, p := range list {
		sql += p.Schema
	}
	if _, err := pool.Exec(t.Context(), sql, pgx.QueryExecModeSimpleProtocol); err != nil {
		t.Fatal(err)
	}
	return pool
}

// Apply delivers the facts to the read models, in order.
func Apply(t testing.TB, pool *pgxpool.Pool, facts []domain.Recorded, list ...projections.Projection) {
	t.Helper()
	for len(facts) > 0 {
		n := min(len(facts), batchFacts)
		if err := deliver(t.Context(), pool, facts[:n], list); err != nil {
			t.Error(err)
			return
		}
		facts = facts[n:]
	}
}

func deliver(ctx context.Context, pool *pgxpool.Pool, facts []domain.Recorded, list []projections.Projection) error {
	for _, p := range list {
		out, batch := &projections.Writes{}, &pgx.Batch{}
		batch.Queue(projections.BulkSettings)
		for _, fact := range facts {
			if err := p.Apply(out.Of(fact.Stream), fact); err != nil {
				return fmt.Errorf("%s applies %s at %d: %w", p.Name, fact.Name, fact.Position, err)
			}
		}
		out.Flush(func(sql string, args ...any) { batch.Queue(sql, args...) })
		err := pgx.BeginFunc(ctx, pool, func(tx pgx.Tx) error { return tx.SendBatch(ctx, batch).Close() })
		if err != nil {
			return fmt.Errorf("%s: %w", p.Name, err)
		}
	}
	return nil
}

// Content is everything the read models' tables hold, in a fixed order.
func Content(t testing.TB, pool *pgxpool.Pool, list ...projections.Projection) string {
	t.Helper()
	var all strings.Builder
	for _, p := range list {
		for _, table := range p.Tables {
			rows, _ := pool.Query(t.Context(), `select r::text from `+pgx.Identifier{table}.Sanitize()+` r order by 1`)
			lines, err := pgx.CollectRows(rows, pgx.RowTo[string])
			if err != nil {
				t.Fatal(err)
			}
			fmt.Fprintf(&all, "%s %d\n%s\n", table, len(lines), strings.Join(lines, "\n"))
		}
	}
	return all.String()
}

// Prepare lets PostgreSQL check statements against the tables.
func Prepare(t testing.TB, pool *pgxpool.Pool, statements map[string]string) {
	t.Helper()
	conn, err := pool.Acquire(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Release()
	for name, sql := range statements {
		if _, err := conn.Conn().Prepare(t.Context(), "", sql); err != nil {
			t.Errorf("%s: %v\n%s", name, err, sql)
		}
	}
}
