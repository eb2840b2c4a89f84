package main

import (
	"context"
	"strings"

	"github.com/jejak-kinerja/jejak/internal/logwatch"
)

// feedLedger tells the feed which log it reads.
type feedLedger struct{ rooms *rooms }

// ID is that of the log which the event store holds, also when it is not the read models'.
func (l feedLedger) ID() string {
	lineage, found := l.rooms.logs.Lineage(), l.rooms.logs.Found()
	if n := len(lineage); n > 0 && (found.State == logwatch.Same || found.First == lineage[n-1].First) {
		return lineage[n-1].ID
	}
	return found.First.ID
}

// First says that the ledger never had another log.
func (l feedLedger) First() bool { return len(l.rooms.logs.Lineage()) <= 1 }

// Holds asks the event store, so that a log that was exchanged a moment ago is seen.
func (l feedLedger) Holds(ctx context.Context, from string, position uint64) (bool, error) {
	if !logwatch.Holds(l.rooms.logs.Lineage(), from, position) {
		return false, nil
	}
	if position == 0 {
		return true, nil
	}
	raw, ok, err := l.rooms.events.RawAt(ctx, position, position)
	if err != nil || !ok || !strings.HasPrefix(raw.Stream, "$") {
		return ok, err
	}
	// The store's own events have places, too, but readers are never given them: one
	// beyond the ledger's last is of another log.
	head, err := l.rooms.events.Head(ctx)
	return position <= head, err
}

// Err refuses to read a log that is not the read models'.
func (l feedLedger) Err() error {
	if refusal := refusalOf(l.rooms.logs.Found()); refusal != nil {
		return refusal
	}
	return nil
}
