package importing

import (
	"iter"

	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/unit"
)

// UnitsOf folds every unit out of the facts of the ledger, in the order in which
// they were established. The log is asked and no read model, for an import may run
// while nobody keeps the read models up to date.
func UnitsOf(facts iter.Seq[domain.Recorded]) []unit.State {
	var units []unit.State
	place := map[string]int{}
	for fact := range facts {
		event, ok := fact.Body.(unit.Event)
		if !ok {
			continue
		}
		at, known := place[fact.Stream]
		if !known {
			at = len(units)
			place[fact.Stream] = at
			units = append(units, unit.Decider.Initial())
		}
		units[at] = unit.Decider.Evolve(units[at], event)
	}
	return units
}
