package unitpage

import (
	"time"

	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/appraisal"
	"github.com/jejak-kinerja/jejak/domain/person"
	"github.com/jejak-kinerja/jejak/domain/plan"
	"github.com/jejak-kinerja/jejak/projections"
)

// StaffCount is how many people of one kind of service have their main post here.
type StaffCount struct {
	Unit       domain.UnitID
	On         domain.Date
	Employment person.Employment
	People     int64
	Position   uint64
}

// Trail lists the assignments of the people counted.
func (c StaffCount) Trail() projections.Trail {
	return projections.Trail{Unit: c.Unit, StaffOn: c.On, Employment: string(c.Employment)}
}

// Week counts what happened in the seven days from a Monday.
type Week struct {
	Unit   domain.UnitID
	Monday domain.Date
	// Reports on work of these days that were not withdrawn.
	Reports int64
	// Feedback given on these days.
	Feedback int64
	// Position of the last fact that was counted, or taken out of the count.
	Position uint64
}

// ReportsTrail lists the reports counted.
func (w Week) ReportsTrail() projections.Trail {
	return projections.Trail{Names: []string{"progress.reported.v1"}, Slot: "report",
		Unit: w.Unit, DayFrom: w.Monday, DayUntil: w.Monday.AddDays(6)}
}

// FeedbackTrail lists the feedback counted.
func (w Week) FeedbackTrail() projections.Trail {
	return projections.Trail{Names: []string{"feedback.given.v1"},
		Unit: w.Unit, DayFrom: w.Monday, DayUntil: w.Monday.AddDays(6)}
}

// PlanCount is how many plans of the year stand at a status.
type PlanCount struct {
	Unit     domain.UnitID
	Year     string
	Status   plan.Status
	Plans    int64
	Position uint64
}

// Trail lists the facts that brought the plans where they stand.
func (c PlanCount) Trail() projections.Trail {
	return projections.Trail{Category: "plan", Slot: "status", Unit: c.Unit, Period: c.Year, Value: string(c.Status)}
}

// PredicateCount is how many appraisals of the year stand at a predicate.
type PredicateCount struct {
	Unit       domain.UnitID
	Year       string
	Kind       appraisal.Kind
	Predicate  appraisal.Predicate
	Appraisals int64
	Position   uint64
}

// Trail lists the facts that set the predicates counted.
func (c PredicateCount) Trail() projections.Trail {
	return projections.Trail{Names: []string{"appraisal.predicate-derived.v1"}, Slot: "predicate",
		Unit: c.Unit, Period: c.Year, Kind: string(c.Kind), Value: string(c.Predicate)}
}

// Silent is a person of the unit who has had no feedback for too long.
type Silent struct {
	Person domain.PersonID
	// Last day of feedback; empty when there never was any.
	Last domain.Date
	// Since is the day the silence is counted from: Last, or the first day of service.
	Since    domain.Date
	Position uint64
}

// SilentCount is how many people of the unit those are, of how many.
type SilentCount struct {
	Unit     domain.UnitID
	On       domain.Date
	Days     int
	Silent   int64
	Staff    int64
	Position uint64
}

// Trail lists, for each silent person, the last feedback before, or the registration.
func (c SilentCount) Trail() projections.Trail {
	return projections.Trail{Unit: c.Unit, SilentOn: c.On, SilentDays: c.Days}
}

// StaffTrail lists the assignments of the staff counted.
func (c SilentCount) StaffTrail() projections.Trail {
	return projections.Trail{Unit: c.Unit, StaffOn: c.On}
}

// Waiting is a report that its superior has not answered, oldest first.
type Waiting struct {
	Report   domain.ReportID
	Person   domain.PersonID
	Superior domain.PersonID
	On       domain.Date
	// Since is when it came, or was corrected or answered after a question, last.
	Since    time.Time
	Position uint64
}

// WaitingCount is how many reports wait and since when the oldest does.
type WaitingCount struct {
	Unit    domain.UnitID
	Reports int64
	// Oldest is the zero time when none waits.
	Oldest   time.Time
	Position uint64
}

// Trail lists the facts since which the reports wait.
func (c WaitingCount) Trail() projections.Trail {
	return projections.Trail{Category: "progress", Unit: c.Unit, Slot: "turn", Value: "superior"}
}
