package cityhome

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/appraisal"
	"github.com/jejak-kinerja/jejak/projections"
)

// MaxWeeks bounds a series: two years of columns are more than anybody reads.
const MaxWeeks = 104

const (
	yearsSQL      = `select distinct year from cityhome_v3_predicate where appraisals > 0 order by year desc`
	predicatesSQL = `select $1 as year, kind, '' as unit, predicate, sum(appraisals)::bigint as appraisals, max(position) as position
		from cityhome_v3_predicate where year = $1 and kind = $2 group by kind, predicate having sum(appraisals) > 0 order by predicate`
	predicatesByUnitSQL = `select year, kind, unit, predicate, appraisals, position
		from cityhome_v3_predicate where year = $1 and kind = $2 and appraisals > 0 order by unit, predicate`
	weeksSQL = `select monday, $1 as unit, sum(reports)::bigint as reports, sum(feedback)::bigint as feedback, max(position) as position
		from cityhome_v3_week where monday between $2 and $3 and ($1 = '' or unit = $1) group by monday order by monday`
)

// PredicateYears gives the years that have predicates, the latest first.
func PredicateYears(ctx context.Context, q projections.Querier) ([]string, error) {
	rows, _ := q.Query(ctx, yearsSQL)
	years, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return nil, fmt.Errorf("list the years: %w", err)
	}
	return years, nil
}

// Predicates counts the city's appraisals of a year and kind by predicate; a
// predicate that none has is left out.
func Predicates(ctx context.Context, q projections.Querier, year string, kind appraisal.Kind) ([]PredicateCount, error) {
	return predicates(ctx, q, predicatesSQL, year, kind)
}

// PredicatesByUnit counts the same unit by unit, ordered by unit.
func PredicatesByUnit(ctx context.Context, q projections.Querier, year string, kind appraisal.Kind) ([]PredicateCount, error) {
	return predicates(ctx, q, predicatesByUnitSQL, year, kind)
}

func predicates(ctx context.Context, q projections.Querier, sql, year string, kind appraisal.Kind) ([]PredicateCount, error) {
	rows, _ := q.Query(ctx, sql, year, kind)
	counts, err := projections.Collect[PredicateCount](rows)
	if err != nil {
		return nil, fmt.Errorf("count the predicates: %w", err)
	}
	return counts, nil
}

// Weeks gives the n weeks up to the one that holds the day, oldest first, empty
// weeks too; of one unit, or of the whole city when unit is empty.
func Weeks(ctx context.Context, q projections.Querier, unit domain.UnitID, on domain.Date, n int) ([]Week, error) {
	n = max(1, min(n, MaxWeeks))
	last := projections.Monday(on)
	first := last.AddDays(-7 * (n - 1))
	rows, _ := q.Query(ctx, weeksSQL, unit, first, last)
	found, err := projections.Collect[Week](rows)
	if err != nil {
		return nil, fmt.Errorf("count the weeks: %w", err)
	}
	weeks := make([]Week, 0, n)
	for monday := first; monday <= last; monday = monday.AddDays(7) {
		if len(found) > 0 && found[0].Monday == monday {
			weeks, found = append(weeks, found[0]), found[1:]
			continue
		}
		weeks = append(weeks, Week{Monday: monday, Unit: unit})
	}
	return weeks, nil
}
