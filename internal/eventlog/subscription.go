package eventlog

import (
	"context"
	"errors"
	"sync"
	"time"
)

const (
	// MaxBatch is the most events that Next gives: one transaction of a projection.
	MaxBatch = 1_000

	// waitingItems is how many events wait for Next; when they do, the stream from
	// the store is not read on, and the store waits too.
	waitingItems = 2 * MaxBatch

	// gatherFor is how long Next waits for more while history is read, which comes
	// as fast as it can: full batches cost the consumer least. Live events are
	// given at once.
	gatherFor = 20 * time.Millisecond
)

// ErrSubscriptionClosed answers Next when the subscription has ended.
var ErrSubscriptionClosed = errors.New("the subscription is closed")

// Batch is what a subscription has for its consumer.
type Batch struct {
	// Entries in the order of the log, at most MaxBatch, perhaps none.
	Entries []Entry
	// Position up to which everything has been delivered: the last entry's, or
	// beyond it when the store said that nothing of the ledger follows up to there.
	Position uint64
	// CaughtUp says that the store has sent what it had, and that Position is not
	// behind anything that this Log knows of. The store's own word is not enough: it
	// never takes it back when a consumer falls behind again.
	CaughtUp bool
}

// item is one word from the store: an event, or (entry nil) how far it has looked.
type item struct {
	entry    *Entry
	position uint64
	caughtUp bool
}

// Subscription follows the ledger from a position on. It mends itself: when the
// connection breaks, or falls silent while there is something to hear, it
// subscribes anew after the last event it delivered. Nothing is left out and
// nothing is given twice.
type Subscription struct {
	items  chan item
	cancel context.CancelFunc
	work   sync.WaitGroup
	ended  error // why; to be read when items is closed
	end    func() uint64

	// What the consumer has seen; Next is for one goroutine.
	position uint64
	caughtUp bool
}

// Subscribe follows the events after a position, 0 for all, until ctx ends or
// Close. It does not wait for the store: a store that is away is awaited, with a
// warning in the log for every failed attempt.
func (l *Log) Subscribe(ctx context.Context, after uint64) (*Subscription, error) {
	ctx, cancel := context.WithCancel(ctx)
	s := &Subscription{items: make(chan item, waitingItems), cancel: cancel, position: after, end: l.end.Load}
	f := follower{log: l, items: s.items, event: after, last: after}
	s.work.Go(func() {
		defer close(s.items)
		s.ended = f.follow(ctx)
	})
	return s, nil
}

// Next waits until there is something, and gives everything that waits; while
// history is read, a full batch if it comes soon. Its error is that of ctx,
// ErrSubscriptionClosed at the end, or ErrNotAPlace when the log has no event where
// the subscription was to go on: then it is over. Call it from one goroutine.
func (s *Subscription) Next(ctx context.Context) (Batch, error) {
	var entries []Entry
	select {
	case <-ctx.Done():
		return Batch{}, ctx.Err()
	case i, open := <-s.items:
		if !open {
			return Batch{}, s.ended
		}
		entries = s.take(entries, i)
	}
	enough := time.NewTimer(gatherFor)
	defer enough.Stop()
	for len(entries) < MaxBatch {
		i, ok := s.more(ctx, enough.C)
		if !ok {
			break
		}
		entries = s.take(entries, i)
	}
	return s.batch(entries), nil
}

// more gives the next item: one that waits, or in history one that comes in time.
func (s *Subscription) more(ctx context.Context, enough <-chan time.Time) (i item, ok bool) {
	select {
	case i, ok = <-s.items:
		return i, ok
	default:
	}
	if s.caughtUp {
		return item{}, false
	}
	select {
	case i, ok = <-s.items:
		return i, ok
	case <-enough:
	case <-ctx.Done():
	}
	return item{}, false
}

func (s *Subscription) take(entries []Entry, i item) []Entry {
	s.position, s.caughtUp = i.position, i.caughtUp
	if i.entry != nil {
		entries = append(entries, *i.entry)
	}
	return entries
}

func (s *Subscription) batch(entries []Entry) Batch {
	return Batch{Entries: entries, Position: s.position, CaughtUp: s.caughtUp && len(s.items) == 0 && s.position >= s.end()}
}

// Close ends the subscription and waits for its goroutines.
func (s *Subscription) Close() {
	s.cancel()
	s.work.Wait()
}
