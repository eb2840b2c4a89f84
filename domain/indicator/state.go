package indicator

import (
	"slices"

	"github.com/jejak-kinerja/jejak/domain"
)

// Reading is the value of one period as it stands now. Changes counts how often
// it was revised or corrected.
type Reading struct {
	Period  Period
	Value   domain.Decimal
	Source  Source
	Changes int
}

// Note is a contradiction between sources.
type Note struct {
	Period Period
	Note   string
	Source Source
}

// State is what the facts say about one indicator.
type State struct {
	Indicator    domain.IndicatorID
	Name         string
	Measure      string
	Direction    Direction
	Owner        domain.UnitID
	Targets      []Reading
	Realisations []Reading
	Notes        []Note
}

// Exists says whether the indicator was defined.
func (s State) Exists() bool { return s.Indicator != "" }

// Target gives what is to be reached in a period.
func (s State) Target(p Period) (Reading, bool) { return find(s.Targets, p) }

// Realisation gives what was reached in a period.
func (s State) Realisation(p Period) (Reading, bool) { return find(s.Realisations, p) }

func find(readings []Reading, p Period) (Reading, bool) {
	i := slices.IndexFunc(readings, func(r Reading) bool { return r.Period == p })
	if i < 0 {
		return Reading{}, false
	}
	return readings[i], true
}

// Evolve moves the state on by one fact.
func Evolve(s State, event Event) State {
	switch e := event.(type) {
	case Defined:
		s.Indicator, s.Name, s.Measure, s.Direction, s.Owner = e.Indicator, e.Name, e.Measure, e.Direction, e.Owner
	case TargetSet:
		s.Targets = put(s.Targets, e.Period, e.Value, e.Source)
	case TargetRevised:
		s.Targets = put(s.Targets, e.Period, e.Value, e.Source)
	case RealisationReported:
		s.Realisations = put(s.Realisations, e.Period, e.Value, e.Source)
	case RealisationCorrected:
		s.Realisations = put(s.Realisations, e.Period, e.Value, e.Source)
	case InconsistencyNoted:
		s.Notes = append(slices.Clone(s.Notes), Note(e))
	}
	return s
}

// put gives a copy in which the period has the value.
func put(readings []Reading, p Period, value domain.Decimal, source Source) []Reading {
	readings = slices.Clone(readings)
	for i, r := range readings {
		if r.Period == p {
			readings[i] = Reading{p, value, source, r.Changes + 1}
			return readings
		}
	}
	return append(readings, Reading{p, value, source, 0})
}
