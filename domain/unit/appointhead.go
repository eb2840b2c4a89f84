package unit

import "github.com/jejak-kinerja/jejak/domain"

// AppointHead puts a person in charge, in place of the head so far. Istilah: lantik kepala.
type AppointHead struct {
	Person domain.PersonID
	From   domain.Date
}

func (AppointHead) unitCommand() {}

func decideAppointHead(s State, c AppointHead) ([]Event, error) {
	if err := openFrom(s, c.From); err != nil {
		return nil, err
	}
	if err := domain.CheckID("person", string(c.Person)); err != nil {
		return nil, err
	}
	var facts []Event
	for _, h := range s.Heads {
		switch {
		case h.Capacity == domain.Definitive && h.Person == c.Person && h.Span.Holds(c.From):
			return nil, nil
		case h.Capacity == domain.Definitive && h.Span.From >= c.From:
			return nil, domain.Refuse("head-later-on-file",
				"a head is on file from %s on; a new one must begin after it", h.Span.From)
		case h.Capacity == domain.ActingVacant && h.Span.From == c.From:
			return nil, domain.Refuse("acting-head-on-file", "a mandate as plt begins on the same day; end it first")
		case h.Capacity == domain.ActingVacant && h.Span.Holds(c.From):
			facts = append(facts, ActingHeadEnded{Person: h.Person, LastDay: c.From.AddDays(-1)})
		}
	}
	return append(facts, HeadAppointed(c)), nil
}
