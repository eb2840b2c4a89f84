package timeline

import (
	"context"
	"fmt"
	"math"

	"github.com/jackc/pgx/v5"

	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/projections"
)

const (
	columns = `select position, person, kind, name, stream, revision, event, actor, capacity, recorded_at, effective_at, day, reason, body
		from timeline_v1_entry where person = $1 and position < $2`
	entriesSQL   = columns + ` order by position desc limit $3`
	entriesOfSQL = columns + ` and kind = any($4::text[]) order by position desc limit $3`
)

// Entries lists what happened to the person, the latest first; of some kinds, or
// of all when none is named.
func Entries(ctx context.Context, q projections.Querier, person domain.PersonID, kinds []Kind, page projections.Page) (projections.Rows[Entry], error) {
	before := int64(math.MaxInt64)
	if err := page.Key(&before); err != nil {
		return projections.Rows[Entry]{}, err
	}
	sql, args := entriesSQL, []any{person, before, page.Size() + 1}
	if len(kinds) > 0 {
		sql, args = entriesOfSQL, append(args, kinds)
	}
	rows, _ := q.Query(ctx, sql, args...)
	entries, err := pgx.CollectRows(rows, pgx.RowToStructByName[Entry])
	if err != nil {
		return projections.Rows[Entry]{}, fmt.Errorf("list a person's timeline: %w", err)
	}
	return projections.Cut(page, entries, func(e Entry) any { return e.Position })
}
