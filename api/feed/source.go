package feed

import (
	"context"

	"github.com/jejak-kinerja/jejak/domain"
)

// Entry is an event as read. When it could not be decoded, Err says why; its
// place, name, id and bytes are there all the same.
type Entry struct {
	domain.Recorded
	Err error
}

// Source is the log, as far as the feed needs it.
type Source interface {
	// ReadAll gives up to limit events strictly after a position, oldest first.
	// Fewer than limit means that there were no more.
	ReadAll(ctx context.Context, after uint64, limit int) ([]Entry, error)
	// Head gives the position of the newest event, 0 when there is none.
	Head(ctx context.Context) (uint64, error)
	// Subscribe follows the events after a position.
	Subscribe(ctx context.Context, after uint64) (Subscription, error)
}

// Subscription gives what is new.
type Subscription interface {
	// Next waits until there is something, and gives everything that waits, perhaps nothing.
	Next(ctx context.Context) ([]Entry, error)
	// Close ends the subscription and waits for its goroutines.
	Close()
}
