package plan

import "github.com/jejak-kinerja/jejak/domain"

// WithdrawSignature opens a new draft of an established plan; the established
// version stays valid meanwhile. Either signer may. Istilah: cabut tanda tangan.
type WithdrawSignature struct {
	By     domain.PersonID
	Reason domain.Sealed
}

func (WithdrawSignature) planCommand() {}

func decideWithdrawSignature(s State, c WithdrawSignature) ([]Event, error) {
	if err := s.open(); err != nil {
		return nil, err
	}
	if c.By == "" || c.By != s.Person && c.By != s.Appraiser {
		return nil, domain.Forbid("not-a-signer", "only the employee and the appraiser may withdraw a signature")
	}
	if c.Reason.Empty() {
		return nil, domain.Bad("reason", "reason-missing", "say why the signature is withdrawn")
	}
	if s.Status != Valid {
		return nil, domain.Refuse("plan-not-established", "only an established plan has signatures to withdraw")
	}
	return []Event{SignatureWithdrawn{c.Reason}}, nil
}
