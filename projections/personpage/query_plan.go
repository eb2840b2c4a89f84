package personpage

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/projections"
)

const planColumns = `select plan, person, appraiser, unit, post, leader, acting, from_day as from, until_day as until, status, content,
	employee_signed_at, appraiser_signed_at, version, reason, last_day, cause, revision, position from personpage_v1_plan `

const (
	planSQL  = planColumns + `where plan = $1`
	plansSQL = planColumns + `where person = $1 order by from_day desc, opened desc`
	// The plan of a day: the one whose span holds it, main post first, the latest
	// opened first; a plan that was closed before does not count.
	currentSQL = planColumns + `where person = $1 and from_day <= $2 and (until_day = '' or until_day >= $2)
		and (last_day = '' or last_day >= $2) order by acting <> '', opened desc limit 1`
	resultsSQL = `select plan, result, kind, wording, serves, position from personpage_v1_result
		where plan = $1 and not withdrawn order by opened`
	measuresSQL = `select plan, result, key, wording, aspect, target, measure, position from personpage_v1_measure
		where plan = $1 and not removed order by result, length(key), key`
	expectationsSQL = `select value, expectation, position from personpage_v1_expectation where plan = $1 order by value`
	versionsSQL     = `select plan, version, content, established_at, position from personpage_v1_version where plan = $1 order by version`
	progressSQL     = `select plan, result, measure, sum(quantity)::bigint as quantity, count(*) as reports, max(on_day) as last_on,
			max(position) as position
		from personpage_v1_report where plan = $1 and plan <> '' and status <> 'withdrawn'
		group by plan, result, measure order by result, measure`
)

// FindPlan gives one plan with its results, measures and expectations; NotFound
// when there is none.
func FindPlan(ctx context.Context, q projections.Querier, id domain.PlanID) (Plan, error) {
	p, found, err := whole(ctx, q, planSQL, id)
	if err == nil && !found {
		err = domain.Missing("plan-unknown", "no such plan")
	}
	return p, err
}

// CurrentPlan gives the person's plan of a day, whole; false when there is none.
func CurrentPlan(ctx context.Context, q projections.Querier, person domain.PersonID, on domain.Date) (Plan, bool, error) {
	return whole(ctx, q, currentSQL, person, on)
}

// Plans gives the person's plans without their contents, the latest first.
func Plans(ctx context.Context, q projections.Querier, person domain.PersonID) ([]Plan, error) {
	return collectLax[Plan](ctx, q, "list plans", plansSQL, person)
}

// Versions gives the contents of a plan that both signed, the first first.
func Versions(ctx context.Context, q projections.Querier, id domain.PlanID) ([]Version, error) {
	return collectLax[Version](ctx, q, "list versions of a plan", versionsSQL, id)
}

// ProgressOf adds up the reports on each result of a plan, by measure; a result
// nobody reported on has no row.
func ProgressOf(ctx context.Context, q projections.Querier, id domain.PlanID) ([]Progress, error) {
	return collectLax[Progress](ctx, q, "add up the progress of a plan", progressSQL, id)
}

func whole(ctx context.Context, q projections.Querier, sql string, args ...any) (Plan, bool, error) {
	rows, _ := q.Query(ctx, sql, args...)
	p, err := pgx.CollectOneRow(rows, pgx.RowToStructByNameLax[Plan])
	if errors.Is(err, pgx.ErrNoRows) {
		return Plan{}, false, nil
	}
	if err != nil {
		return Plan{}, false, fmt.Errorf("find a plan: %w", err)
	}
	if p.Results, err = collectLax[Result](ctx, q, "list results of a plan", resultsSQL, p.Plan); err != nil {
		return Plan{}, false, err
	}
	measures, err := collectLax[Indicator](ctx, q, "list measures of a plan", measuresSQL, p.Plan)
	if err != nil {
		return Plan{}, false, err
	}
	for i := range p.Results {
		for _, m := range measures {
			if m.Result == p.Results[i].Result {
				p.Results[i].Indicators = append(p.Results[i].Indicators, m)
			}
		}
	}
	p.Expectations, err = collectLax[Expectation](ctx, q, "list expectations of a plan", expectationsSQL, p.Plan)
	return p, err == nil, err
}

// collectLax reads rows into structs; fields that no column fills stay empty.
func collectLax[T any](ctx context.Context, q projections.Querier, what, sql string, args ...any) ([]T, error) {
	rows, _ := q.Query(ctx, sql, args...)
	found, err := projections.Collect[T](rows)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", what, err)
	}
	return found, nil
}
