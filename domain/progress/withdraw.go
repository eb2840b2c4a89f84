package progress

import "github.com/jejak-kinerja/jejak/domain"

// Withdraw takes the report back. Istilah: tarik laporan.
type Withdraw struct {
	By     domain.PersonID
	Reason domain.Sealed
}

func (Withdraw) progressCommand() {}

func decideWithdraw(s State, c Withdraw) ([]Event, error) {
	if err := s.asAuthor(c.By); err != nil {
		return nil, err
	}
	if c.Reason.Empty() {
		return nil, domain.Bad("reason", "reason-missing", "say why the report is withdrawn")
	}
	return []Event{Withdrawn{c.Reason}}, nil
}
