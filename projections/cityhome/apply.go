package cityhome

import (
	"strings"

	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/appraisal"
	"github.com/jejak-kinerja/jejak/domain/feedback"
	"github.com/jejak-kinerja/jejak/domain/indicator"
	"github.com/jejak-kinerja/jejak/domain/person"
	"github.com/jejak-kinerja/jejak/domain/progress"
	"github.com/jejak-kinerja/jejak/projections"
)

// A roll-up grows only when the row behind it is new, so that a second delivery
// counts nothing twice. Many streams share its rows: counts are added up inside
// the statement, and the position is the greatest.
var (
	openSQL = projections.Over("appraisal text, year text, kind text, unit text, at bigint",
		`insert into cityhome_v3_appraisal select appraisal, year, kind, unit, '', at from r on conflict do nothing`)
	deriveSQL = projections.Over("appraisal text, predicate text, at bigint", `with old as (
			select a.year, a.kind, a.unit, a.predicate as was, a.place, r.* from r, `+projections.Lookup("cityhome_v3_appraisal", "appraisal")+` a
			where a.predicate <> r.predicate and a.position < r.at),
		moved as (
			update cityhome_v3_appraisal a set predicate = old.predicate, position = old.at from old where a.ctid = old.place),
		steps as (
			select year, kind, unit, predicate, 1 as n, at from old
			union all select year, kind, unit, was, -1, at from old where was <> '')
		insert into cityhome_v3_predicate as c
			select year, kind, unit, predicate, sum(n), max(at) from steps group by year, kind, unit, predicate
		on conflict (year, kind, unit, predicate) do update
			set appraisals = c.appraisals + excluded.appraisals, position = greatest(c.position, excluded.position)`)
	reportSQL = projections.Over("report text, unit text, monday text, at bigint", `with fresh as (
			insert into cityhome_v3_report select report, unit, monday, false from r on conflict do nothing returning unit, monday),
		steps as (select unit, monday, 1 as n, 0 as at from fresh union all select unit, monday, 0, at from r)
		insert into cityhome_v3_week as w select unit, monday, sum(n), 0, max(at) from steps group by unit, monday
		on conflict (monday, unit) do update set reports = w.reports + excluded.reports, position = greatest(w.position, excluded.position)`)
	withdrawSQL = projections.Over("report text, at bigint", `with gone as (
			update cityhome_v3_report p set withdrawn = true from r, `+projections.Lookup("cityhome_v3_report", "report")+` f where p.ctid = f.place and not f.withdrawn returning p.unit, p.monday, r.at)
		insert into cityhome_v3_week as w select unit, monday, -count(*), 0, max(at) from gone group by unit, monday
		on conflict (monday, unit) do update set reports = w.reports + excluded.reports, position = greatest(w.position, excluded.position)`)
	feedbackSQL = projections.Over("person text, day text, feedback text, unit text, monday text, at bigint", `with fresh as (
			insert into cityhome_v3_heard select person, day, feedback, at from r on conflict do nothing returning feedback)
		insert into cityhome_v3_week as w select unit, monday, 0, count(*), max(at) from r join fresh using (feedback) group by unit, monday
		on conflict (monday, unit) do update set feedback = w.feedback + excluded.feedback, position = greatest(w.position, excluded.position)`)
)

func apply(out projections.Statements, fact domain.Recorded) error {
	at := fact.Position
	_, id, _ := strings.Cut(fact.Stream, "-")
	who := domain.PersonID(id)
	switch e := fact.Body.(type) {
	case progress.Reported:
		out.Each(reportSQL, id, e.Unit, projections.Monday(e.On), at)
	case progress.Withdrawn:
		out.Each(withdrawSQL, id, at)
	case feedback.Given:
		day := projections.Day(fact.Meta.EffectiveAt)
		out.Each(feedbackSQL, e.About, day, id, e.Unit, projections.Monday(day), at)
	case appraisal.Opened:
		out.Each(openSQL, id, projections.Year(e.Span.From), e.Kind, e.Unit, at)
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
	case indicator.Event:
		return applyIndicator(out, id, at, fact.Revision, e)
	}
	return nil
}
