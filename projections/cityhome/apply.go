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
// counts nothing twice.
const (
	openSQL   = `insert into cityhome_v1_appraisal values ($1, $2, $3, $4, '', $5) on conflict do nothing`
	deriveSQL = `with old as (
			select * from cityhome_v1_appraisal where appraisal = $1 and predicate <> $2 and position < $3),
		moved as (
			update cityhome_v1_appraisal set predicate = $2, position = $3 where appraisal in (select appraisal from old))
		insert into cityhome_v1_predicate as c
			select year, kind, unit, $2, 1, $3::bigint from old
			union all select year, kind, unit, predicate, -1, $3 from old where predicate <> ''
		on conflict (year, kind, unit, predicate) do update
			set appraisals = c.appraisals + excluded.appraisals, position = excluded.position`
	reportSQL = `with fresh as (
			insert into cityhome_v1_report values ($1, $2, $3, false) on conflict do nothing returning unit, monday)
		insert into cityhome_v1_week as w select unit, monday, 1, 0, $4::bigint from fresh
		on conflict (monday, unit) do update set reports = w.reports + 1, position = excluded.position`
	withdrawSQL = `with gone as (
			update cityhome_v1_report set withdrawn = true where report = $1 and not withdrawn returning unit, monday)
		update cityhome_v1_week w set reports = reports - 1, position = $2
		from gone where w.unit = gone.unit and w.monday = gone.monday`
	feedbackSQL = `with fresh as (
			insert into cityhome_v1_heard values ($1, $2, $3, $6) on conflict do nothing returning person)
		insert into cityhome_v1_week as w select $4, $5, 0, 1, $6::bigint from fresh
		on conflict (monday, unit) do update set feedback = w.feedback + 1, position = excluded.position`
)

func apply(out projections.Statements, fact domain.Recorded) error {
	at := fact.Position
	_, id, _ := strings.Cut(fact.Stream, "-")
	who := domain.PersonID(id)
	switch e := fact.Body.(type) {
	case progress.Reported:
		out.Exec(reportSQL, id, e.Unit, projections.Monday(e.On), at)
	case progress.Withdrawn:
		out.Exec(withdrawSQL, id, at)
	case feedback.Given:
		day := projections.Day(fact.Meta.EffectiveAt)
		out.Exec(feedbackSQL, e.About, day, id, e.Unit, projections.Monday(day), at)
	case appraisal.Opened:
		out.Exec(openSQL, id, projections.Year(e.Span.From), e.Kind, e.Unit, at)
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
	case indicator.Event:
		return applyIndicator(out, id, at, e)
	}
	return nil
}
