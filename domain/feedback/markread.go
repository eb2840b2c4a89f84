package feedback

import "github.com/jejak-kinerja/jejak/domain"

// MarkRead says that the person has seen it. Istilah: tandai sudah dibaca.
type MarkRead struct {
	By domain.PersonID
}

func (MarkRead) feedbackCommand() {}

func decideMarkRead(s State, c MarkRead) ([]Event, error) {
	if err := s.asPerson(c.By); err != nil {
		return nil, err
	}
	if s.Seen {
		return nil, nil
	}
	return []Event{Read{}}, nil
}
