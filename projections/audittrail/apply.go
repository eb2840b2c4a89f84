package audittrail

import (
	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/feedback"
	"github.com/jejak-kinerja/jejak/domain/person"
	"github.com/jejak-kinerja/jejak/projections"
)

// One statement a fact where it can be: the way to the database costs as much as
// the rows. What opens or follows continues the "with" that slotsOf begins.
const (
	// A fact that says everything itself.
	factSQL = `insert into audittrail_v1_fact values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16,
		$17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30) on conflict do nothing`
	// A fact that opens its stream says it for those that follow.
	openSQL = `origin as (
		insert into audittrail_v1_origin values ($2, $22, $23, $25, $26, $28, $29) on conflict do nothing) ` + factSQL
	// A fact that follows takes from the origin what it does not say.
	followSQL = `origin as (select subject, unit, plan, result, kind, period from audittrail_v1_origin where stream = $2)
		insert into audittrail_v1_fact select $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16,
			$17, $18, $19, $20, $21, coalesce(nullif($22, ''), o.subject, ''), coalesce(nullif($23, ''), o.unit, ''), $24,
			coalesce(nullif($25, ''), o.plan, ''), coalesce(nullif($26, ''), o.result, ''),
			$27, coalesce(nullif($28, ''), o.kind, ''), coalesce(nullif($29, ''), o.period, ''), $30
		from (values (1)) as one left join origin o on true on conflict do nothing`
	heardSQL = `insert into audittrail_v1_heard values ($1, $2, $3) on conflict do nothing`
)

func apply(out projections.Statements, fact domain.Recorded) error {
	a, m := aspectsOf(fact), fact.Meta
	row := []any{fact.Position, fact.Stream, fact.Revision, fact.ID, fact.Name, m.RecordedAt, m.EffectiveAt, a.day, fact.StoredAt,
		m.Actor, m.Capacity, m.OnBehalfOf, m.Authority, m.Reason, m.Source, m.Policy, m.Correlation, m.Causation,
		m.Command, m.Request, m.Salt, a.subject, a.unit, a.indicator, a.plan, a.result, a.value, a.kind, a.period, fact.Data}
	_, whole := fact.Body.(person.Event) // by the stream's name
	settled, slots := slotsOf(fact)
	switch {
	case a.opens:
		out.Exec(settled+openSQL, append(row, slots...)...)
	case whole:
		out.Exec(factSQL, row...)
	default:
		out.Exec(settled+followSQL, append(row, slots...)...)
	}
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
