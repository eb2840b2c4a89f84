package eventlog

import (
	"context"
	"errors"
	"fmt"
)

// errUnconfirmed refuses an append: what stands at the other end may not be written to.
var errUnconfirmed = errors.New("the event store is not written to")

func anyLink(context.Context, *link) error { return nil }

// confirmedLink admits a link for appends once Confirm has been asked, which reads
// by the present link. So its word counts for a link that was the present one before
// and after; otherwise the append is tried again by the next.
func (l *Log) confirmedLink(ctx context.Context, by *link) error {
	if l.confirm == nil || by.confirmed.Load() {
		return nil
	}
	by.confirming.Lock()
	defer by.confirming.Unlock()
	if by.confirmed.Load() {
		return nil
	}
	if err := l.confirm(ctx); err != nil {
		return fmt.Errorf("%w: %w", errUnconfirmed, err)
	}
	if by.isRetired() {
		return errLeft
	}
	by.confirmed.Store(true)
	return nil
}
