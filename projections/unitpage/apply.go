package unitpage

import (
	"strings"

	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/appraisal"
	"github.com/jejak-kinerja/jejak/domain/feedback"
	"github.com/jejak-kinerja/jejak/domain/person"
	"github.com/jejak-kinerja/jejak/domain/plan"
	"github.com/jejak-kinerja/jejak/domain/progress"
	"github.com/jejak-kinerja/jejak/projections"
)

const (
	reportSQL = `insert into unitpage_v1_report values ($1, $2, $3, $4, $5, 'superior', false, $6, $7) on conflict do nothing`
	turnSQL   = `update unitpage_v1_report set turn = $2, withdrawn = withdrawn or $3, since = $4, position = $5
		where report = $1 and position < $5`
	// A corrected report must be acknowledged again; a question stays open.
	correctSQL = `update unitpage_v1_report set turn = 'superior', since = $2, position = $3
		where report = $1 and turn = 'nobody' and not withdrawn and position < $3`
	feedbackSQL = `insert into unitpage_v1_heard values ($1, $2, $3, $4, $5) on conflict do nothing`
	openPlanSQL = `insert into unitpage_v1_plan values ($1, $2, $3, $4, $5) on conflict do nothing`
	statusSQL   = `update unitpage_v1_plan set status = $2, position = $3 where plan = $1 and position < $3`
	// A change of content makes a plan a draft again, except one sent back.
	rewriteSQL = `update unitpage_v1_plan set status = 'draft', position = $2
		where plan = $1 and status not in ('draft', 'returned') and position < $2`
	openSQL   = `insert into unitpage_v1_appraisal values ($1, $2, $3, $4, '', $5) on conflict do nothing`
	deriveSQL = `update unitpage_v1_appraisal set predicate = $2, position = $3 where appraisal = $1 and position < $3`
)

func apply(out projections.Statements, fact domain.Recorded) error {
	at, since := fact.Position, fact.Meta.RecordedAt
	_, id, _ := strings.Cut(fact.Stream, "-")
	who := domain.PersonID(id)
	switch e := fact.Body.(type) {
	case progress.Reported:
		out.Exec(reportSQL, id, e.Unit, e.Person, e.Superior, e.On, since, at)
	case progress.Corrected:
		out.Exec(correctSQL, id, since, at)
	case progress.Acknowledged:
		out.Exec(turnSQL, id, "nobody", false, since, at)
	case progress.Questioned:
		out.Exec(turnSQL, id, "employee", false, since, at)
	case progress.Answered:
		out.Exec(turnSQL, id, "superior", false, since, at)
	case progress.Withdrawn:
		out.Exec(turnSQL, id, "nobody", true, since, at)
	case feedback.Given:
		out.Exec(feedbackSQL, e.About, projections.Day(fact.Meta.EffectiveAt), id, e.Unit, at)
	case plan.Opened:
		out.Exec(openPlanSQL, id, e.Unit, projections.Year(e.Span.From), plan.Draft, at)
	case plan.ResultAdded, plan.ResultAmended, plan.ResultWithdrawn, plan.IndicatorSet, plan.IndicatorRemoved, plan.BehaviourExpected:
		out.Exec(rewriteSQL, id, at)
	case plan.Submitted:
		out.Exec(statusSQL, id, plan.AwaitingSignature, at)
	case plan.Returned:
		out.Exec(statusSQL, id, plan.SentBack, at)
	case plan.Established:
		out.Exec(statusSQL, id, plan.Valid, at)
	case plan.SignatureWithdrawn:
		out.Exec(statusSQL, id, plan.Draft, at)
	case plan.Closed:
		out.Exec(statusSQL, id, plan.Ended, at)
	case appraisal.Opened:
		out.Exec(openSQL, id, e.Unit, projections.Year(e.Span.From), e.Kind, at)
	case appraisal.PredicateDerived:
		out.Exec(deriveSQL, id, e.Predicate, at)
	case person.Registered:
		staffing.Registered(out, who, string(e.Employment), projections.Day(fact.Meta.EffectiveAt), at)
	case person.PostAssigned:
		staffing.Assigned(out, who, e.Post, e.Unit, e.Acting, e.From, at)
	case person.PostEnded:
		staffing.Ended(out, who, e.Post, e.LastDay, at)
	case person.Separated:
		staffing.Separated(out, who, e.LastDay, at)
	}
	return nil
}
