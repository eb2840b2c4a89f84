package main

import (
	"context"
	"fmt"
	"iter"

	"github.com/jejak-kinerja/jejak/internal/backup"
	"github.com/jejak-kinerja/jejak/internal/eventlog"
)

// heldEvents is what the event store holds of a backup.
type heldEvents struct {
	whole   int  // events that are stored, up to the first that is not
	ordered bool // all that are stored stand in the backup's order
}

// place is where an event stands, in any store.
type place struct {
	stream   string
	revision uint64
}

// passed is an event of the backup that the store has not shown yet, though it has
// shown a later one.
type passed struct {
	number int // in the backup, from 0
	event  eventlog.Raw
}

// compare reads the store's log beside the backup's. A difference is an error; that
// the store ends before the backup is none. A store that was filled through its
// client may show an event up to eventlog.MaxFillAhead events too early.
func (x *restoration) compare(ctx context.Context, report func(n int)) (c heldEvents, err error) {
	next, stop := iter.Pull2(x.wanted())
	defer stop()
	c.ordered = true
	read, same := 0, 0
	open := map[place]passed{}
	for e, err := range x.held(ctx) {
		if err != nil {
			return c, err
		}
		at := place{e.Stream, e.Revision}
		want, found := open[at]
		delete(open, at)
		for !found {
			event, err, more := next()
			if err != nil {
				return c, err
			}
			if !more {
				return c, fmt.Errorf("the event store holds more than the backup: the event %s at position %d. Somebody writes to it; take an empty one", e.ID, e.Position)
			}
			want = passed{read, event}
			read++
			if found = event.Stream == e.Stream && event.Revision == e.Revision; !found {
				open[place{event.Stream, event.Revision}] = want
				c.ordered = false
			}
			if !found && (x.embedded() || len(open) > eventlog.MaxFillAhead) {
				return c, isAnother(e, event)
			}
		}
		if !x.same(e, want.event) {
			return c, isAnother(e, want.event)
		}
		if same++; same%1_000 == 0 || same == x.count() {
			report(same)
		}
	}
	c.whole = read
	for _, p := range open {
		c.whole = min(c.whole, p.number)
	}
	return c, nil
}

// same says whether an event is the backup's; on our own node at its place, too.
func (x *restoration) same(e backup.Event, want eventlog.Raw) bool {
	return e.Same(backup.Event(want)) && (!x.embedded() || e.Position == want.Position && e.Created.Equal(want.Created))
}

func isAnother(e backup.Event, want eventlog.Raw) error {
	return fmt.Errorf("the event store is not what the backup says: at position %d it holds the event %s, not %s. Take an empty one", e.Position, e.ID, want.ID)
}
