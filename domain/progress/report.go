package progress

import "github.com/jejak-kinerja/jejak/domain"

// MaxEvidence files with one report: a few photos and a letter.
const MaxEvidence = 5

// Report says what a person did on a day. Istilah: lapor progres.
type Report struct {
	Report   domain.ReportID
	Person   domain.PersonID
	Superior domain.PersonID
	Unit     domain.UnitID
	Plan     domain.PlanID
	Result   domain.ResultID
	On       domain.Date
	// Quantity in hundredths of Measure; 0 when nothing is counted.
	Quantity   domain.Decimal
	Measure    string
	Text       domain.Sealed
	LateReason domain.Sealed
	Evidence   []domain.Evidence

	// Today is the day on which the report comes in.
	Today domain.Date
	// ReasonAfterDays and RefuseAfterDays are policy: how old a day may be
	// without a reason, and with one.
	ReasonAfterDays, RefuseAfterDays int
}

func (Report) progressCommand() {}

func decideReport(s State, c Report) ([]Event, error) {
	if err := checkReport(c); err != nil {
		return nil, err
	}
	if s.Exists() {
		return nil, domain.Refuse("report-exists", "this report was made already: correct it")
	}
	reported := Reported{
		Report: c.Report, Person: c.Person, Superior: c.Superior, Unit: c.Unit, Plan: c.Plan, Result: c.Result,
		On: c.On, Quantity: c.Quantity, Measure: c.Measure, Text: c.Text, LateReason: c.LateReason, Evidence: c.Evidence,
	}
	// A superior on file who is the author is a slip of the master data: the
	// report waits as if there were none.
	if c.Superior == c.Person {
		reported.Superior = ""
	}
	return []Event{reported}, nil
}

func checkReport(c Report) error {
	if err := domain.CheckID("report", string(c.Report)); err != nil {
		return err
	}
	if err := domain.CheckID("person", string(c.Person)); err != nil {
		return err
	}
	if c.Plan == "" && c.Result != "" {
		return domain.Bad("plan", "plan-missing", "name the plan of the result")
	}
	if err := checkSaid(c.Quantity, c.Measure, c.Text, c.Evidence); err != nil {
		return err
	}
	return checkDay(c)
}

func checkDay(c Report) error {
	if err := domain.CheckDate("on", c.On); err != nil {
		return err
	}
	age := c.On.DaysUntil(c.Today)
	switch {
	case age < 0:
		return domain.Bad("on", "day-in-future", "work is reported when it is done")
	case age > c.RefuseAfterDays:
		return domain.Bad("on", "day-too-old", "a day may be reported for %d days", c.RefuseAfterDays)
	case age > c.ReasonAfterDays && c.LateReason.Empty():
		return domain.Bad("late_reason", "late-reason-missing", "after %d days say why the report comes only now", c.ReasonAfterDays)
	}
	return nil
}

func checkSaid(quantity domain.Decimal, measure string, text domain.Sealed, evidence []domain.Evidence) error {
	if text.Empty() {
		return domain.Bad("text", "text-missing", "say what was done")
	}
	if quantity < 0 {
		return domain.Bad("quantity", "quantity-negative", "a quantity is not negative")
	}
	if err := domain.CheckDecimal("quantity", quantity); err != nil {
		return err
	}
	if quantity != 0 || measure != "" {
		if err := domain.CheckWording("measure", measure); err != nil {
			return err
		}
	}
	if len(evidence) > MaxEvidence {
		return domain.Bad("evidence", "too-much-evidence", "a report takes at most %d files", MaxEvidence)
	}
	return nil
}
