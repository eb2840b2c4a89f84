package appraisal

import (
	"slices"

	"github.com/jejak-kinerja/jejak/domain"
)

// RateBehaviour judges the behaviour: each of the seven values, and on the whole.
// Istilah: beri rating perilaku kerja.
type RateBehaviour struct {
	By     domain.PersonID
	Values []ValueRating
	Rating Rating
	Note   domain.Sealed
}

func (RateBehaviour) appraisalCommand() {}

func decideRateBehaviour(s State, c RateBehaviour) ([]Event, error) {
	if err := s.asAppraiser(c.By); err != nil {
		return nil, err
	}
	if err := checkRating("rating", c.Rating); err != nil {
		return nil, err
	}
	values, err := inOrder(c.Values)
	if err != nil {
		return nil, err
	}
	if s.Behaviour != "" {
		if s.Behaviour == c.Rating && slices.Equal(s.Values, values) && c.Note.Empty() {
			return nil, nil
		}
		return nil, alreadyRated()
	}
	return s.derived(BehaviourRated{values, c.Rating, c.Note}), nil
}

// inOrder gives the seven values in their official order, each exactly once.
func inOrder(given []ValueRating) ([]ValueRating, error) {
	seen := make(map[domain.Value]Rating, len(domain.Values))
	for _, v := range given {
		if !slices.Contains(domain.Values, v.Value) {
			return nil, domain.Bad("values", "value-unknown", "a value is one of %v", domain.Values)
		}
		if _, twice := seen[v.Value]; twice {
			return nil, domain.Bad("values", "value-twice", "%s is rated twice", v.Value)
		}
		if err := checkRating("values", v.Rating); err != nil {
			return nil, err
		}
		seen[v.Value] = v.Rating
	}
	ordered := make([]ValueRating, 0, len(domain.Values))
	for _, v := range domain.Values {
		r, ok := seen[v]
		if !ok {
			return nil, domain.Bad("values", "value-missing", "%s is not rated", v)
		}
		ordered = append(ordered, ValueRating{v, r})
	}
	return ordered, nil
}
