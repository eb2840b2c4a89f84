package unit

import "github.com/jejak-kinerja/jejak/domain"

// EndActingHead ends an acting head's mandate before its time. Istilah: akhiri Plt/Plh.
type EndActingHead struct {
	Person  domain.PersonID
	LastDay domain.Date
}

func (EndActingHead) unitCommand() {}

func decideEndActingHead(s State, c EndActingHead) ([]Event, error) {
	acting := func(h Head) bool { return h.Capacity != domain.Definitive }
	ends, err := endsMandate(s, c.Person, c.LastDay, acting)
	if !ends || err != nil {
		return nil, err
	}
	return []Event{ActingHeadEnded(c)}, nil
}
