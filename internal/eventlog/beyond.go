package eventlog

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Beyond is what the ledger holds beyond a place of the log.
type Beyond = struct {
	// Missing: there is no event at the place itself, so it is not this log that the
	// place was taken from, or an older state of it.
	Missing  bool
	First    uint64    // position of the first event beyond; 0 for none
	StoredAt time.Time // of that event, UTC
	Facts    int       // how many there are, or with More: at least
	More     bool
}

// LookBeyond looks at the ledger beyond an event's position, or from the beginning
// for 0. It reads what follows up to 1,000 events of the log, and on only while it
// meets none of the ledger; where nothing follows, one event. It decodes none.
func (l *Log) LookBeyond(ctx context.Context, position uint64) (Beyond, error) {
	var b Beyond
	for at, want := position, 2; ; want = readPage + 1 {
		page, err := l.page(ctx, at, want, false)
		if errors.Is(err, ErrNotAPlace) {
			return Beyond{Missing: true}, nil
		}
		if err != nil {
			return b, fmt.Errorf("look beyond %d: %w", position, err)
		}
		if at > 0 && (len(page) == 0 || page[0].Position.Commit != at) {
			return Beyond{Missing: true}, nil
		}
		full := len(page) == want
		for _, e := range page {
			if e.Position.Commit <= at || system(e) {
				continue
			}
			if b.Facts++; b.First == 0 {
				b.First, b.StoredAt = e.Position.Commit, e.CreatedDate.UTC()
			}
		}
		switch {
		case !full:
			return b, nil
		case want == 2: // something follows: look at a whole page of it
			b = Beyond{}
		case b.Facts > 0:
			b.More = true
			return b, nil
		default:
			head, err := l.Head(ctx)
			if err != nil || head <= position {
				return b, err
			}
			at = page[len(page)-1].Position.Commit
		}
	}
}

// nearTime is how much younger the newest event may be than the first beyond a
// place that is still near the end of the log: while others write, the end itself
// is never met.
const nearTime = time.Second

// NearEnd tells whether a position is at or near the end of the ledger.
func (l *Log) NearEnd(ctx context.Context, position uint64) (bool, error) {
	next, err := l.ReadAll(ctx, position, 1, false)
	if err != nil || len(next) == 0 {
		return err == nil, err
	}
	newest, err := l.ReadAll(ctx, 0, 1, true)
	if err != nil || len(newest) == 0 {
		return err == nil, err
	}
	return newest[0].StoredAt.Sub(next[0].StoredAt) <= nearTime, nil
}
