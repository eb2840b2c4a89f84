package person

import (
	"slices"

	"github.com/jejak-kinerja/jejak/domain"
)

// Separate ends the service after its last day. Istilah: berhentikan, pensiunkan.
type Separate struct {
	LastDay domain.Date
	Cause   Cause
}

func (Separate) personCommand() {}

func decideSeparate(s State, c Separate) ([]Event, error) {
	if err := known(s); err != nil {
		return nil, err
	}
	if err := domain.CheckDate("last_day", c.LastDay); err != nil {
		return nil, err
	}
	if !slices.Contains(Causes, c.Cause) {
		return nil, domain.Bad("cause", "cause-unknown", "cause is one of %v", Causes)
	}
	if s.LastDay == c.LastDay && s.Cause == c.Cause {
		return nil, nil
	}
	if s.LastDay != "" {
		return nil, domain.Refuse("already-separated", "the person's last day of service is %s", s.LastDay)
	}
	return []Event{Separated(c)}, nil
}
