package feed

import (
	"context"
	"fmt"
	"net/url"
	"regexp"

	"github.com/jejak-kinerja/jejak/domain"
)

// LookedForAmong is among how many newest events ?after_event= looks for the reader's
// last one: some seconds of reading.
const LookedForAmong = 20_000

var eventIDs = regexp.MustCompile(`^[0-9A-Fa-f-]{36}$`)

// afterEvent gives the position of the event that a reader names as its last one, by
// the CloudEvents id. The id stays when a ledger moves to another event store, and
// the position does not.
func (d Deps) afterEvent(ctx context.Context, q url.Values) (uint64, error) {
	id := q.Get("after_event")
	if id == "" {
		return 0, nil
	}
	if !eventIDs.MatchString(id) {
		return 0, domain.Bad("after_event", "event-id-malformed", "the id of an event is a UUID")
	}
	position, ok, err := uint64(0), false, error(nil)
	if d.Find != nil {
		position, ok, err = d.Find(ctx, id, LookedForAmong)
	}
	if err != nil {
		return 0, fmt.Errorf("look for the last event of a reader: %w", err)
	}
	if !ok {
		return 0, domain.Missing("event-not-among-newest", "the event is not among the newest %d of this log", LookedForAmong)
	}
	return position, nil
}
