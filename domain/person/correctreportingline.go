package person

import "github.com/jejak-kinerja/jejak/domain"

// CorrectReportingLine replaces a wrong entry for the same first day; the wrong
// one stays in the record. Istilah: betulkan atasan langsung.
type CorrectReportingLine struct {
	From     domain.Date
	Superior domain.PersonID
}

func (CorrectReportingLine) personCommand() {}

func decideCorrectReportingLine(s State, c CorrectReportingLine) ([]Event, error) {
	if err := known(s); err != nil {
		return nil, err
	}
	if err := domain.CheckDate("from", c.From); err != nil {
		return nil, err
	}
	if err := checkSuperior(s, c.Superior); err != nil {
		return nil, err
	}
	wrong, ok := s.lineFrom(c.From)
	if !ok {
		return nil, domain.Missing("line-unknown", "no entry of the reporting line begins on %s", c.From)
	}
	if wrong.Superior == c.Superior {
		return nil, nil
	}
	return []Event{ReportingLineCorrected{From: c.From, Wrong: wrong.Superior, Superior: c.Superior}}, nil
}
