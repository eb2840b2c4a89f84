package bkn

import (
	"slices"

	"github.com/jejak-kinerja/jejak/domain"
)

// ReportPredicate takes down which predicate BKN has. Istilah: catat predikat dari e-Kinerja BKN.
type ReportPredicate struct {
	Plan      string
	Predicate Predicate
	Span      domain.Span
	Source    Source
}

func (ReportPredicate) bknCommand() {}

func decideReportPredicate(s State, c ReportPredicate) ([]Event, error) {
	if err := checkShort("plan", c.Plan, MaxPlanRunes); err != nil {
		return nil, err
	}
	if !slices.Contains(Predicates, c.Predicate) {
		return nil, domain.Bad("predicate", "predicate-unknown", "predicate is one of %v", Predicates)
	}
	if err := checkSpan("span", c.Span.From, c.Span.Until); err != nil {
		return nil, err
	}
	if err := c.Source.check(); err != nil {
		return nil, err
	}
	fact := PredicateReported(c)
	if slices.ContainsFunc(s.Predicates, fact.saysAsMuch) {
		return nil, nil
	}
	return []Event{fact}, nil
}

// saysAsMuch is true of two words that differ at most in the file they stand in.
func (e PredicateReported) saysAsMuch(other PredicateReported) bool {
	e.Source.File, other.Source.File = "", ""
	return e == other
}
