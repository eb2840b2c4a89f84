package audittrail

import (
	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/feedback"
	"github.com/jejak-kinerja/jejak/domain/person"
	"github.com/jejak-kinerja/jejak/domain/progress"
	"github.com/jejak-kinerja/jejak/projections"
)

const (
	// A fact takes from its stream's origin what it does not say itself. The limit
	// keeps the planner at one look into the index a fact.
	factSQL = `insert into audittrail_v1_fact select r.position, r.stream, r.revision, r.event, r.name, r.recorded_at, r.effective_at,
			r.day, r.stored_at, r.actor, r.capacity, r.on_behalf_of, r.authority, r.reason, r.source, r.policy, r.correlation,
			r.causation, r.command, r.request, r.salt, coalesce(nullif(r.subject, ''), o.subject, ''),
			coalesce(nullif(r.unit, ''), o.unit, ''), r.indicator, coalesce(nullif(r.plan, ''), o.plan, ''),
			coalesce(nullif(r.result, ''), o.result, ''), r.value, coalesce(nullif(r.kind, ''), o.kind, ''),
			coalesce(nullif(r.period, ''), o.period, ''), r.body
		from unnest($1::bigint[], $2::text[], $3::bigint[], $4::text[], $5::text[], $6::timestamptz[], $7::timestamptz[], $8::text[],
			$9::timestamptz[], $10::text[], $11::text[], $12::text[], $13::text[], $14::text[], $15::text[], $16::text[], $17::text[],
			$18::text[], $19::text[], $20::text[], $21::text[], $22::text[], $23::text[], $24::text[], $25::text[], $26::text[],
			$27::text[], $28::text[], $29::text[], $30::bytea[])
			as r (position, stream, revision, event, name, recorded_at, effective_at, day, stored_at, actor, capacity, on_behalf_of,
				authority, reason, source, policy, correlation, causation, command, request, salt, subject, unit, indicator, plan,
				result, value, kind, period, body)
		left join lateral (select * from audittrail_v1_origin where stream = r.stream limit 1) o on true
		on conflict do nothing`
	originSQL = `insert into audittrail_v1_origin values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing`
	heardSQL  = `insert into audittrail_v1_heard values ($1, $2, $3) on conflict do nothing`
)

func apply(out projections.Statements, fact domain.Recorded) error {
	a, m := aspectsOf(fact), fact.Meta
	row := []any{fact.Position, fact.Stream, fact.Revision, fact.ID, fact.Name, m.RecordedAt, m.EffectiveAt, a.day, fact.StoredAt,
		m.Actor, m.Capacity, m.OnBehalfOf, m.Authority, m.Reason, m.Source, m.Policy, m.Correlation, m.Causation,
		m.Command, m.Request, m.Salt, a.subject, a.unit, a.indicator, a.plan, a.result, a.value, a.kind, a.period, fact.Data}
	if _, reported := fact.Body.(progress.Reported); a.opens && !reported {
		out.Exec(originSQL, fact.Stream, a.subject, a.unit, a.plan, a.result, a.kind, a.period)
	}
	settle(out, fact)
	out.Row(factSQL, row...)
	staff(out, fact, a)
	return nil
}

// staff keeps what the trails of staff and of silent staff need.
func staff(out projections.Statements, fact domain.Recorded, a aspects) {
	at := fact.Position
	switch e := fact.Body.(type) {
	case feedback.Given:
		out.Exec(heardSQL, e.About, a.day, at)
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
