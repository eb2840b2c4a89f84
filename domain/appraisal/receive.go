package appraisal

import "github.com/jejak-kinerja/jejak/domain"

// Receive says that the person has it. Istilah: terima dokumen evaluasi.
type Receive struct {
	By domain.PersonID
}

func (Receive) appraisalCommand() {}

func decideReceive(s State, c Receive) ([]Event, error) {
	if err := s.exists(); err != nil {
		return nil, err
	}
	if c.By == "" || c.By != s.Person {
		return nil, domain.Forbid("not-the-person", "only the person appraised may receive it")
	}
	if s.Received {
		return nil, nil
	}
	if !s.Delivered {
		return nil, domain.Refuse("appraisal-not-delivered", "it was not delivered yet")
	}
	return []Event{Received{}}, nil
}
