package plan

import "github.com/jejak-kinerja/jejak/domain"

// Return sends the plan back to its author with a reason. Istilah: kembalikan SKP.
type Return struct {
	By     domain.PersonID
	Reason domain.Sealed
}

func (Return) planCommand() {}

func decideReturn(s State, c Return) ([]Event, error) {
	if err := s.asAppraiser(c.By); err != nil {
		return nil, err
	}
	if c.Reason.Empty() {
		return nil, domain.Bad("reason", "reason-missing", "say why the plan goes back")
	}
	if s.Status != AwaitingSignature {
		return nil, domain.Refuse("plan-not-submitted", "only a submitted plan goes back")
	}
	return []Event{Returned{c.Reason}}, nil
}
