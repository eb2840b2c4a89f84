package audittrail

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/projections"
)

// Topic groups what happened to a person, for the filter of the timeline.
type Topic string

// The topics, each the category of the facts' streams; service has units' too.
const (
	Service   Topic = "person"
	Plan      Topic = "plan"
	Progress  Topic = "progress"
	Feedback  Topic = "feedback"
	Appraisal Topic = "appraisal"
)

// Topics lists every topic in the order of the filter.
var Topics = []Topic{Progress, Feedback, Plan, Appraisal, Service}

// Topic tells what the fact is about.
func (e Entry) Topic() Topic {
	category, _, _ := strings.Cut(e.Stream, "-")
	if !slices.Contains(Topics, Topic(category)) {
		return Service
	}
	return Topic(category)
}

const (
	ofPersonSQL  = entrySQL + ` where f.subject = $1 and f.subject <> '' and f.position < $2`
	timelineSQL  = ofPersonSQL + newestFirst + `$3`
	timelineOfTo = ofPersonSQL + ` and split_part(f.stream, '-', 1) = any($4::text[])` + newestFirst + `$3`
)

// Timeline lists what happened to the person, the latest first; of some topics,
// or of all when none is named.
func Timeline(ctx context.Context, q projections.Querier, person domain.PersonID, topics []Topic, page projections.Page) (projections.Rows[Entry], error) {
	before := int64(math.MaxInt64)
	if err := page.Key(&before); err != nil {
		return projections.Rows[Entry]{}, err
	}
	sql, args := timelineSQL, []any{person, before, page.Size() + 1}
	if len(topics) > 0 {
		sql, args = timelineOfTo, append(args, categories(topics))
	}
	rows, _ := q.Query(ctx, sql, args...)
	entries, err := pgx.CollectRows(rows, pgx.RowToStructByName[Entry])
	if err != nil {
		return projections.Rows[Entry]{}, fmt.Errorf("list a person's timeline: %w", err)
	}
	return projections.Cut(page, entries, func(e Entry) any { return e.Position })
}

func categories(topics []Topic) []string {
	var all []string
	for _, t := range topics {
		all = append(all, string(t))
		if t == Service {
			all = append(all, "unit", "bkn")
		}
	}
	return all
}
