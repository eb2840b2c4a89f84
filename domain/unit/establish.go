package unit

import (
	"slices"

	"github.com/jejak-kinerja/jejak/domain"
)

// Establish says that a unit exists from a day on. Istilah: bentuk unit kerja.
type Establish struct {
	Unit   domain.UnitID
	Code   string
	Name   string
	Kind   Kind
	Parent domain.UnitID
	From   domain.Date
	Origin string
}

func (Establish) unitCommand() {}

func decideEstablish(s State, c Establish) ([]Event, error) {
	if err := checkEstablish(c); err != nil {
		return nil, err
	}
	if !s.Exists() {
		return []Event{Established(c)}, nil
	}
	same := s.Code == c.Code && s.Names[0] == Naming{c.Name, c.From} && s.Kind == c.Kind && s.Parent == c.Parent
	if !same {
		return nil, domain.Refuse("unit-already-established", "a unit with this id exists and is another one")
	}
	return nil, nil
}

func checkEstablish(c Establish) error {
	if err := domain.CheckID("unit", string(c.Unit)); err != nil {
		return err
	}
	if c.Parent != "" {
		if err := domain.CheckID("parent", string(c.Parent)); err != nil {
			return err
		}
	}
	if c.Parent == c.Unit {
		return domain.Bad("parent", "own-parent", "no unit is its own parent")
	}
	if err := domain.CheckWording("name", c.Name); err != nil {
		return err
	}
	if !slices.Contains(Kinds, c.Kind) {
		return domain.Bad("kind", "kind-unknown", "kind is one of %v", Kinds)
	}
	if c.Code != "" {
		if err := checkCode("code", c.Code); err != nil {
			return err
		}
	}
	if c.Origin != "" {
		if err := domain.CheckWording("origin", c.Origin); err != nil {
			return err
		}
	}
	return domain.CheckDate("from", c.From)
}

// MaxCodeBytes is the longest official code; the longest in use have 13.
const MaxCodeBytes = 40

func checkCode(field, code string) error {
	if err := domain.CheckWording(field, code); err != nil {
		return err
	}
	if len(code) > MaxCodeBytes {
		return domain.Bad(field, "code-too-long", "%s may have at most %d bytes", field, MaxCodeBytes)
	}
	return nil
}
