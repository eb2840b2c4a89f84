package audittrail

import (
	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/feedback"
	"github.com/jejak-kinerja/jejak/domain/person"
	"github.com/jejak-kinerja/jejak/domain/progress"
	"github.com/jejak-kinerja/jejak/projections"
)

var (
	// A fact takes from its stream's origin what it does not say itself. Facts about a
	// person are counted, and put into blocks when they fill one.
	factSQL = projections.Over(`position bigint, stream text, revision bigint, event text, name text, recorded_at timestamptz,
			effective_at timestamptz, day text, stored_at timestamptz, actor text, capacity text, on_behalf_of text, authority text,
			reason text, source text, policy text, correlation text, causation text, command text, request text, salt text,
			subject text, unit text, indicator text, plan text, result text, value text, kind text, period text, body bytea`,
		`with added as (
			insert into audittrail_v3_fact select r.position, r.stream, r.revision, r.event, r.name, r.recorded_at, r.effective_at,
				r.day, r.stored_at, r.actor, r.capacity, r.on_behalf_of, r.authority, r.reason, r.source, r.policy, r.correlation,
				r.causation, r.command, r.request, r.salt, coalesce(nullif(r.subject, ''), o.subject, ''),
				coalesce(nullif(r.unit, ''), o.unit, ''), r.indicator, coalesce(nullif(r.plan, ''), o.plan, ''),
				coalesce(nullif(r.result, ''), o.result, ''), r.value, coalesce(nullif(r.kind, ''), o.kind, ''),
				coalesce(nullif(r.period, ''), o.period, ''), r.body
			from r left join `+projections.Lookup("audittrail_v3_origin", "stream")+` o on true on conflict do nothing returning *)`+fillBlocks)
	originSQL = projections.Over("stream text, subject text, unit text, plan text, result text, kind text, period text",
		`insert into audittrail_v3_origin select * from r on conflict do nothing`)
	heardSQL = projections.Over("person text, day text, at bigint",
		`insert into audittrail_v3_heard select person, day, at from r on conflict do nothing`)
)

func apply(out projections.Statements, fact domain.Recorded) error {
	a, m := aspectsOf(fact), fact.Meta
	row := []any{fact.Position, fact.Stream, fact.Revision, fact.ID, fact.Name, m.RecordedAt, m.EffectiveAt, a.day, fact.StoredAt,
		m.Actor, m.Capacity, m.OnBehalfOf, m.Authority, m.Reason, m.Source, m.Policy, m.Correlation, m.Causation,
		m.Command, m.Request, m.Salt, a.subject, a.unit, a.indicator, a.plan, a.result, a.value, a.kind, a.period, fact.Data}
	if _, reported := fact.Body.(progress.Reported); a.opens && !reported {
		out.Each(originSQL, fact.Stream, a.subject, a.unit, a.plan, a.result, a.kind, a.period)
	}
	settle(out, fact)
	out.Append(factSQL, row...)
	staff(out, fact, a)
	return nil
}

// staff keeps what the trails of staff and of silent staff need.
func staff(out projections.Statements, fact domain.Recorded, a aspects) {
	at := fact.Position
	switch e := fact.Body.(type) {
	case feedback.Given:
		out.Append(heardSQL, e.About, a.day, at)
	case person.Registered:
		staffing.Registered(out, a.subject, string(e.Employment), a.day, at)
	case person.PostAssigned:
		staffing.Assigned(out, a.subject, e.Post, e.Unit, e.Acting, e.From, at)
	case person.PostEnded:
		staffing.Ended(out, a.subject, e.Post, e.LastDay, at)
	case person.Separated:
		staffing.Separated(out, a.subject, e.LastDay, at)
	}
}
