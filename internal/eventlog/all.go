package eventlog

import (
	"context"
	"fmt"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"

	"github.com/jejak-kinerja/jejak/domain"
)

// readPage is how many events of the log one call fetches.
const readPage = 1_000

// ReadAll gives up to limit events of the ledger, 1 to MaxReadEvents. Forwards:
// those strictly after a position, oldest first; after 0 from the beginning.
// Backwards: those strictly before a position, newest first; before 0 from the
// end. Fewer than limit means that there were no more. A position that is none of
// this log is ErrNotAPlace.
func (l *Log) ReadAll(ctx context.Context, position uint64, limit int, backwards bool) ([]Entry, error) {
	if limit < 1 || limit > MaxReadEvents {
		return nil, domain.Bad("limit", "limit-out-of-range", "the log is read 1 to %d events at a time", MaxReadEvents)
	}
	var entries []Entry
	for least := 1; ; least *= 2 { // a store writes long runs of events of its own
		// One more than asked: forwards, the event at the position itself comes first.
		want := min(max(limit-len(entries)+1, least), readPage)
		page, err := l.page(ctx, position, want, backwards)
		if err == nil && !backwards {
			err = checkAhead(page, position)
		}
		if err != nil {
			return nil, fmt.Errorf("read the log: %w", err)
		}
		last := position
		for _, e := range page {
			if e.Position.Commit == position && position != 0 {
				continue
			}
			last = e.Position.Commit
			if !system(e) {
				entries = append(entries, l.entry(e))
			}
			if len(entries) == limit {
				return entries, nil
			}
		}
		if len(page) < want || last == position {
			return entries, nil
		}
		position = last
	}
}

// page reads the log once, system events included.
func (l *Log) page(ctx context.Context, position uint64, count int, backwards bool) ([]*esdb.RecordedEvent, error) {
	if err := checkPlace(position, position); err != nil {
		return nil, err
	}
	options := esdb.ReadAllOptions{Direction: esdb.Forwards, From: esdb.Start{}, RequiresLeader: true}
	if backwards {
		options.Direction, options.From = esdb.Backwards, esdb.End{}
	}
	if position > 0 {
		options.From = esdb.Position{Commit: position, Prepare: position}
	}
	return l.readLog(ctx, options, uint64(count))
}

// readLog is one call.
func (l *Log) readLog(ctx context.Context, options esdb.ReadAllOptions, count uint64) ([]*esdb.RecordedEvent, error) {
	return call(ctx, l, func(ctx context.Context, client *esdb.Client) ([]*esdb.RecordedEvent, error) {
		reading, err := client.ReadAll(ctx, options, count)
		if err != nil {
			return nil, err
		}
		return drain(reading)
	})
}
