package policy

import "github.com/jejak-kinerja/jejak/domain"

// Publish makes numbers valid from a day on. Istilah: tetapkan versi kebijakan.
type Publish struct {
	Policy domain.PolicyID
	// Version is one more than the version published last.
	Version int
	From    domain.Date
	Numbers Numbers
	Basis   string
}

func (Publish) policyCommand() {}

func decidePublish(s State, c Publish) ([]Event, error) {
	if err := domain.CheckID("policy", string(c.Policy)); err != nil {
		return nil, err
	}
	if err := domain.CheckDate("from", c.From); err != nil {
		return nil, err
	}
	if err := c.Numbers.check(); err != nil {
		return nil, err
	}
	if err := domain.CheckWording("basis", c.Basis); err != nil {
		return nil, err
	}
	for _, v := range s.Versions {
		if v.Version != c.Version {
			continue
		}
		if v.From == c.From && v.Numbers == c.Numbers && v.Basis == c.Basis {
			return nil, nil
		}
		return nil, domain.Refuse("version-already-published", "version %d is published and differs; publish the next one", c.Version)
	}
	latest, _ := s.Latest()
	if c.Version != latest.Version+1 {
		return nil, domain.Refuse("version-gap", "the next version is %d", latest.Version+1)
	}
	if c.From < latest.From {
		return nil, domain.Bad("from", "from-before-previous", "version %d is valid from %s on", latest.Version, latest.From)
	}
	return []Event{VersionPublished(c)}, nil
}
