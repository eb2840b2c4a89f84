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

const (
	settleSQL = `insert into audittrail_v1_slot as s values ($1, $3, $2, $4)
		on conflict (stream, slot) do update set position = excluded.position, value = excluded.value
		where s.position < excluded.position`
	// The commonest opening is one statement with its origin.
	reportedSQL = `with origin as (insert into audittrail_v1_origin values ($1, $4, $5, $6, $7, '', '') on conflict do nothing)
		insert into audittrail_v1_slot values ($1, 'report', $2, $3), ($1, 'turn', $2, 'superior') on conflict do nothing`
	withdrawnSQL = `update audittrail_v1_slot set position = $2, value = case slot when 'report' then 'withdrawn' else 'nobody' end
		where stream = $1 and position < $2`
	// A correction keeps the report standing, with the measure it has now, and makes
	// an answered report wait again.
	correctedSQL = `with report as (
			update audittrail_v1_slot set value = $3 where stream = $1 and slot = 'report' and position < $2)
		update audittrail_v1_slot set position = $2, value = 'superior'
		where stream = $1 and slot = 'turn' and value = 'nobody' and position < $2`
	// A change of content makes a plan a draft again, except one sent back.
	rewriteSQL = `update audittrail_v1_slot set position = $2, value = 'draft'
		where stream = $1 and slot = 'status' and value not in ('draft', 'returned') and position < $2`
)

// settle moves the slots whose question the fact settles.
func settle(out projections.Statements, fact domain.Recorded) {
	exec := func(sql string, args ...any) { out.Exec(sql, append([]any{fact.Stream, fact.Position}, args...)...) }
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
