package audittrail

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/projections"
)

// LastUpTo gives the last fact of the trail up to a position, as its position and
// the event's id; not ok when there is none.
func LastUpTo(ctx context.Context, q projections.Querier, position uint64) (at uint64, event domain.EventID, ok bool, err error) {
	err = q.QueryRow(ctx, `select position, event from audittrail_v3_fact where position <= $1 order by position desc limit 1`, int64(position)).Scan(&at, &event)
	if errors.Is(err, pgx.ErrNoRows) {
		return 0, "", false, nil
	}
	if err != nil {
		return 0, "", false, fmt.Errorf("find the last fact up to %d: %w", position, err)
	}
	return at, event, true, nil
}

// CountAfter counts the facts beyond a position by their stored name.
func CountAfter(ctx context.Context, q projections.Querier, position uint64) (map[string]int64, error) {
	counts := map[string]int64{}
	rows, err := q.Query(ctx, `select name, count(*) from audittrail_v3_fact where position > $1 group by name`, int64(position))
	if err == nil {
		var name string
		var n int64
		_, err = pgx.ForEachRow(rows, []any{&name, &n}, func() error { counts[name] = n; return nil })
	}
	if err != nil {
		return nil, fmt.Errorf("count the facts after %d: %w", position, err)
	}
	return counts, nil
}
