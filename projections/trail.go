package projections

import (
	"time"

	"github.com/jejak-kinerja/jejak/domain"
)

// Trail names the facts behind a figure: every figure of a read model gives the
// Trail whose facts it was made of, and the audit trail lists and counts them.
// Empty fields do not narrow; the zero Trail is every fact.
type Trail struct {
	// Stream in full ("plan-…"), or Category alone ("plan").
	Stream   string
	Category string
	// Names are stored names; any of them.
	Names []string
	// Actor did it; Subject is whom it is about.
	Actor     domain.PersonID
	Subject   domain.PersonID
	Unit      domain.UnitID
	Indicator domain.IndicatorID
	// Plan takes the plan's own facts, and reports, feedback and appraisals that name it.
	Plan        domain.PlanID
	Result      domain.ResultID
	Correlation string
	Command     domain.CommandID
	Source      domain.Source
	Capacity    domain.Capacity
	// Value is what the fact says in one word: a plan's status, a predicate, a tone.
	Value string
	// Kind of the appraisal or the feedback's tone.
	Kind string
	// Period is an indicator's period, or the year of a plan or an appraisal.
	Period string
	// DayFrom and DayUntil bound the office day on which it happened, both included.
	DayFrom  domain.Date
	DayUntil domain.Date
	// RecordedFrom (included) and RecordedUntil (excluded) bound when it was taken down.
	RecordedFrom  time.Time
	RecordedUntil time.Time
	// AsOf shows the record as it was at the end of an office day. Slots, staff and
	// silence are always those that the whole record gives.
	AsOf domain.Date
	// After (excluded) and UpTo (included) bound the position.
	After uint64
	UpTo  uint64
	// Slot takes only the facts that settle it now, with none after them that
	// settled it anew: "status" of a plan, "predicate" of an appraisal, "report"
	// (its measure, "-" for none, unless withdrawn) and "turn" of a report (whose it
	// is: "superior", "employee", "nobody"). With a Slot, Value is the slot's value.
	Slot string
	// StaffOn takes the assignments to the main posts that serving people hold on
	// the day; Employment narrows them.
	StaffOn    domain.Date
	Employment string
	// SilentOn with SilentDays takes, for each person in service on the day who had
	// no feedback in that many days, the last feedback before, or the registration.
	SilentOn   domain.Date
	SilentDays int
}
