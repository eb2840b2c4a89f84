package personpage

import (
	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/appraisal"
	"github.com/jejak-kinerja/jejak/projections"
)

// judged ends every update of an appraisal: which fact the row was made from, once.
const judged = `, revision = $2, position = $3 where appraisal = $1 and position < $3`

const (
	openSQL = `insert into personpage_v1_appraisal
			(appraisal, revision, position, opened, person, appraiser, unit, plan, kind, from_day, until_day, opened_at)
		values ($1, $2, $3, $3, $4, $5, $6, $7, $8, $9, $10, $11) on conflict do nothing`
	realisationSQL = `insert into personpage_v1_realisation as r values ($1, $2, $3, $4, $5, $6, $7)
		on conflict (appraisal, result) do update set quantity = excluded.quantity, measure = excluded.measure,
			reports = excluded.reports, no_evidence = excluded.no_evidence, position = excluded.position
		where r.position < excluded.position`
	touchAppraisalSQL = `update personpage_v1_appraisal set revision = $2, position = $3 where appraisal = $1 and position < $3`
	rateResultSQL     = `update personpage_v1_appraisal set result_rating = $4, result_note = $5` + judged
	rateBehaviourSQL  = `update personpage_v1_appraisal set behaviour_rating = $4, behaviour_note = $5, "values" = $6` + judged
	predicateSQL      = `update personpage_v1_appraisal set predicate = $4` + judged
	changeSQL         = `insert into personpage_v1_change values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) on conflict do nothing`
	changeResultSQL   = `update personpage_v1_appraisal set result_rating = $4` + judged
	changeBehavSQL    = `update personpage_v1_appraisal set behaviour_rating = $4` + judged
	deliverSQL        = `update personpage_v1_appraisal set delivered_at = $4` + judged
	receiveSQL        = `update personpage_v1_appraisal set received_at = $4` + judged
)

func applyAppraisal(out projections.Statements, fact domain.Recorded, event appraisal.Event) error {
	id, rev, at, when := id(fact), fact.Revision, fact.Position, fact.Meta.RecordedAt
	switch e := event.(type) {
	case appraisal.Opened:
		out.Exec(openSQL, id, rev, at, e.Person, e.Appraiser, e.Unit, e.Plan, e.Kind, e.Span.From, e.Span.Until, when)
	case appraisal.RealisationRecorded:
		reports := append([]domain.ReportID{}, e.Reports...)
		out.Exec(realisationSQL, id, e.Result, e.Quantity, e.Measure, reports, e.NoEvidence, at)
		out.Exec(touchAppraisalSQL, id, rev, at)
	case appraisal.ResultRated:
		out.Exec(rateResultSQL, id, rev, at, e.Rating, e.Note)
	case appraisal.BehaviourRated:
		values, err := inJSON(e.Values)
		if err != nil {
			return err
		}
		out.Exec(rateBehaviourSQL, id, rev, at, e.Rating, e.Note, values)
	case appraisal.PredicateDerived:
		out.Exec(predicateSQL, id, rev, at, e.Predicate)
	case appraisal.ScoreChanged:
		out.Exec(changeSQL, id, e.Dimension, e.Old, e.New, e.Reason, e.Authority, e.Reference, fact.Meta.Actor, fact.Meta.Capacity, when, at)
		if e.Dimension == appraisal.OfResult {
			out.Exec(changeResultSQL, id, rev, at, e.New)
		} else {
			out.Exec(changeBehavSQL, id, rev, at, e.New)
		}
	case appraisal.Delivered:
		out.Exec(deliverSQL, id, rev, at, when)
	case appraisal.Received:
		out.Exec(receiveSQL, id, rev, at, when)
	}
	return nil
}
