package plan

import "github.com/jejak-kinerja/jejak/domain"

// WithdrawResult takes a result out of the plan. Istilah: hapus RHK.
type WithdrawResult struct {
	By     domain.PersonID
	Result domain.ResultID
}

func (WithdrawResult) planCommand() {}

// Author gives the edit in the name of a person.
func (c WithdrawResult) Author(by domain.PersonID) Edit { c.By = by; return c }

func decideWithdrawResult(s State, c WithdrawResult) ([]Event, error) {
	if err := s.writable(c.By); err != nil {
		return nil, err
	}
	if err := domain.CheckID("result", string(c.Result)); err != nil {
		return nil, err
	}
	if _, ok := s.Draft.Result(c.Result); !ok {
		return nil, nil
	}
	return []Event{ResultWithdrawn{c.Result}}, nil
}
