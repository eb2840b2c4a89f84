package plan

import "github.com/jejak-kinerja/jejak/domain"

// AmendResult rewords a result or links it anew. Istilah: ubah RHK.
type AmendResult struct {
	By      domain.PersonID
	Result  domain.ResultID
	Wording string
	Serves  Serves
}

func (AmendResult) planCommand() {}

// Author gives the edit in the name of a person.
func (c AmendResult) Author(by domain.PersonID) Edit { c.By = by; return c }

func decideAmendResult(s State, c AmendResult) ([]Event, error) {
	if err := s.writable(c.By); err != nil {
		return nil, err
	}
	r, err := s.needResult(c.Result)
	if err != nil {
		return nil, err
	}
	if err := checkResult(s, c.Wording, c.Serves); err != nil {
		return nil, err
	}
	if r.Wording == c.Wording && r.Serves == c.Serves {
		return nil, nil
	}
	return []Event{ResultAmended{c.Result, c.Wording, c.Serves}}, nil
}

func (s State) needResult(id domain.ResultID) (Result, error) {
	r, ok := s.Draft.Result(id)
	if !ok {
		return r, domain.Missing("result-unknown", "the plan has no such result")
	}
	return r, nil
}
