package inbox

import (
	"context"
	"fmt"
	"time"

	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/projections"
)

const (
	itemsSQL = `select person, task, stream, about, since, position from inbox_v1_item
		where person = $1 and ($5 = '' or task = $5) and (since, stream, task) > ($2, $3, $4) order by since, stream, task limit $6`
	countsSQL = `select task, count(*) as items, min(since) as oldest, max(position) as position
		from inbox_v1_item where person = $1 group by task`
)

// Items lists what waits for the person, the longest first; of one task, or of
// all when task is empty.
func Items(ctx context.Context, q projections.Querier, person domain.PersonID, task Task, page projections.Page) (projections.Rows[Item], error) {
	var after struct {
		Since  time.Time
		Stream string
		Task   Task
	}
	if err := page.Key(&after); err != nil {
		return projections.Rows[Item]{}, err
	}
	rows, _ := q.Query(ctx, itemsSQL, person, after.Since, after.Stream, after.Task, task, page.Size()+1)
	items, err := projections.Collect[Item](rows)
	if err != nil {
		return projections.Rows[Item]{}, fmt.Errorf("list what waits: %w", err)
	}
	return projections.Cut(page, items, func(i Item) any {
		after.Since, after.Stream, after.Task = i.Since, i.Stream, i.Task
		return after
	})
}

// Counts counts what waits for the person in the order of Tasks; a task with
// nothing waiting is left out.
func Counts(ctx context.Context, q projections.Querier, person domain.PersonID) ([]Count, error) {
	rows, _ := q.Query(ctx, countsSQL, person)
	found, err := projections.Collect[Count](rows)
	if err != nil {
		return nil, fmt.Errorf("count what waits: %w", err)
	}
	of := map[Task]Count{}
	for _, c := range found {
		of[c.Task] = c
	}
	counts := make([]Count, 0, len(found))
	for _, t := range Tasks {
		if c, ok := of[t]; ok {
			counts = append(counts, c)
		}
	}
	return counts, nil
}
