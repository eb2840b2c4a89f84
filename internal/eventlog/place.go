package eventlog

import (
	"fmt"
	"math"
	"strings"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
	"google.golang.org/grpc/codes"

	"github.com/jejak-kinerja/jejak/domain"
)

// ErrNotAPlace answers a read or a subscription that was to begin at a position
// where this log has no event: one between two events, or beyond the last. Whoever
// holds such a position has it from another event store, or from a later state of
// this one that a backup has since replaced.
var ErrNotAPlace error = &domain.Error{Kind: domain.Conflict, Slug: "not-a-place-of-this-log",
	Detail: "there is no event at this position: it belongs to another log, or to a state of this log from before a restore; begin again from the start"}

// maxPosition is the last position that a log can have. EventStoreDB uses the
// numbers above it for "nowhere yet" and "the end".
const maxPosition = math.MaxInt64

// placed says whether a position can be that of an event. 0 is before the first one.
func placed(commit, prepare uint64) bool {
	return commit > 0 && commit <= maxPosition && prepare <= commit
}

// checkPlace refuses what no log can have at all; 0 is where every log begins.
func checkPlace(commit, prepare uint64) error {
	if commit == 0 || placed(commit, prepare) {
		return nil
	}
	return fmt.Errorf("position %d/%d: %w", commit, prepare, ErrNotAPlace)
}

// checkAhead refuses a position beyond the end of the log. The store answers a read
// forwards from there with nothing, where otherwise the event at the position itself
// would come first.
func checkAhead(page []*esdb.RecordedEvent, position uint64) error {
	if position == 0 || len(page) > 0 {
		return nil
	}
	return fmt.Errorf("position %d is beyond the end: %w", position, ErrNotAPlace)
}

// misplaced recognises the store's own refusals of a position.
func misplaced(err error) bool {
	switch s := statusOf(err); s.Code() {
	case codes.Unknown, codes.InvalidArgument:
		text := strings.ToLower(s.Message())
		return strings.Contains(text, "invalidposition") || strings.Contains(text, "invalid position") ||
			strings.Contains(text, "readallresult: error") // backwards from beyond the end
	}
	return false
}
