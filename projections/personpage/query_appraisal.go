package personpage

import (
	"context"

	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/projections"
)

const (
	appraisalColumns = `select appraisal, person, appraiser, unit, plan, kind, from_day as from, until_day as until, result_rating, result_note,
		behaviour_rating, behaviour_note, "values", predicate, opened_at, delivered_at, received_at, revision, position from personpage_v1_appraisal `
	appraisalSQL        = appraisalColumns + `where appraisal = $1`
	appraisalsSQL       = appraisalColumns + `where person = $1 order by from_day desc, opened desc`
	appraisalsOfPlanSQL = appraisalColumns + `where plan = $1 and plan <> '' order by from_day desc, opened desc`
	realisationsSQL     = `select appraisal, result, quantity, measure, reports, no_evidence, position from personpage_v1_realisation
		where appraisal = $1 order by position`
	changesSQL = `select appraisal, dimension, old, new, reason, authority, reference, by, capacity, at, position from personpage_v1_change
		where appraisal = any($1::text[]) order by position`
)

// FindAppraisal gives one appraisal with realisations and changes; NotFound when
// there is none.
func FindAppraisal(ctx context.Context, q projections.Querier, id domain.AppraisalID) (Appraisal, error) {
	found, err := withChanges(ctx, q, appraisalSQL, string(id))
	if err == nil && len(found) == 0 {
		err = domain.Missing("appraisal-unknown", "no such appraisal")
	}
	if err != nil {
		return Appraisal{}, err
	}
	a := found[0]
	a.Realisations, err = collectLax[Realisation](ctx, q, "list realisations", realisationsSQL, id)
	return a, err
}

// Appraisals gives the person's appraisals with ratings and changes, without
// realisations, the latest period first.
func Appraisals(ctx context.Context, q projections.Querier, person domain.PersonID) ([]Appraisal, error) {
	return withChanges(ctx, q, appraisalsSQL, string(person))
}

// AppraisalsOfPlan gives the appraisals that rest on a plan, likewise.
func AppraisalsOfPlan(ctx context.Context, q projections.Querier, plan domain.PlanID) ([]Appraisal, error) {
	return withChanges(ctx, q, appraisalsOfPlanSQL, string(plan))
}

func withChanges(ctx context.Context, q projections.Querier, sql, of string) ([]Appraisal, error) {
	found, err := collectLax[Appraisal](ctx, q, "list appraisals", sql, of)
	if err != nil {
		return nil, err
	}
	ids := make([]domain.AppraisalID, len(found))
	place := make(map[domain.AppraisalID]int, len(found))
	for i, a := range found {
		ids[i], place[a.Appraisal] = a.Appraisal, i
	}
	changes, err := collectLax[ScoreChange](ctx, q, "list changes of score", changesSQL, ids)
	for _, c := range changes {
		a := &found[place[c.Appraisal]]
		a.Changes = append(a.Changes, c)
	}
	return found, err
}
