package appraisal

import (
	"slices"

	"github.com/jejak-kinerja/jejak/domain"
)

// Realisation is what was reached on one result. Istilah: realisasi.
type Realisation struct {
	Result     domain.ResultID
	Quantity   domain.Decimal
	Measure    string
	Reports    []domain.ReportID
	NoEvidence domain.Sealed
}

// State is what the facts say about one appraisal.
type State struct {
	Appraisal    domain.AppraisalID
	Person       domain.PersonID
	Appraiser    domain.PersonID
	Unit         domain.UnitID
	Plan         domain.PlanID
	Kind         Kind
	Span         domain.Span
	Realisations []Realisation
	// Result and Behaviour are the two ratings; empty when not yet given.
	Result    Rating
	Behaviour Rating
	// Values are the behaviour's ratings value by value.
	Values    []ValueRating
	Predicate Predicate
	// Changes counts the changes of score.
	Changes   int
	Delivered bool
	Received  bool
}

// Exists says whether the appraisal was opened.
func (s State) Exists() bool { return s.Appraisal != "" }

// Rating gives the present rating of a dimension; empty when not yet given.
func (s State) Rating(d Dimension) Rating {
	switch d {
	case OfResult:
		return s.Result
	case OfBehaviour:
		return s.Behaviour
	}
	return ""
}

// Realisation finds what was reached on a result.
func (s State) Realisation(id domain.ResultID) (Realisation, bool) {
	i := slices.IndexFunc(s.Realisations, func(r Realisation) bool { return r.Result == id })
	if i < 0 {
		return Realisation{}, false
	}
	return s.Realisations[i], true
}

// Evolve moves the state on by one fact.
func Evolve(s State, event Event) State {
	switch e := event.(type) {
	case Opened:
		s.Appraisal, s.Person, s.Appraiser = e.Appraisal, e.Person, e.Appraiser
		s.Unit, s.Plan, s.Kind, s.Span = e.Unit, e.Plan, e.Kind, e.Span
	case RealisationRecorded:
		others := slices.DeleteFunc(slices.Clone(s.Realisations), func(r Realisation) bool { return r.Result == e.Result })
		s.Realisations = append(others, Realisation{e.Result, e.Quantity, e.Measure, slices.Clone(e.Reports), e.NoEvidence})
	case ResultRated:
		s.Result = e.Rating
	case BehaviourRated:
		s.Behaviour, s.Values = e.Rating, slices.Clone(e.Values)
	case PredicateDerived:
		s.Predicate = e.Predicate
	case ScoreChanged:
		s.Changes++
		switch e.Dimension {
		case OfResult:
			s.Result = e.New
		case OfBehaviour:
			s.Behaviour = e.New
		}
	case Delivered:
		s.Delivered = true
	case Received:
		s.Received = true
	}
	return s
}
