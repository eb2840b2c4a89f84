package indicator

import (
	"slices"
	"unicode/utf8"

	"github.com/jejak-kinerja/jejak/domain"
)

// Define says what is measured. Istilah: tetapkan indikator kinerja.
type Define struct {
	Indicator domain.IndicatorID
	Name      string
	Measure   string
	Direction Direction
	Owner     domain.UnitID
}

func (Define) indicatorCommand() {}

// MaxMeasureRunes is the longest unit of measure: it stands beside every number.
const MaxMeasureRunes = 40

func decideDefine(s State, c Define) ([]Event, error) {
	if err := domain.CheckID("indicator", string(c.Indicator)); err != nil {
		return nil, err
	}
	if err := domain.CheckWording("name", c.Name); err != nil {
		return nil, err
	}
	if err := domain.CheckWording("measure", c.Measure); err != nil {
		return nil, err
	}
	if utf8.RuneCountInString(c.Measure) > MaxMeasureRunes {
		return nil, domain.Bad("measure", "measure-too-long", "measure may have at most %d characters", MaxMeasureRunes)
	}
	if !slices.Contains(Directions, c.Direction) {
		return nil, domain.Bad("direction", "direction-unknown", "direction is one of %v", Directions)
	}
	if c.Owner != "" {
		if err := domain.CheckID("owner", string(c.Owner)); err != nil {
			return nil, err
		}
	}
	if !s.Exists() {
		return []Event{Defined(c)}, nil
	}
	if s.Name == c.Name && s.Measure == c.Measure && s.Direction == c.Direction && s.Owner == c.Owner {
		return nil, nil
	}
	return nil, domain.Refuse("indicator-already-defined", "an indicator with this id exists and is another one")
}
