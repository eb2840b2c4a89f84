package plan

import "github.com/jejak-kinerja/jejak/domain"

// RemoveIndicator takes an indicator out. Istilah: hapus indikator.
type RemoveIndicator struct {
	By     domain.PersonID
	Result domain.ResultID
	Key    string
}

func (RemoveIndicator) planCommand() {}

// Author gives the edit in the name of a person.
func (c RemoveIndicator) Author(by domain.PersonID) Edit { c.By = by; return c }

func decideRemoveIndicator(s State, c RemoveIndicator) ([]Event, error) {
	if err := s.writable(c.By); err != nil {
		return nil, err
	}
	r, err := s.needResult(c.Result)
	if err != nil {
		return nil, err
	}
	if _, ok := r.Indicator(c.Key); !ok {
		return nil, nil
	}
	return []Event{IndicatorRemoved{c.Result, c.Key}}, nil
}
