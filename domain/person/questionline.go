package person

import "github.com/jejak-kinerja/jejak/domain"

// QuestionLine is the person's own word that the superior on file is wrong or
// missing. On is the day it is said. Istilah: atasan saya salah.
type QuestionLine struct {
	On   domain.Date
	Note domain.Sealed
}

func (QuestionLine) personCommand() {}

func decideQuestionLine(s State, c QuestionLine) ([]Event, error) {
	if err := serving(s, c.On); err != nil {
		return nil, err
	}
	if s.Questioned && c.Note.Empty() {
		return nil, nil
	}
	return []Event{LineQuestioned{OnFile: s.SuperiorOn(c.On), Note: c.Note}}, nil
}
