package eventlog

import (
	"context"
	"fmt"
)

// Record is an event of the whole log. Of the store's own events only Position,
// Stream, Revision, ID and Name are meant; they are not decoded.
type Record struct {
	Entry
	System bool
	JSON   bool // marked as JSON by its writer
	Cut    *Cut // what an event of the store's own does to a stream; nil when nothing
}

// ReadWhole gives the events strictly after a position, oldest first, the store's
// own included: a page of 1,000 at most, and none at the end. It is for looking at
// the log itself. A position that is none of this log is ErrNotAPlace.
func (l *Log) ReadWhole(ctx context.Context, after uint64) ([]Record, error) {
	page, err := l.page(ctx, after, readPage+1, false)
	if err == nil {
		err = checkAhead(page, after)
	}
	if err != nil {
		return nil, fmt.Errorf("read the log: %w", err)
	}
	records := make([]Record, 0, len(page))
	for _, e := range page {
		if e.Position.Commit == after && after != 0 {
			continue // the event at the position itself comes first
		}
		r := Record{System: system(e), JSON: e.ContentType == "application/json"}
		if r.System {
			r.Position, r.Stream, r.Revision, r.Name = e.Position.Commit, e.StreamID, e.EventNumber, e.EventType
			if cut, ok := CutBy(rawOf(e)); ok {
				r.Cut = &cut
			}
		} else {
			r.Entry = l.entry(e)
		}
		records = append(records, r)
	}
	return records, nil
}
