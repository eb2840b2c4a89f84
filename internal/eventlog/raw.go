package eventlog

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
)

// Raw is an event as the store holds it, undecoded, the store's own included.
type Raw struct {
	Position    uint64 // the commit position
	Prepare     uint64 // tells events of one commit apart on a cluster
	Stream      string
	Revision    uint64
	ID          string
	Type        string
	ContentType string
	Created     time.Time // UTC, in steps of 100 ns
	Data        []byte
	Metadata    []byte
}

// ReadRaw gives the events of the whole log strictly after a place, oldest first:
// a page of 1,000 at most, and none at the end. After 0, 0 from the beginning.
// A place that is none of this log is ErrNotAPlace.
func (l *Log) ReadRaw(ctx context.Context, commit, prepare uint64) ([]Raw, error) {
	if err := checkPlace(commit, prepare); err != nil {
		return nil, fmt.Errorf("read the log: %w", err)
	}
	options := esdb.ReadAllOptions{Direction: esdb.Forwards, From: esdb.Start{}, RequiresLeader: true}
	if commit > 0 {
		options.From = esdb.Position{Commit: commit, Prepare: prepare}
	}
	page, err := l.readLog(ctx, options, readPage+1)
	if err == nil {
		err = checkAhead(page, commit)
	}
	if err != nil {
		return nil, fmt.Errorf("read the log: %w", err)
	}
	raw := make([]Raw, 0, len(page))
	for _, e := range page {
		if p := e.Position; commit > 0 && (p.Commit < commit || p.Commit == commit && p.Prepare <= prepare) {
			continue // the event at the place itself comes first
		}
		raw = append(raw, rawOf(e))
	}
	return raw, nil
}

// RawHead gives the place of the newest event of the whole log; 0, 0 for none.
func (l *Log) RawHead(ctx context.Context) (commit, prepare uint64, err error) {
	options := esdb.ReadAllOptions{Direction: esdb.Backwards, From: esdb.End{}, RequiresLeader: true}
	newest, err := l.readLog(ctx, options, 1)
	if err != nil {
		return 0, 0, fmt.Errorf("find the end of the log: %w", err)
	}
	if len(newest) == 0 {
		return 0, 0, nil
	}
	return newest[0].Position.Commit, newest[0].Position.Prepare, nil
}

// RawAt gives the event at a place; not ok when there is none, also when the place
// lies between two events, beyond the end, or is none that a log can have. An error
// says that the store could not be asked.
func (l *Log) RawAt(ctx context.Context, commit, prepare uint64) (r Raw, ok bool, err error) {
	if !placed(commit, prepare) {
		return Raw{}, false, nil
	}
	options := esdb.ReadAllOptions{Direction: esdb.Forwards, From: esdb.Position{Commit: commit, Prepare: prepare}, RequiresLeader: true}
	page, err := l.readLog(ctx, options, 1)
	if errors.Is(err, ErrNotAPlace) {
		return Raw{}, false, nil
	}
	if err != nil {
		return Raw{}, false, fmt.Errorf("read the log at %d: %w", commit, err)
	}
	if len(page) == 0 || page[0].Position != (esdb.Position{Commit: commit, Prepare: prepare}) {
		return Raw{}, false, nil
	}
	return rawOf(page[0]), true, nil
}

func rawOf(e *esdb.RecordedEvent) Raw {
	return Raw{
		Position: e.Position.Commit, Prepare: e.Position.Prepare, Stream: e.StreamID, Revision: e.EventNumber, ID: e.EventID.String(),
		Type: e.EventType, ContentType: e.ContentType, Created: e.CreatedDate.UTC(), Data: e.Data, Metadata: e.UserMetadata,
	}
}
