package unit

import "github.com/jejak-kinerja/jejak/domain"

// Rename gives the unit another name from a day on. Istilah: ubah nomenklatur.
type Rename struct {
	Name string
	From domain.Date
}

func (Rename) unitCommand() {}

func decideRename(s State, c Rename) ([]Event, error) {
	if err := openFrom(s, c.From); err != nil {
		return nil, err
	}
	if err := domain.CheckWording("name", c.Name); err != nil {
		return nil, err
	}
	if s.NameOn(c.From) == c.Name {
		return nil, nil
	}
	return []Event{Renamed(c)}, nil
}
