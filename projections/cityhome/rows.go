package cityhome

import (
	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/appraisal"
	"github.com/jejak-kinerja/jejak/domain/indicator"
	"github.com/jejak-kinerja/jejak/projections"
)

// Indicator is one organisation indicator with its points in the order of time.
type Indicator struct {
	Indicator domain.IndicatorID
	Name      string
	Measure   string
	Direction indicator.Direction
	Owner     domain.UnitID
	Points    []Point
	Position  uint64
	// Revision of the indicator's stream that this shows.
	Revision uint64
}

// Point is what is known of one indicator in one period.
type Point struct {
	Indicator domain.IndicatorID
	Period    indicator.Period
	// Target and Value in hundredths; nil when nobody has said.
	Target       *domain.Decimal
	TargetSource *indicator.Source
	// TargetWas is the target before its last revision.
	TargetWas   *domain.Decimal
	Value       *domain.Decimal
	ValueSource *indicator.Source
	// ValueWas is the realisation before its last correction.
	ValueWas *domain.Decimal
	Notes    []Note
	// Facts behind the point: targets, revisions, realisations, corrections and notes.
	Facts    int64
	Position uint64
}

// Note is a contradiction between sources, kept visible.
type Note struct {
	Note   string           `json:"note"`
	Source indicator.Source `json:"source"`
}

// Revised says that the target was changed.
func (p Point) Revised() bool { return p.TargetWas != nil }

// Corrected says that the realisation was changed.
func (p Point) Corrected() bool { return p.ValueWas != nil }

// Trail lists the Facts behind the point.
func (p Point) Trail() projections.Trail {
	return projections.Trail{Indicator: p.Indicator, Period: string(p.Period)}
}

// PredicateCount is how many appraisals of a year stand at a predicate.
type PredicateCount struct {
	Year      string
	Kind      appraisal.Kind
	Unit      domain.UnitID // empty for the whole city
	Predicate appraisal.Predicate
	// Appraisals whose predicate this is now, delivered or not.
	Appraisals int64
	Position   uint64
}

// Trail lists the facts that set the predicates counted.
func (c PredicateCount) Trail() projections.Trail {
	return projections.Trail{Names: []string{"appraisal.predicate-derived.v1"}, Slot: "predicate",
		Unit: c.Unit, Period: c.Year, Kind: string(c.Kind), Value: string(c.Predicate)}
}

// Week counts what happened in the seven days from a Monday.
type Week struct {
	Monday domain.Date
	Unit   domain.UnitID // empty for the whole city
	// Reports on work of these days that were not withdrawn.
	Reports int64
	// Feedback given on these days.
	Feedback int64
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

// Silent is a person in service who has had no feedback for too long.
type Silent struct {
	Person domain.PersonID
	Unit   domain.UnitID
	// Last day of feedback; empty when there never was any.
	Last domain.Date
	// Since is the day the silence is counted from: Last, or the first day of service.
	Since    domain.Date
	Position uint64
}

// Trail lists the feedback the person had up to a day.
func (s Silent) Trail(on domain.Date) projections.Trail {
	return projections.Trail{Names: []string{"feedback.given.v1"}, Subject: s.Person, DayUntil: on}
}

// SilentCount is how many people of a unit have had no feedback for too long.
type SilentCount struct {
	Unit   domain.UnitID // empty for the whole city
	Silent int64
	// Staff in service on the day.
	Staff int64
	// On and Days are what was asked: no feedback in the Days before On.
	On       domain.Date
	Days     int
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
