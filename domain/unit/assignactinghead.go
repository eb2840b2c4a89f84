package unit

import "github.com/jejak-kinerja/jejak/domain"

// AssignActingHead lets a person lead for a span. Istilah: tunjuk Plt/Plh.
type AssignActingHead struct {
	Person domain.PersonID
	// Capacity is plt (post vacant) or plh (holder absent).
	Capacity domain.Capacity
	Span     domain.Span
}

func (AssignActingHead) unitCommand() {}

func decideAssignActingHead(s State, c AssignActingHead) ([]Event, error) {
	if err := openFrom(s, c.Span.From); err != nil {
		return nil, err
	}
	if err := domain.CheckID("person", string(c.Person)); err != nil {
		return nil, err
	}
	if c.Capacity != domain.ActingVacant && c.Capacity != domain.ActingAbsent {
		return nil, domain.Bad("capacity", "capacity-not-acting", "an acting head is plt or plh")
	}
	if c.Span.Until != "" {
		if err := domain.CheckDate("until", c.Span.Until); err != nil {
			return nil, err
		}
		if c.Span.Until < c.Span.From {
			return nil, domain.Bad("until", "last-day-before-start", "the mandate would end before it begins")
		}
	}
	for _, h := range s.Heads {
		switch {
		case h == Head(c):
			return nil, nil
		case h.Capacity != domain.Definitive && overlap(h.Span, c.Span):
			return nil, domain.Refuse("acting-head-on-file", "an acting head is on file from %s on; end that mandate first", h.Span.From)
		}
	}
	return []Event{ActingHeadAssigned(c)}, nil
}

func overlap(a, b domain.Span) bool {
	return (a.Until == "" || b.From <= a.Until) && (b.Until == "" || a.From <= b.Until)
}
