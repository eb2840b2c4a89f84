package unitpage

import (
	"context"
	"fmt"

	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/projections"
)

// MaxWeeks bounds a series: two years of columns are more than anybody reads.
const MaxWeeks = 104

const (
	plansSQL = `select unit, year, status, count(*) as plans, max(position) as position
		from unitpage_v3_plan where unit = $1 and year = $2 group by unit, year, status order by status`
	predicatesSQL = `select unit, year, kind, predicate, count(*) as appraisals, max(position) as position
		from unitpage_v3_appraisal where unit = $1 and year = $2 and predicate <> ''
		group by unit, year, kind, predicate order by kind, predicate`
	weeksSQL = `select unit, monday, reports, feedback, position
		from unitpage_v3_week where unit = $1 and monday between $2 and $3 order by monday`
)

var staffSQL = `select $2::text as unit, $1::text as on, employment, count(*) as people, max(position) as position
	from (` + projections.StaffOn(Name, "$1") + `) s where unit = $2 group by employment order by employment`

// StaffCounts counts the people whose main post is in the unit on the day, by
// kind of service.
func StaffCounts(ctx context.Context, q projections.Querier, on domain.Date, unit domain.UnitID) ([]StaffCount, error) {
	return collect[StaffCount](ctx, q, "count the staff", staffSQL, on, unit)
}

// Plans counts the unit's plans of a year by status; a status that none has is left out.
func Plans(ctx context.Context, q projections.Querier, unit domain.UnitID, year string) ([]PlanCount, error) {
	return collect[PlanCount](ctx, q, "count the plans", plansSQL, unit, year)
}

// Predicates counts the unit's appraisals of a year by kind and predicate.
func Predicates(ctx context.Context, q projections.Querier, unit domain.UnitID, year string) ([]PredicateCount, error) {
	return collect[PredicateCount](ctx, q, "count the predicates", predicatesSQL, unit, year)
}

// Weeks gives the unit's n weeks up to the one that holds the day, oldest first,
// empty weeks too.
func Weeks(ctx context.Context, q projections.Querier, unit domain.UnitID, on domain.Date, n int) ([]Week, error) {
	n = max(1, min(n, MaxWeeks))
	last := projections.Monday(on)
	first := last.AddDays(-7 * (n - 1))
	found, err := collect[Week](ctx, q, "count the weeks", weeksSQL, unit, first, last)
	if err != nil {
		return nil, err
	}
	weeks := make([]Week, 0, n)
	for monday := first; monday <= last; monday = monday.AddDays(7) {
		if len(found) > 0 && found[0].Monday == monday {
			weeks, found = append(weeks, found[0]), found[1:]
			continue
		}
		weeks = append(weeks, Week{Unit: unit, Monday: monday})
	}
	return weeks, nil
}

func collect[T any](ctx context.Context, q projections.Querier, what, sql string, args ...any) ([]T, error) {
	rows, _ := q.Query(ctx, sql, args...)
	found, err := projections.Collect[T](rows)
	if err != nil {
		return nil, fmt.Errorf("%s of a unit: %w", what, err)
	}
	return found, nil
}
