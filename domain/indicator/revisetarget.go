package indicator

import "github.com/jejak-kinerja/jejak/domain"

// ReviseTarget replaces a target; both stay in the record. Istilah: ubah target.
type ReviseTarget struct {
	Period Period
	Value  domain.Decimal
	Source Source
}

func (ReviseTarget) indicatorCommand() {}

func decideReviseTarget(s State, c ReviseTarget) ([]Event, error) {
	if err := reading(s, c.Period, c.Value, c.Source); err != nil {
		return nil, err
	}
	present, ok := s.Target(c.Period)
	if !ok {
		return nil, domain.Refuse("target-missing", "no target is on file for %s", c.Period)
	}
	if present.Value == c.Value {
		return nil, nil
	}
	return []Event{TargetRevised{Period: c.Period, Old: present.Value, Value: c.Value, Source: c.Source}}, nil
}
