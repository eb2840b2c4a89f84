package person

import (
	"slices"

	"github.com/jejak-kinerja/jejak/domain"
)

// Register makes a civil servant known to the ledger. Istilah: daftarkan pegawai.
type Register struct {
	Person     domain.PersonID
	Employment Employment
	Invented   bool
}

func (Register) personCommand() {}

func decideRegister(s State, c Register) ([]Event, error) {
	if err := domain.CheckID("person", string(c.Person)); err != nil {
		return nil, err
	}
	if !slices.Contains(Employments, c.Employment) {
		return nil, domain.Bad("employment", "employment-unknown", "employment is one of %v", Employments)
	}
	if s.Exists() {
		if s.Employment == c.Employment && s.Invented == c.Invented {
			return nil, nil
		}
		return nil, domain.Refuse("person-already-registered", "this person is registered as %s", s.Employment)
	}
	return []Event{Registered(c)}, nil
}
