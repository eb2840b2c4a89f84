package audittrail

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/projections"
)

// MaxCount is where counting stops: beyond it a figure says "more than".
const MaxCount = 100_000

const (
	entrySQL      = `select record_send(f) from audittrail_v3_fact f`
	newestFirst   = ` order by f.position desc limit `
	oldestFirst   = ` order by f.position limit `
	countSQL      = `select count(*) from (select from audittrail_v3_fact f`
	byPositionSQL = entrySQL + ` where f.position = $1`
	byRevisionSQL = entrySQL + ` where f.stream = $1 and f.revision = $2`
)

// List gives the facts of a trail.
func List(ctx context.Context, q projections.Querier, trail projections.Trail, order Order, page projections.Page) (projections.Rows[Entry], error) {
	var last uint64
	if err := page.Key(&last); err != nil {
		return projections.Rows[Entry]{}, err
	}
	f, by := filterOf(trail), newestFirst
	if order == OldestFirst {
		by = oldestFirst
	}
	if last > 0 && order == OldestFirst {
		f.add(byAfter, last)
	} else if last > 0 {
		f.add(byUpTo, last-1)
	}
	rows, _ := q.Query(ctx, entrySQL+f.where()+by+strconv.Itoa(page.Size()+1), f.args...)
	entries, err := pgx.CollectRows(rows, toEntry)
	if err != nil {
		return projections.Rows[Entry]{}, fmt.Errorf("list the audit trail: %w", err)
	}
	return projections.Cut(page, entries, func(e Entry) any { return e.Position })
}

// Count counts the facts of a trail, up to MaxCount.
func Count(ctx context.Context, q projections.Querier, trail projections.Trail) (Tally, error) {
	f := filterOf(trail)
	var n int64
	sql := countSQL + f.where() + ` limit ` + strconv.Itoa(MaxCount+1) + `) counted`
	if err := q.QueryRow(ctx, sql, f.args...).Scan(&n); err != nil {
		return Tally{}, fmt.Errorf("count the audit trail: %w", err)
	}
	return Tally{Facts: min(n, MaxCount), More: n > MaxCount}, nil
}

// Stream lists the facts of one stream, the first first.
func Stream(ctx context.Context, q projections.Querier, stream string, page projections.Page) (projections.Rows[Entry], error) {
	return List(ctx, q, projections.Trail{Stream: stream}, OldestFirst, page)
}

// At gives the fact at a position of the log; NotFound when there is none.
func At(ctx context.Context, q projections.Querier, position uint64) (Entry, error) {
	if position > math.MaxInt64 {
		return Entry{}, errUnknown()
	}
	return one(ctx, q, byPositionSQL, position)
}

// AtRevision gives the fact at a revision of a stream.
func AtRevision(ctx context.Context, q projections.Querier, stream string, revision uint64) (Entry, error) {
	if revision > math.MaxInt64 {
		return Entry{}, errUnknown()
	}
	return one(ctx, q, byRevisionSQL, stream, revision)
}

// Newest gives when the newest fact of the log that the trail holds was stored; the
// zero time when it holds none.
func Newest(ctx context.Context, q projections.Querier) (at time.Time, err error) {
	err = q.QueryRow(ctx, `select stored_at from audittrail_v3_fact order by position desc limit 1`).Scan(&at)
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return time.Time{}, fmt.Errorf("find the newest event: %w", err)
	}
	return at.UTC(), nil
}

func errUnknown() error { return domain.Missing("event-unknown", "no such event") }

func one(ctx context.Context, q projections.Querier, sql string, args ...any) (Entry, error) {
	rows, _ := q.Query(ctx, sql, args...)
	e, err := pgx.CollectExactlyOneRow(rows, toEntry)
	if errors.Is(err, pgx.ErrNoRows) {
		return Entry{}, errUnknown()
	}
	if err != nil {
		return Entry{}, fmt.Errorf("find an event: %w", err)
	}
	return e, nil
}
