package commands

import (
	"context"

	"github.com/jejak-kinerja/jejak/domain"
)

// MaxLineHeight bounds the way up a reporting line. The city has five levels from
// staff to secretary; twice that holds every honest line.
const MaxLineHeight = 10

// above walks up the reporting line of a person on a day, superior by superior,
// and says whether one of them meets the condition. Wrong master data does not
// trap it: it stops at somebody who is not in the ledger, and at MaxLineHeight
// when the line goes in a circle.
func (l Lookup) above(ctx context.Context, id domain.PersonID, on domain.Date, meets func(domain.PersonID) bool) (bool, error) {
	for range MaxLineHeight {
		s, err := l.PersonState(ctx, id)
		if domain.KindOf(err) == domain.NotFound {
			return false, nil
		}
		if err != nil {
			return false, err
		}
		id = s.SuperiorOn(on)
		switch {
		case id == "":
			return false, nil
		case meets(id):
			return true, nil
		}
	}
	return false, nil
}
