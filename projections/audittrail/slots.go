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
	report    = "report"
	turn      = "turn"
)

const (
	settleSQL = `insert into audittrail_v1_slot as s values ($1, $2, $3, $4)
		on conflict (stream, slot) do update set position = excluded.position, value = excluded.value
		where s.position < excluded.position`
	reportedSQL = `insert into audittrail_v1_slot values ($1, 'report', $2, $3), ($1, 'turn', $2, 'superior') on conflict do nothing`
	// A correction keeps the report standing, with the measure it has now.
	measureSQL = `update audittrail_v1_slot set value = $2 where stream = $1 and slot = 'report' and position < $3`
	// A change of content makes a plan a draft again, except one sent back; a
	// correction makes an answered report wait again.
	rewriteSQL = `update audittrail_v1_slot set position = $2, value = 'draft'
		where stream = $1 and slot = 'status' and value not in ('draft', 'returned') and position < $2`
	reopenSQL = `update audittrail_v1_slot set position = $2, value = 'superior'
		where stream = $1 and slot = 'turn' and value = 'nobody' and position < $2`
)

// settle says which question of its stream the fact settles, if any.
func settle(out projections.Statements, fact domain.Recorded) {
	set := func(slot, value string) { out.Exec(settleSQL, fact.Stream, slot, fact.Position, value) }
	switch e := fact.Body.(type) {
	case plan.Opened:
		set(status, string(plan.Draft))
	case plan.ResultAdded, plan.ResultAmended, plan.ResultWithdrawn, plan.IndicatorSet, plan.IndicatorRemoved, plan.BehaviourExpected:
		out.Exec(rewriteSQL, fact.Stream, fact.Position)
	case plan.Submitted:
		set(status, string(plan.AwaitingSignature))
	case plan.Returned:
		set(status, string(plan.SentBack))
	case plan.Established:
		set(status, string(plan.Valid))
	case plan.SignatureWithdrawn:
		set(status, string(plan.Draft))
	case plan.Closed:
		set(status, string(plan.Ended))
	case progress.Reported:
		out.Exec(reportedSQL, fact.Stream, fact.Position, cmp.Or(e.Measure, "-"))
	case progress.Corrected:
		out.Exec(measureSQL, fact.Stream, cmp.Or(e.Measure, "-"), fact.Position)
		out.Exec(reopenSQL, fact.Stream, fact.Position)
	case progress.Acknowledged:
		set(turn, "nobody")
	case progress.Questioned:
		set(turn, "employee")
	case progress.Answered:
		set(turn, "superior")
	case progress.Withdrawn:
		set(report, "withdrawn")
		set(turn, "nobody")
	case appraisal.PredicateDerived:
		set(predicate, string(e.Predicate))
	}
}
