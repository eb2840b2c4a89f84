package person

import (
	"slices"

	"github.com/jejak-kinerja/jejak/domain"
)

// DestroyKey says that the vault's key of one record class is to be destroyed,
// and on what basis. Istilah: musnahkan kunci.
type DestroyKey struct {
	Class string
	Basis string
}

func (DestroyKey) personCommand() {}

func decideDestroyKey(s State, c DestroyKey) ([]Event, error) {
	if err := known(s); err != nil {
		return nil, err
	}
	if err := domain.CheckID("class", c.Class); err != nil {
		return nil, err
	}
	if err := domain.CheckWording("basis", c.Basis); err != nil {
		return nil, err
	}
	if slices.Contains(s.Destroyed, c.Class) {
		return nil, nil
	}
	return []Event{KeyDestroyed(c)}, nil
}
