package bkn

import (
	"slices"

	"github.com/jejak-kinerja/jejak/domain"
)

// State is every word of BKN about one person, in the order it came.
type State struct {
	Plans      []PlanReported
	Predicates []PredicateReported
}

// CurrentPlan gives the plan in the main post whose period ends last, by the word
// with the latest stamp; false when there is none. Plans of earlier posts stay history.
func (s State) CurrentPlan() (PlanReported, bool) {
	var current PlanReported
	for _, p := range s.Plans {
		if !p.Acting && p.Until >= current.Until && s.standing(p) {
			current = p
		}
	}
	return current, current.Plan != ""
}

// standing says whether no later word about the same plan is on file.
func (s State) standing(p PlanReported) bool {
	last := p
	for _, other := range s.Plans {
		if other.Plan == p.Plan && other.Source.UpdatedOn >= last.Source.UpdatedOn {
			last = other
		}
	}
	return last == p
}

// PredicateOf gives the predicate of a plan for a span, by the word with the
// latest stamp; false when there is none.
func (s State) PredicateOf(plan string, span domain.Span) (PredicateReported, bool) {
	var last PredicateReported
	for _, p := range s.Predicates {
		if p.Plan == plan && p.Span == span && p.Source.UpdatedOn >= last.Source.UpdatedOn {
			last = p
		}
	}
	return last, last.Plan != ""
}

// Evolve moves the state on by one fact.
func Evolve(s State, event Event) State {
	switch e := event.(type) {
	case PlanReported:
		s.Plans = append(slices.Clip(s.Plans), e)
	case PredicateReported:
		s.Predicates = append(slices.Clip(s.Predicates), e)
	}
	return s
}
