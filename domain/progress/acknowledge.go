package progress

import "github.com/jejak-kinerja/jejak/domain"

// Acknowledge takes note of the report. Istilah: ketahui laporan.
type Acknowledge struct {
	By domain.PersonID
	// OnFile is the superior by the reporting line; empty when there is none.
	OnFile domain.PersonID
	Note   domain.Sealed
}

func (Acknowledge) progressCommand() {}

func decideAcknowledge(s State, c Acknowledge) ([]Event, error) {
	if err := s.asSuperior(c.By, c.OnFile); err != nil {
		return nil, err
	}
	if s.Status == Noted && c.Note.Empty() {
		return nil, nil
	}
	if s.Status == Open {
		return nil, domain.Refuse("report-questioned", "the question waits for its answer")
	}
	return []Event{Acknowledged{c.By, c.Note}}, nil
}
