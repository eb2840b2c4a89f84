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

// timelineSQL reads the newest facts that no block holds yet, then as many blocks as
// the page may need: the first may hold but one fact of it, when the page begins inside.
var timelineSQL = `with loose as materialized (
		select f.position, record_send(f) as facts from audittrail_v3_fact f
		where f.subject = $1 and f.subject <> '' and f.position < $2 and f.position > coalesce(
			(select position from audittrail_v3_block where subject = $1 order by number desc limit 1), 0)
		order by f.position desc limit $3),
	loosely as (select count(*) as facts from loose)
	select facts from (
		select position, facts from loose
		union all (
			select position, facts from audittrail_v3_block where subject = $1 and first < $2 order by number desc
			limit (select ($3 - facts + case facts when 0 then 2 * ` + perBlock + ` - 2 else ` + perBlock + ` - 1 end) / ` + perBlock + ` from loosely))
	) page order by position desc`

// timelineOfTo reads the trail itself: blocks hold all topics.
const timelineOfTo = entrySQL + ` where f.subject = $1 and f.subject <> '' and f.position < $2
	and split_part(f.stream, '-', 1) = any($4::text[])` + newestFirst + `$3`

// Timeline lists what happened to the person, the latest first; of some topics,
// or of all when none is named.
func Timeline(ctx context.Context, q projections.Querier, person domain.PersonID, topics []Topic, page projections.Page) (projections.Rows[Entry], error) {
	before := uint64(math.MaxInt64)
	if err := page.Key(&before); err != nil {
		return projections.Rows[Entry]{}, err
	}
	size := page.Size() + 1
	sql, args := timelineSQL, []any{person, before, size}
	if len(topics) > 0 {
		sql, args = timelineOfTo, append(args, categories(topics))
	}
	rows, _ := q.Query(ctx, sql, args...)
	entries, err := newest(rows, before, size)
	if err != nil {
		return projections.Rows[Entry]{}, fmt.Errorf("list a person's timeline: %w", err)
	}
	return projections.Cut(page, entries, func(e Entry) any { return e.Position })
}

// newest reads so many facts before a position, from rows of one or many each.
func newest(rows pgx.Rows, before uint64, size int) ([]Entry, error) {
	defer rows.Close()
	entries := make([]Entry, 0, size)
	var raw []byte
	for rows.Next() {
		if err := rows.Scan(&raw); err != nil {
			return nil, err
		}
		for d := newDecoder(raw); d.more() && len(entries) < size; {
			if e := d.entry(); e.Position < before {
				entries = append(entries, e)
			}
			if d.err != nil {
				return nil, d.err
			}
		}
	}
	return entries, rows.Err()
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
