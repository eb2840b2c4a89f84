package bkn

import (
	"cmp"
	"slices"

	"github.com/jejak-kinerja/jejak/domain"
)

// ReportPlan takes down what BKN says about a plan. Istilah: catat SKP dari e-Kinerja BKN.
type ReportPlan struct {
	Plan   string
	Status string
	Post   string
	Unit   domain.UnitID
	Acting bool
	From   domain.Date
	Until  domain.Date
	Source Source
}

func (ReportPlan) bknCommand() {}

func decideReportPlan(s State, c ReportPlan) ([]Event, error) {
	if err := checkShort("plan", c.Plan, MaxPlanRunes); err != nil {
		return nil, err
	}
	if err := checkShort("status", c.Status, MaxStatusRunes); err != nil {
		return nil, err
	}
	if err := domain.CheckWording("post", c.Post); err != nil {
		return nil, err
	}
	if err := domain.CheckID("unit", string(c.Unit)); err != nil {
		return nil, err
	}
	if err := checkSpan("plan", cmp.Or(c.From, c.Until), c.Until); err != nil {
		return nil, err
	}
	if err := c.Source.check(); err != nil {
		return nil, err
	}
	fact := PlanReported(c)
	if slices.ContainsFunc(s.Plans, fact.saysAsMuch) {
		return nil, nil
	}
	return []Event{fact}, nil
}

// saysAsMuch is true of two words that differ at most in the file they stand in.
func (e PlanReported) saysAsMuch(other PlanReported) bool {
	e.Source.File, other.Source.File = "", ""
	return e == other
}
