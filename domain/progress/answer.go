package progress

import "github.com/jejak-kinerja/jejak/domain"

// Answer replies to the question. Istilah: jawab klarifikasi.
type Answer struct {
	By     domain.PersonID
	Answer domain.Sealed
}

func (Answer) progressCommand() {}

func decideAnswer(s State, c Answer) ([]Event, error) {
	if err := s.asAuthor(c.By); err != nil {
		return nil, err
	}
	if c.Answer.Empty() {
		return nil, domain.Bad("answer", "text-missing", "say your answer")
	}
	if s.Status != Open {
		return nil, domain.Refuse("report-not-questioned", "no question waits for an answer")
	}
	return []Event{Answered{c.Answer}}, nil
}
