package eventlog

import (
	"context"
	"fmt"
	"strings"
)

// FindEvent looks for an event of the ledger by its id among the newest events of
// the log, at most so many, and gives its position. looked is told how many were
// looked at.
func (l *Log) FindEvent(ctx context.Context, id string, most int, looked func(events int)) (position uint64, ok bool, err error) {
	for n, before := 0, uint64(0); n < most; {
		want := min(readPage, most-n+1)
		page, err := l.page(ctx, before, want, true)
		if err != nil {
			return 0, false, fmt.Errorf("look for the event %s: %w", id, err)
		}
		for _, e := range page {
			if strings.EqualFold(e.EventID.String(), id) && !system(e) {
				return e.Position.Commit, true, nil
			}
			before = e.Position.Commit
		}
		if n += len(page); len(page) < want {
			return 0, false, nil
		}
		looked(n)
	}
	return 0, false, nil
}
