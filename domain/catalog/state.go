package catalog

import (
	"fmt"

	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/appraisal"
	"github.com/jejak-kinerja/jejak/domain/bkn"
	"github.com/jejak-kinerja/jejak/domain/feedback"
	"github.com/jejak-kinerja/jejak/domain/indicator"
	"github.com/jejak-kinerja/jejak/domain/intake"
	"github.com/jejak-kinerja/jejak/domain/person"
	"github.com/jejak-kinerja/jejak/domain/plan"
	"github.com/jejak-kinerja/jejak/domain/policy"
	"github.com/jejak-kinerja/jejak/domain/progress"
	"github.com/jejak-kinerja/jejak/domain/unit"
)

// Categories lists the categories of all streams: the part of a stream's name
// before the first dash.
func Categories() []string {
	return []string{
		unit.Decider.Category, person.Decider.Category, policy.Decider.Category, indicator.Decider.Category,
		plan.Decider.Category, progress.Decider.Category, feedback.Decider.Category, appraisal.Decider.Category,
		intake.Decider.Category, bkn.Decider.Category,
	}
}

// StateAfter folds the events of one stream of a category and gives the State
// struct of its package, to show what a fact changed. Events must be decoded and
// in the order of the stream; foreign ones change nothing, and none at all gives
// the state before the first.
func StateAfter(category string, events []domain.Recorded) (any, error) {
	switch category {
	case unit.Decider.Category:
		return fold(unit.Decider, events)
	case person.Decider.Category:
		return fold(person.Decider, events)
	case policy.Decider.Category:
		return fold(policy.Decider, events)
	case indicator.Decider.Category:
		return fold(indicator.Decider, events)
	case plan.Decider.Category:
		return fold(plan.Decider, events)
	case progress.Decider.Category:
		return fold(progress.Decider, events)
	case feedback.Decider.Category:
		return fold(feedback.Decider, events)
	case appraisal.Decider.Category:
		return fold(appraisal.Decider, events)
	case intake.Decider.Category:
		return fold(intake.Decider, events)
	case bkn.Decider.Category:
		return fold(bkn.Decider, events)
	}
	return nil, fmt.Errorf("no stream has the category %q", category)
}

func fold[S, C, E any](d domain.Decider[S, C, E], events []domain.Recorded) (any, error) {
	state := d.Initial()
	for _, r := range events {
		if r.Foreign {
			continue
		}
		event, ok := r.Body.(E)
		if !ok {
			return nil, fmt.Errorf("%s at revision %d of %s is no event of %s", r.Name, r.Revision, r.Stream, d.Category)
		}
		state = d.Evolve(state, event)
	}
	return state, nil
}
