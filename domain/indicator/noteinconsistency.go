package indicator

import (
	"slices"

	"github.com/jejak-kinerja/jejak/domain"
)

// NoteInconsistency keeps a contradiction between sources visible. Istilah: catat ketidaksesuaian data.
type NoteInconsistency struct {
	Period Period
	Note   string
	Source Source
}

func (NoteInconsistency) indicatorCommand() {}

func decideNoteInconsistency(s State, c NoteInconsistency) ([]Event, error) {
	if err := reading(s, c.Period, 0, c.Source); err != nil {
		return nil, err
	}
	if err := domain.CheckWording("note", c.Note); err != nil {
		return nil, err
	}
	if slices.Contains(s.Notes, Note(c)) {
		return nil, nil
	}
	return []Event{InconsistencyNoted(c)}, nil
}
