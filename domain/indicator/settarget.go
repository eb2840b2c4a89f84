package indicator

import "github.com/jejak-kinerja/jejak/domain"

// SetTarget says what is to be reached in a period. Istilah: tetapkan target.
type SetTarget struct {
	Period Period
	Value  domain.Decimal
	Source Source
}

func (SetTarget) indicatorCommand() {}

func decideSetTarget(s State, c SetTarget) ([]Event, error) {
	if err := reading(s, c.Period, c.Value, c.Source); err != nil {
		return nil, err
	}
	if s.Direction == OnlyContext {
		return nil, domain.Refuse("context-has-no-target", "this number is only to know, not to reach")
	}
	if present, ok := s.Target(c.Period); ok {
		if present.Value == c.Value {
			return nil, nil
		}
		return nil, domain.Refuse("target-already-set", "another target is on file for %s; revise it", c.Period)
	}
	return []Event{TargetSet(c)}, nil
}
