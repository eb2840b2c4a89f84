package engine

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// Standing is how one projection stands in the database, whoever wrote it.
type Standing struct {
	Projection string
	Reached
	Parked int // streams
	// Led says that some process holds the lease now.
	Led bool
	// Next is up to where a rebuild beside is filled; meant only when Rebuilding.
	Rebuilding bool
	Next       Reached
}

// Rebuilt is the part of the rebuild that is done, 0 to 1; 1 without one. It is not
// known while nobody has counted the facts.
func (s Standing) Rebuilt() (part float64, known bool) {
	switch {
	case !s.Rebuilding || s.Next.Position == s.Position:
		return 1, true
	case !s.Next.Facts.Known() || !s.Facts.Known():
		return 0, false
	}
	return min(1, float64(s.Next.Facts)/float64(max(s.Facts, 1))), true
}

// Querier is a connection or a pool.
type Querier interface {
	Query(context.Context, string, ...any) (pgx.Rows, error)
}

// The counts are read by name: another version's table may not have them.
const (
	factsSQL    = `case when (to_jsonb(p) ->> 'counted_at')::bigint = p.position then (to_jsonb(p) ->> 'facts')::bigint end`
	standingSQL = `
	select p.name, p.position, ` + factsSQL + `, (select count(*) from readmodel.parked k where k.projection = p.name),
	       exists (select from readmodel.lease l where l.projection = p.name and l.until > clock_timestamp())
	  from readmodel.projection p order by p.name`
	nextSQL = `select p.name, p.position, ` + factsSQL + ` from readmodel_next.projection p`
)

// Standings reads how the projections stand, other processes' rebuilds included.
// It only reads: it may look at a database that no Engine has opened, and gives
// nothing where there are no read models yet.
func Standings(ctx context.Context, db Querier) ([]Standing, error) {
	var present, beside bool
	rows, err := db.Query(ctx, `select to_regclass('readmodel.projection') is not null and to_regclass('readmodel.lease') is not null,
		to_regclass('readmodel_next.projection') is not null`)
	if err == nil {
		_, err = pgx.ForEachRow(rows, []any{&present, &beside}, func() error { return nil })
	}
	if err != nil {
		return nil, fmt.Errorf("look for the read models: %w", err)
	}
	if !present {
		return nil, nil
	}
	if rows, err = db.Query(ctx, standingSQL); err != nil {
		return nil, fmt.Errorf("look at the read models: %w", err)
	}
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (s Standing, err error) {
		var facts *int64
		err = row.Scan(&s.Projection, &s.Position, &facts, &s.Parked, &s.Led)
		s.Facts = counted(facts)
		return s, err
	})
	if err != nil {
		return nil, fmt.Errorf("look at the read models: %w", err)
	}
	if !beside {
		return list, nil
	}
	if rows, err = db.Query(ctx, nextSQL); err != nil {
		return nil, fmt.Errorf("look at the editions beside: %w", err)
	}
	var name string
	var next Reached
	var facts *int64
	_, err = pgx.ForEachRow(rows, []any{&name, &next.Position, &facts}, func() error {
		for i := range list {
			if list[i].Projection == name {
				next.Facts = counted(facts)
				list[i].Next, list[i].Rebuilding = next, true
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("look at the editions beside: %w", err)
	}
	return list, nil
}
