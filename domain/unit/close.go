package unit

import "github.com/jejak-kinerja/jejak/domain"

// Close ends the unit after its last day. Istilah: hapus unit kerja.
type Close struct{ LastDay domain.Date }

func (Close) unitCommand() {}

func decideClose(s State, c Close) ([]Event, error) {
	if err := domain.CheckDate("last_day", c.LastDay); err != nil {
		return nil, err
	}
	if s.Exists() && s.LastDay == c.LastDay {
		return nil, nil
	}
	if err := open(s); err != nil {
		return nil, err
	}
	if c.LastDay < s.From {
		return nil, domain.Bad("last_day", "before-unit", "the unit exists from %s on", s.From)
	}
	return []Event{Closed(c)}, nil
}
