package feedback

import "github.com/jejak-kinerja/jejak/domain"

// Dispute is the person's word that the feedback is unfair. Istilah: sanggah umpan balik.
type Dispute struct {
	By     domain.PersonID
	Reason domain.Sealed
}

func (Dispute) feedbackCommand() {}

func decideDispute(s State, c Dispute) ([]Event, error) {
	if err := s.asPerson(c.By); err != nil {
		return nil, err
	}
	if c.Reason.Empty() {
		return nil, domain.Bad("reason", "reason-missing", "say what is unfair")
	}
	if s.Disputed {
		return nil, domain.Refuse("already-disputed", "the feedback was disputed already: reply in the thread")
	}
	return s.afterReading(Disputed{c.Reason}), nil
}
