package plan

import "github.com/jejak-kinerja/jejak/domain"

// Submit offers the draft for signature. Istilah: ajukan SKP.
type Submit struct {
	By domain.PersonID
	// Content is the digest of what the employee saw; empty when that does not matter.
	Content string
}

func (Submit) planCommand() {}

func decideSubmit(s State, c Submit) ([]Event, error) {
	if err := s.asEmployee(c.By); err != nil {
		return nil, err
	}
	content := ContentDigest(s.Draft)
	if c.Content != "" && c.Content != content {
		return nil, changed()
	}
	if !s.Writing() {
		return nil, nil
	}
	if len(s.Draft.MainResults()) == 0 {
		return nil, domain.Refuse("main-result-missing", "a plan needs at least one main result")
	}
	for _, r := range s.Draft.Results {
		if r.Kind == Main && len(r.Indicators) == 0 {
			return nil, domain.Refuse("indicator-missing", "main result %s needs at least one indicator", r.ID)
		}
	}
	return []Event{Submitted{content}}, nil
}

func changed() error {
	return domain.Refuse("content-changed", "the plan no longer says what you saw: load it again, read it, and sign what it says now")
}
