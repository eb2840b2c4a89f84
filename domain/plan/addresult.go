package plan

import "github.com/jejak-kinerja/jejak/domain"

// MaxResults in one plan: the official form has room for a handful, forty is a
// plan nobody can talk about.
const MaxResults = 40

// AddResult adds a result to reach. Istilah: tambah RHK.
type AddResult struct {
	By      domain.PersonID
	Result  domain.ResultID
	Kind    ResultKind
	Wording string
	Serves  Serves
}

func (AddResult) planCommand() {}

// Author gives the edit in the name of a person.
func (c AddResult) Author(by domain.PersonID) Edit { c.By = by; return c }

func decideAddResult(s State, c AddResult) ([]Event, error) {
	if err := s.writable(c.By); err != nil {
		return nil, err
	}
	if err := domain.CheckID("result", string(c.Result)); err != nil {
		return nil, err
	}
	if c.Kind != Main && c.Kind != Additional {
		return nil, domain.Bad("kind", "result-kind-unknown", "a result is %s or %s", Main, Additional)
	}
	if err := checkResult(s, c.Wording, c.Serves); err != nil {
		return nil, err
	}
	if r, ok := s.Draft.Result(c.Result); ok {
		if r.Kind == c.Kind && r.Wording == c.Wording && r.Serves == c.Serves {
			return nil, nil
		}
		return nil, domain.Refuse("result-exists", "the plan has this result already: amend it")
	}
	if len(s.Draft.Results) >= MaxResults {
		return nil, domain.Refuse("too-many-results", "a plan has at most %d results", MaxResults)
	}
	return []Event{ResultAdded{c.Result, c.Kind, c.Wording, c.Serves}}, nil
}

func checkResult(s State, wording string, serves Serves) error {
	if err := domain.CheckWording("wording", wording); err != nil {
		return err
	}
	if serves.Plan != "" && serves.Plan == s.Plan {
		return domain.Bad("serves", "serves-itself", "a result serves a result of another plan")
	}
	if (serves.Plan == "") != (serves.Result == "") {
		return domain.Bad("serves", "serves-incomplete", "name the plan and the result that is served")
	}
	for _, id := range []string{string(serves.Plan), string(serves.Result), string(serves.Indicator)} {
		if id == "" {
			continue
		}
		if err := domain.CheckID("serves", id); err != nil {
			return err
		}
	}
	return nil
}
