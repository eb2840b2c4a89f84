package plan

import (
	"slices"

	"github.com/jejak-kinerja/jejak/domain"
)

// ExpectBehaviour notes the leader's special expectation on one value, as agreed
// in the dialogue; an empty one takes it back. Istilah: catat ekspektasi khusus pimpinan.
type ExpectBehaviour struct {
	By          domain.PersonID
	Value       domain.Value
	Expectation string
}

func (ExpectBehaviour) planCommand() {}

// Author gives the edit in the name of a person.
func (c ExpectBehaviour) Author(by domain.PersonID) Edit { c.By = by; return c }

func decideExpectBehaviour(s State, c ExpectBehaviour) ([]Event, error) {
	if err := s.writable(c.By); err != nil {
		return nil, err
	}
	if !slices.Contains(domain.Values, c.Value) {
		return nil, domain.Bad("value", "value-unknown", "the value is one of %v", domain.Values)
	}
	if c.Expectation != "" {
		if err := domain.CheckWording("expectation", c.Expectation); err != nil {
			return nil, err
		}
	}
	if s.Draft.Expected(c.Value) == c.Expectation {
		return nil, nil
	}
	return []Event{BehaviourExpected{c.Value, c.Expectation}}, nil
}
