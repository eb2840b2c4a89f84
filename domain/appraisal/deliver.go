package appraisal

import "github.com/jejak-kinerja/jejak/domain"

// Deliver hands the appraisal to the person. Istilah: sampaikan dokumen evaluasi.
type Deliver struct {
	By domain.PersonID
}

func (Deliver) appraisalCommand() {}

func decideDeliver(s State, c Deliver) ([]Event, error) {
	if err := s.asAppraiser(c.By); err != nil {
		return nil, err
	}
	if s.Delivered {
		return nil, nil
	}
	if s.Predicate == "" {
		return nil, domain.Refuse("predicate-missing", "rate results and behaviour first")
	}
	return []Event{Delivered{}}, nil
}
