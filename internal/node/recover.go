package node

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"
)

const (
	// recoverLimit is how long those who wait for a write wait for the database to
	// come back, and how long one attempt to reach it may take. It covers a restart
	// of PostgreSQL.
	recoverLimit = 30 * time.Second

	// recoverPause is the wait between two attempts to reach the database.
	recoverPause = 100 * time.Millisecond
)

var errMoved = errors.New("the log has moved without this node")

// recover finds out, after a failed round trip, what is stored. It believes
// nothing in memory: new session, writer lock, the log's own end. landed tells
// whether b (nil when nothing was sent) is stored after all, told whether the
// requests were answered meanwhile (see insist). The error is errDeposed when
// another node leads, or has led in between.
func (q *sequencer) recover(ctx context.Context, b *batch, requests []*request) (landed, told bool, err error) {
	told, err = q.insist(ctx, requests, func(ctx context.Context) error {
		h, err := q.store.reopen(ctx)
		if err != nil && !errors.Is(err, errDeposed) {
			return fmt.Errorf("find the end of the log: %w", err)
		}
		if err == nil {
			q.cache, q.lastSID = newStreamCache(), h.sid
			landed, err = q.compare(h, b)
		}
		if errors.Is(err, errDeposed) {
			return q.fate(ctx, b, &landed)
		}
		return err
	})
	return landed, told, err
}

// compare tells from the log's end whether b is stored.
func (q *sequencer) compare(h heads, b *batch) (landed bool, err error) {
	switch {
	case h.pos == q.head:
		return false, nil
	case b != nil && len(b.events) > 0 && h.pos == q.head+int64(len(b.events)) && h.lastID == b.events[len(b.events)-1].id:
		return true, nil
	case q.replica:
		return false, errDeposed
	}
	return false, fmt.Errorf("%w: expected position %d, found %d", errMoved, q.head, h.pos)
}

// fate finds out, when this node's term is over, whether its last batch is stored.
// The error is errDeposed, or tells that it could not be found out.
func (q *sequencer) fate(ctx context.Context, b *batch, landed *bool) (err error) {
	if b != nil && len(b.events) > 0 {
		last := b.events[len(b.events)-1]
		if *landed, err = q.store.holds(ctx, last.pos, last.id); err != nil {
			return fmt.Errorf("find out what is stored: %w", err)
		}
	}
	return errDeposed
}

// insist tries until it is known what is stored, or that this node must stop. The
// database may be away for hours: after the limit those who wait are told that the
// outcome is unknown, new writes are refused at once, and the search goes on.
func (q *sequencer) insist(ctx context.Context, requests []*request, find func(ctx context.Context) error) (told bool, err error) {
	limit := time.NewTimer(q.patience)
	defer limit.Stop()
	defer func() {
		if told {
			q.log.Info("the database is back", slog.Any("error", err))
			q.queue.resume()
		}
	}()
	var closing <-chan struct{} // an orderly end waits for the limit, not for hours
	for {
		attempt, cancel := context.WithTimeout(ctx, recoverLimit)
		err = find(attempt)
		cancel()
		if err == nil || errors.Is(err, errDeposed) || errors.Is(err, errMoved) || errors.Is(err, errHeld) && !q.replica {
			return told, err
		}
		select {
		case <-time.After(recoverPause):
		case <-limit.C:
			q.log.Error("the database is away: writes are refused until it is back", slog.Any("error", err))
			told, closing = true, q.stopping
			q.refuseAll(requests, unavailable("the write", err))
		case <-closing:
			return told, err
		case <-ctx.Done():
			return told, err
		}
	}
}

// refuseAll answers everybody who waits, and from now on everybody who comes.
func (q *sequencer) refuseAll(requests []*request, err error) {
	answerAll(requests, err)
	for _, r := range requests {
		r.answer = func(outcome) {} // that was the one answer
	}
	q.queue.suspend(func() error { return err })
	for waiting := q.queue.take(nil); waiting != nil; waiting = q.queue.take(nil) {
		answerAll(waiting, err)
	}
}
