package person

import "github.com/jejak-kinerja/jejak/domain"

// SetReportingLine names the direct superior from a day on. Istilah: tetapkan atasan langsung.
type SetReportingLine struct {
	Superior domain.PersonID
	From     domain.Date
}

func (SetReportingLine) personCommand() {}

func decideSetReportingLine(s State, c SetReportingLine) ([]Event, error) {
	if err := serving(s, c.From); err != nil {
		return nil, err
	}
	if err := checkSuperior(s, c.Superior); err != nil {
		return nil, err
	}
	// Naming the same superior anew answers an open question about the line.
	if s.SuperiorOn(c.From) == c.Superior && !s.Questioned {
		return nil, nil
	}
	if l, ok := s.lineFrom(c.From); ok && l.Superior != c.Superior {
		return nil, domain.Refuse("line-already-set", "another superior is on file from %s on; correct that entry", c.From)
	}
	return []Event{ReportingLineSet(c)}, nil
}

func checkSuperior(s State, superior domain.PersonID) error {
	if err := domain.CheckID("superior", string(superior)); err != nil {
		return err
	}
	if superior == s.Person {
		return domain.Refuse("own-superior", "nobody is their own superior")
	}
	return nil
}

// lineFrom finds the entry that begins on a day.
func (s State) lineFrom(d domain.Date) (Line, bool) {
	for _, l := range s.Lines {
		if l.From == d {
			return l, true
		}
	}
	return Line{}, false
}
