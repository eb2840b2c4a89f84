package progress

import "github.com/jejak-kinerja/jejak/domain"

// Question asks the author for more. Istilah: minta klarifikasi.
type Question struct {
	By domain.PersonID
	// OnFile is the superior by the reporting line; empty when there is none.
	OnFile   domain.PersonID
	Question domain.Sealed
}

func (Question) progressCommand() {}

func decideQuestion(s State, c Question) ([]Event, error) {
	if err := s.asSuperior(c.By, c.OnFile); err != nil {
		return nil, err
	}
	if c.Question.Empty() {
		return nil, domain.Bad("question", "text-missing", "say what you want to know")
	}
	if s.Status == Open {
		return nil, domain.Refuse("report-questioned", "a question waits for its answer already")
	}
	return []Event{Questioned{c.By, c.Question}}, nil
}
