package indicator

import "github.com/jejak-kinerja/jejak/domain"

// ReportRealisation says what was reached in a period. Istilah: laporkan realisasi.
type ReportRealisation struct {
	Period Period
	Value  domain.Decimal
	Source Source
}

func (ReportRealisation) indicatorCommand() {}

func decideReportRealisation(s State, c ReportRealisation) ([]Event, error) {
	if err := reading(s, c.Period, c.Value, c.Source); err != nil {
		return nil, err
	}
	if present, ok := s.Realisation(c.Period); ok {
		if present.Value == c.Value {
			return nil, nil
		}
		return nil, domain.Refuse("realisation-already-reported", "another value is on file for %s; correct it", c.Period)
	}
	return []Event{RealisationReported(c)}, nil
}
