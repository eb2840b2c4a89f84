package plan

import "github.com/jejak-kinerja/jejak/domain"

// ChangeAppraiser names another appraiser, or the first. Istilah: ganti pejabat penilai.
type ChangeAppraiser struct {
	Appraiser domain.PersonID
}

func (ChangeAppraiser) planCommand() {}

func decideChangeAppraiser(s State, c ChangeAppraiser) ([]Event, error) {
	if err := s.open(); err != nil {
		return nil, err
	}
	if err := domain.CheckID("appraiser", string(c.Appraiser)); err != nil {
		return nil, err
	}
	if c.Appraiser == s.Person {
		return nil, domain.Forbid("own-appraiser", "nobody appraises their own plan")
	}
	if c.Appraiser == s.Appraiser {
		return nil, nil
	}
	return []Event{AppraiserChanged(c)}, nil
}
