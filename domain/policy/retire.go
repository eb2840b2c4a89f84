package policy

import "github.com/jejak-kinerja/jejak/domain"

// Retire ends a version after its last day. Istilah: cabut versi kebijakan.
type Retire struct {
	Version int
	LastDay domain.Date
}

func (Retire) policyCommand() {}

func decideRetire(s State, c Retire) ([]Event, error) {
	if err := domain.CheckDate("last_day", c.LastDay); err != nil {
		return nil, err
	}
	for _, v := range s.Versions {
		switch {
		case v.Version != c.Version:
			continue
		case v.LastDay == c.LastDay:
			return nil, nil
		case v.LastDay != "":
			return nil, domain.Refuse("version-already-retired", "version %d was retired after %s", v.Version, v.LastDay)
		case c.LastDay < v.From:
			return nil, domain.Bad("last_day", "last-day-before-start", "version %d is valid from %s on", v.Version, v.From)
		}
		return []Event{VersionRetired(c)}, nil
	}
	return nil, domain.Missing("version-unknown", "there is no version %d", c.Version)
}
