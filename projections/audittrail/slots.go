package audittrail

import (
	"cmp"

	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/appraisal"
	"github.com/jejak-kinerja/jejak/domain/plan"
	"github.com/jejak-kinerja/jejak/domain/progress"
)

// The slots; see projections.Trail.
const (
	status    = "status"
	predicate = "predicate"
	turn      = "turn"
)

// What settles slots stands before the insert of the fact, in the same statement.
const (
	settleSQL = `with slot as (
		insert into audittrail_v1_slot as s values ($2, $31, $1, $32)
		on conflict (stream, slot) do update set position = excluded.position, value = excluded.value
		where s.position < excluded.position), `
	reportedSQL = `with slot as (
		insert into audittrail_v1_slot values ($2, 'report', $1, $31), ($2, 'turn', $1, 'superior') on conflict do nothing), `
	withdrawnSQL = `with slot as (
		update audittrail_v1_slot set position = $1, value = case slot when 'report' then 'withdrawn' else 'nobody' end
		where stream = $2 and position < $1), `
	// A correction keeps the report standing, with the measure it has now, and makes
	// an answered report wait again.
	correctedSQL = `with report as (
			update audittrail_v1_slot set value = $31 where stream = $2 and slot = 'report' and position < $1),
		turn as (
			update audittrail_v1_slot set position = $1, value = 'superior'
			where stream = $2 and slot = 'turn' and value = 'nobody' and position < $1), `
	// A change of content makes a plan a draft again, except one sent back.
	rewriteSQL = `with slot as (
		update audittrail_v1_slot set position = $1, value = 'draft'
		where stream = $2 and slot = 'status' and value not in ('draft', 'returned') and position < $1), `
	nothingSQL = `with `
)

// slotsOf gives the statement's beginning that settles the questions which the
// fact settles, and what it needs besides the fact's own columns.
func slotsOf(fact domain.Recorded) (sql string, args []any) {
	settle := func(slot, value string) (string, []any) { return settleSQL, []any{slot, value} }
	switch e := fact.Body.(type) {
	case plan.Opened:
		return settle(status, string(plan.Draft))
	case plan.ResultAdded, plan.ResultAmended, plan.ResultWithdrawn, plan.IndicatorSet, plan.IndicatorRemoved, plan.BehaviourExpected:
		return rewriteSQL, nil
	case plan.Submitted:
		return settle(status, string(plan.AwaitingSignature))
	case plan.Returned:
		return settle(status, string(plan.SentBack))
	case plan.Established:
		return settle(status, string(plan.Valid))
	case plan.SignatureWithdrawn:
		return settle(status, string(plan.Draft))
	case plan.Closed:
		return settle(status, string(plan.Ended))
	case progress.Reported:
		return reportedSQL, []any{cmp.Or(e.Measure, "-")}
	case progress.Corrected:
		return correctedSQL, []any{cmp.Or(e.Measure, "-")}
	case progress.Acknowledged:
		return settle(turn, "nobody")
	case progress.Questioned:
		return settle(turn, "employee")
	case progress.Answered:
		return settle(turn, "superior")
	case progress.Withdrawn:
		return withdrawnSQL, nil
	case appraisal.PredicateDerived:
		return settle(predicate, string(e.Predicate))
	}
	return nothingSQL, nil
}
