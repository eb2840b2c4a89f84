package engine

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// Standing is how one projection stands in the database, whoever wrote it.
type Standing struct {
	Projection string
	Position   uint64
	Parked     int // streams
	// Next is up to where a rebuild beside is filled; meant only when Rebuilding.
	Next       uint64
	Rebuilding bool
	// Led says that some process holds the lease now.
	Led bool
}

// rebuilt is the part of the rebuild that is done; 1 without one.
func (s Standing) rebuilt() float64 {
	if !s.Rebuilding {
		return 1
	}
	return min(1, float64(s.Next)/float64(max(s.Position, 1)))
}

const standingSQL = `
	select p.name, p.position, (select count(*) from readmodel.parked k where k.projection = p.name), 0::bigint, false,
	       exists (select from readmodel.lease l where l.projection = p.name and l.until > clock_timestamp())
	  from readmodel.projection p order by p.name`

// Standings reads how the projections stand, other processes' rebuilds included.
// It only reads: it may look at a database that no Engine has opened, and gives
// nothing where there are no read models yet.
func Standings(ctx context.Context, db interface {
	Query(context.Context, string, ...any) (pgx.Rows, error)
}) ([]Standing, error) {
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
	list, err := pgx.CollectRows(rows, pgx.RowToStructByPos[Standing])
	if err != nil {
		return nil, fmt.Errorf("look at the read models: %w", err)
	}
	if !beside {
		return list, nil
	}
	if rows, err = db.Query(ctx, `select name, position from readmodel_next.projection`); err != nil {
		return nil, fmt.Errorf("look at the editions beside: %w", err)
	}
	var name string
	var position int64
	_, err = pgx.ForEachRow(rows, []any{&name, &position}, func() error {
		for i := range list {
			if list[i].Projection == name {
				list[i].Next, list[i].Rebuilding = uint64(position), true
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("look at the editions beside: %w", err)
	}
	return list, nil
}

// Survey tells Options.Metrics what other processes change: what is parked, and
// how far a rebuild beside is.
func (e *Engine) Survey(ctx context.Context) error {
	list, err := Standings(ctx, e.pool)
	if err != nil {
		return err
	}
	for _, s := range list {
		if _, ours := e.tracks[s.Projection]; !ours {
			continue // of another version of the program
		}
		e.options.Metrics.ProjectionParked(s.Projection, s.Parked)
		e.options.Metrics.ProjectionRebuilt(s.Projection, s.rebuilt())
	}
	return nil
}
