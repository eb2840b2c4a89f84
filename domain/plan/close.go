package plan

import (
	"slices"

	"github.com/jejak-kinerja/jejak/domain"
)

// CloseCauses lists every cause.
var CloseCauses = []CloseCause{YearEnd, Transfer, Separation}

// Close ends the plan after its last day. Istilah: tutup SKP.
type Close struct {
	LastDay domain.Date
	Cause   CloseCause
}

func (Close) planCommand() {}

func decideClose(s State, c Close) ([]Event, error) {
	if s.Status == Ended && s.LastDay == c.LastDay && s.Cause == c.Cause {
		return nil, nil
	}
	if err := s.open(); err != nil {
		return nil, err
	}
	if !slices.Contains(CloseCauses, c.Cause) {
		return nil, domain.Bad("cause", "close-cause-unknown", "the cause is one of %v", CloseCauses)
	}
	if err := domain.CheckDate("last_day", c.LastDay); err != nil {
		return nil, err
	}
	if !s.Span.Holds(c.LastDay) {
		return nil, domain.Bad("last_day", "day-outside-plan", "the last day lies between %s and %s", s.Span.From, s.Span.Until)
	}
	return []Event{Closed(c)}, nil
}
