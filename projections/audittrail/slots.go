package audittrail

import (
	"cmp"

	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/appraisal"
	"github.com/jejak-kinerja/jejak/domain/plan"
	"github.com/jejak-kinerja/jejak/domain/progress"
	"github.com/jejak-kinerja/jejak/projections"
)

// The slots; see projections.Trail.
const (
	status    = "status"
	predicate = "predicate"
	turn      = "turn"
)

var slots = projections.Lookup("audittrail_v3_slot", "stream")

var (
	settleSQL = projections.Over("stream text, at bigint, slot text, value text", `insert into audittrail_v3_slot as s select stream, slot, at, value from r
		on conflict (stream, slot) do update set position = excluded.position, value = excluded.value
		where s.position < excluded.position`)
	// The commonest opening is one statement with its origin.
	reportedSQL = projections.Over("stream text, at bigint, measure text, person text, unit text, plan text, result text",
		`with origin as (insert into audittrail_v3_origin select stream, person, unit, plan, result, '', '' from r on conflict do nothing)
		insert into audittrail_v3_slot select stream, 'report', at, measure from r union all select stream, 'turn', at, 'superior' from r
		on conflict do nothing`)
	withdrawnSQL = projections.Over("stream text, at bigint",
		`update audittrail_v3_slot s set position = r.at, value = case s.slot when 'report' then 'withdrawn' else 'nobody' end
		from r, `+slots+` f where s.ctid = f.place and f.position < r.at`)
	// A correction keeps the report standing, with the measure it has now, and makes
	// an answered report wait again.
	correctedSQL = projections.Over("stream text, at bigint, measure text", `with report as (
			update audittrail_v3_slot s set value = r.measure from r, `+slots+` f where s.ctid = f.place and f.slot = 'report' and f.position < r.at)
		update audittrail_v3_slot s set position = r.at, value = 'superior' from r, `+slots+` f
		where s.ctid = f.place and f.slot = 'turn' and f.value = 'nobody' and f.position < r.at`)
	// A change of content makes a plan a draft again, except one sent back.
	rewriteSQL = projections.Over("stream text, at bigint", `update audittrail_v3_slot s set position = r.at, value = 'draft' from r, `+slots+` f
		where s.ctid = f.place and f.slot = 'status' and f.value not in ('draft', 'returned') and f.position < r.at`)
)

// settle moves the slots whose question the fact settles.
func settle(out projections.Statements, fact domain.Recorded) {
	exec := func(sql string, args ...any) { out.Each(sql, append([]any{fact.Stream, fact.Position}, args...)...) }
	switch e := fact.Body.(type) {
	case plan.Opened:
		exec(settleSQL, status, string(plan.Draft))
	case plan.ResultAdded, plan.ResultAmended, plan.ResultWithdrawn, plan.IndicatorSet, plan.IndicatorRemoved, plan.BehaviourExpected:
		exec(rewriteSQL)
	case plan.Submitted:
		exec(settleSQL, status, string(plan.AwaitingSignature))
	case plan.Returned:
		exec(settleSQL, status, string(plan.SentBack))
	case plan.Established:
		exec(settleSQL, status, string(plan.Valid))
	case plan.SignatureWithdrawn:
		exec(settleSQL, status, string(plan.Draft))
	case plan.Closed:
		exec(settleSQL, status, string(plan.Ended))
	case progress.Reported:
		exec(reportedSQL, cmp.Or(e.Measure, "-"), e.Person, e.Unit, e.Plan, e.Result)
	case progress.Corrected:
		exec(correctedSQL, cmp.Or(e.Measure, "-"))
	case progress.Acknowledged:
		exec(settleSQL, turn, "nobody")
	case progress.Questioned:
		exec(settleSQL, turn, "employee")
	case progress.Answered:
		exec(settleSQL, turn, "superior")
	case progress.Withdrawn:
		exec(withdrawnSQL)
	case appraisal.PredicateDerived:
		exec(settleSQL, predicate, string(e.Predicate))
	}
}
