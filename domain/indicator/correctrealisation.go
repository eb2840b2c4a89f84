package indicator

import "github.com/jejak-kinerja/jejak/domain"

// CorrectRealisation replaces a realisation; both stay in the record. Istilah: betulkan realisasi.
type CorrectRealisation struct {
	Period Period
	Value  domain.Decimal
	Source Source
}

func (CorrectRealisation) indicatorCommand() {}

func decideCorrectRealisation(s State, c CorrectRealisation) ([]Event, error) {
	if err := reading(s, c.Period, c.Value, c.Source); err != nil {
		return nil, err
	}
	present, ok := s.Realisation(c.Period)
	if !ok {
		return nil, domain.Refuse("realisation-missing", "no realisation is on file for %s", c.Period)
	}
	if present.Value == c.Value {
		return nil, nil
	}
	return []Event{RealisationCorrected{Period: c.Period, Old: present.Value, Value: c.Value, Source: c.Source}}, nil
}
