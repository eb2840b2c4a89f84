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

var (
	reports = projections.Lookup("unitpage_v3_report", "report")
	plans   = projections.Lookup("unitpage_v3_plan", "plan")
)

// weekly adds the steps (unit, monday, reports, feedback, at) that a statement
// made to the roll-up. They come only from rows that changed, so that a second
// delivery counts nothing twice; many streams share a week, so they are added up.
const weekly = ` insert into unitpage_v3_week as w
		select unit, monday, sum(reports), sum(feedback), max(at) from steps group by unit, monday
	on conflict (unit, monday) do update set reports = w.reports + excluded.reports,
		feedback = w.feedback + excluded.feedback, position = greatest(w.position, excluded.position)`

var (
	reportSQL = projections.Over("report text, unit text, person text, superior text, on_day text, monday text, since timestamptz, at bigint", `with steps as (
			insert into unitpage_v3_report select report, unit, person, superior, on_day, monday, 'superior', false, since, at from r
			on conflict do nothing returning unit, monday, 1 as reports, 0 as feedback, position as at)`+weekly)
	turnSQL = projections.Over("report text, turn text, since timestamptz, at bigint",
		`update unitpage_v3_report p set turn = r.turn, since = r.since, position = r.at
		from r, `+reports+` f where p.ctid = f.place and f.position < r.at`)
	withdrawSQL = projections.Over("report text, since timestamptz, at bigint", `with steps as (
			update unitpage_v3_report p set turn = 'nobody', withdrawn = true, since = r.since, position = r.at
			from r, `+reports+` f where p.ctid = f.place and f.position < r.at
			returning p.unit, p.monday, case when f.withdrawn then 0 else -1 end as reports, 0 as feedback, r.at)`+weekly)
	// A corrected report must be acknowledged again; a question stays open.
	correctSQL = projections.Over("report text, since timestamptz, at bigint",
		`update unitpage_v3_report p set turn = 'superior', since = r.since, position = r.at
		from r, `+reports+` f where p.ctid = f.place and f.turn = 'nobody' and not f.withdrawn and f.position < r.at`)
	feedbackSQL = projections.Over("person text, day text, feedback text, unit text, monday text, at bigint", `with fresh as (
			insert into unitpage_v3_heard select person, day, feedback, at from r on conflict do nothing returning feedback as said),
		steps as (select unit, monday, 0 as reports, 1 as feedback, at from r join fresh on said = r.feedback)`+weekly)
	openPlanSQL = projections.Over("plan text, unit text, year text, status text, at bigint",
		`insert into unitpage_v3_plan select plan, unit, year, status, at from r on conflict do nothing`)
	statusSQL = projections.Over("plan text, status text, at bigint",
		`update unitpage_v3_plan p set status = r.status, position = r.at from r, `+plans+` f where p.ctid = f.place and f.position < r.at`)
	// A change of content makes a plan a draft again, except one sent back.
	rewriteSQL = projections.Over("plan text, at bigint", `update unitpage_v3_plan p set status = 'draft', position = r.at
		from r, `+plans+` f where p.ctid = f.place and f.status not in ('draft', 'returned') and f.position < r.at`)
	openSQL = projections.Over("appraisal text, unit text, year text, kind text, at bigint",
		`insert into unitpage_v3_appraisal select appraisal, unit, year, kind, '', at from r on conflict do nothing`)
	deriveSQL = projections.Over("appraisal text, predicate text, at bigint",
		`update unitpage_v3_appraisal a set predicate = r.predicate, position = r.at from r, `+projections.Lookup("unitpage_v3_appraisal", "appraisal")+` f where a.ctid = f.place and f.position < r.at`)
)

func apply(out projections.Statements, fact domain.Recorded) error {
	at, since := fact.Position, fact.Meta.RecordedAt
	_, id, _ := strings.Cut(fact.Stream, "-")
	who := domain.PersonID(id)
	switch e := fact.Body.(type) {
	case progress.Reported:
		out.Each(reportSQL, id, e.Unit, e.Person, e.Superior, e.On, projections.Monday(e.On), since, at)
	case progress.Corrected:
		out.Each(correctSQL, id, since, at)
	case progress.Acknowledged:
		out.Each(turnSQL, id, "nobody", since, at)
	case progress.Questioned:
		out.Each(turnSQL, id, "employee", since, at)
	case progress.Answered:
		out.Each(turnSQL, id, "superior", since, at)
	case progress.Withdrawn:
		out.Each(withdrawSQL, id, since, at)
	case feedback.Given:
		day := projections.Day(fact.Meta.EffectiveAt)
		out.Each(feedbackSQL, e.About, day, id, e.Unit, projections.Monday(day), at)
	case plan.Opened:
		out.Each(openPlanSQL, id, e.Unit, projections.Year(e.Span.From), plan.Draft, at)
	case plan.ResultAdded, plan.ResultAmended, plan.ResultWithdrawn, plan.IndicatorSet, plan.IndicatorRemoved, plan.BehaviourExpected:
		out.Each(rewriteSQL, id, at)
	case plan.Submitted:
		out.Each(statusSQL, id, plan.AwaitingSignature, at)
	case plan.Returned:
		out.Each(statusSQL, id, plan.SentBack, at)
	case plan.Established:
		out.Each(statusSQL, id, plan.Valid, at)
	case plan.SignatureWithdrawn:
		out.Each(statusSQL, id, plan.Draft, at)
	case plan.Closed:
		out.Each(statusSQL, id, plan.Ended, at)
	case appraisal.Opened:
		out.Each(openSQL, id, e.Unit, projections.Year(e.Span.From), e.Kind, at)
	case appraisal.PredicateDerived:
		out.Each(deriveSQL, id, e.Predicate, at)
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
