package unit

import "github.com/jejak-kinerja/jejak/domain"

// ReleaseHead leaves the head's post vacant after the last day. Istilah: berhentikan kepala.
type ReleaseHead struct {
	Person  domain.PersonID
	LastDay domain.Date
}

func (ReleaseHead) unitCommand() {}

func decideReleaseHead(s State, c ReleaseHead) ([]Event, error) {
	definitive := func(h Head) bool { return h.Capacity == domain.Definitive }
	ends, err := endsMandate(s, c.Person, c.LastDay, definitive)
	if !ends || err != nil {
		return nil, err
	}
	return []Event{HeadReleased(c)}, nil
}

// endsMandate says whether a person's mandate of the chosen sort reaches beyond
// the last day, so that it can end on it. False without a refusal: it ends then already.
func endsMandate(s State, person domain.PersonID, lastDay domain.Date, chosen func(Head) bool) (bool, error) {
	if err := open(s); err != nil {
		return false, err
	}
	if err := domain.CheckDate("last_day", lastDay); err != nil {
		return false, err
	}
	already, later := false, false
	for _, h := range s.Heads {
		if h.Person != person || !chosen(h) {
			continue
		}
		if h.Span.Holds(lastDay) && h.Span.Until != lastDay {
			return true, nil
		}
		already = already || h.Span.Until == lastDay
		later = later || h.Span.From > lastDay
	}
	switch {
	case already:
		return false, nil
	case later:
		return false, domain.Bad("last_day", "last-day-before-start", "this mandate begins after %s", lastDay)
	}
	return false, domain.Refuse("not-the-head", "this person does not lead the unit on %s in this capacity", lastDay)
}
