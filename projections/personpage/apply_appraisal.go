package personpage

import (
	"strings"

	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/appraisal"
	"github.com/jejak-kinerja/jejak/projections"
)

// onAppraisal makes an update of one appraisal's row, which keeps the fact it was made from.
func onAppraisal(columns, set string) string {
	return projections.Over("appraisal text, revision bigint, at bigint"+columns,
		`update personpage_v1_appraisal a set `+set+`revision = r.revision, position = r.at from r, `+projections.Lookup("personpage_v1_appraisal", "appraisal")+` l where a.ctid = l.place and l.position < r.at`)
}

var (
	openSQL = projections.Over(`appraisal text, revision bigint, at bigint, person text, appraiser text, unit text, plan text, kind text,
			from_day text, until_day text, opened_at timestamptz`, `insert into personpage_v1_appraisal
			(appraisal, revision, position, opened, person, appraiser, unit, plan, kind, from_day, until_day, opened_at)
		select appraisal, revision, at, at, person, appraiser, unit, plan, kind, from_day, until_day, opened_at from r on conflict do nothing`)
	realisationSQL = projections.Over("appraisal text, result text, quantity bigint, measure text, reports text, no_evidence text, at bigint",
		`insert into personpage_v1_realisation as o select appraisal, result, quantity, measure, reports::text[], no_evidence, at from r
		on conflict (appraisal, result) do update set quantity = excluded.quantity, measure = excluded.measure,
			reports = excluded.reports, no_evidence = excluded.no_evidence, position = excluded.position
		where o.position < excluded.position`)
	touchAppraisalSQL = onAppraisal("", "")
	rateResultSQL     = onAppraisal(", rating text, note text", "result_rating = r.rating, result_note = r.note, ")
	rateBehaviourSQL  = onAppraisal(", rating text, note text, marks text", `behaviour_rating = r.rating, behaviour_note = r.note, "values" = r.marks::jsonb, `)
	predicateSQL      = onAppraisal(", predicate text", "predicate = r.predicate, ")
	changeSQL         = `insert into personpage_v1_change values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) on conflict do nothing`
	changeResultSQL   = onAppraisal(", rating text", "result_rating = r.rating, ")
	changeBehavSQL    = onAppraisal(", rating text", "behaviour_rating = r.rating, ")
	deliverSQL        = onAppraisal(", delivered_at timestamptz", "delivered_at = r.delivered_at, ")
	receiveSQL        = onAppraisal(", received_at timestamptz", "received_at = r.received_at, ")
)

func applyAppraisal(out projections.Statements, fact domain.Recorded, event appraisal.Event) error {
	id, rev, at, when := id(fact), fact.Revision, fact.Position, fact.Meta.RecordedAt
	switch e := event.(type) {
	case appraisal.Opened:
		out.Each(openSQL, id, rev, at, e.Person, e.Appraiser, e.Unit, e.Plan, e.Kind, e.Span.From, e.Span.Until, when)
	case appraisal.RealisationRecorded:
		out.Each(realisationSQL, id, e.Result, e.Quantity, e.Measure, arrayText(e.Reports), e.NoEvidence, at)
		out.Each(touchAppraisalSQL, id, rev, at)
	case appraisal.ResultRated:
		out.Each(rateResultSQL, id, rev, at, e.Rating, e.Note)
	case appraisal.BehaviourRated:
		values, err := inJSON(e.Values)
		if err != nil {
			return err
		}
		out.Each(rateBehaviourSQL, id, rev, at, e.Rating, e.Note, values)
	case appraisal.PredicateDerived:
		out.Each(predicateSQL, id, rev, at, e.Predicate)
	case appraisal.ScoreChanged:
		out.Exec(changeSQL, id, e.Dimension, e.Old, e.New, e.Reason, e.Authority, e.Reference, fact.Meta.Actor, fact.Meta.Capacity, when, at)
		if e.Dimension == appraisal.OfResult {
			out.Each(changeResultSQL, id, rev, at, e.New)
		} else {
			out.Each(changeBehavSQL, id, rev, at, e.New)
		}
	case appraisal.Delivered:
		out.Each(deliverSQL, id, rev, at, when)
	case appraisal.Received:
		out.Each(receiveSQL, id, rev, at, when)
	}
	return nil
}

// arrayText writes ids, which need no quoting, as PostgreSQL reads an array.
func arrayText(ids []domain.ReportID) string {
	texts := make([]string, len(ids))
	for n, id := range ids {
		texts[n] = string(id)
	}
	return "{" + strings.Join(texts, ",") + "}"
}
