package eventlog

import (
	"context"
	"fmt"
	"iter"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
	"github.com/google/uuid"
)

// AppendRaw appends events of the ledger to any event store in the order given,
// each at its revision, with its id and bytes; place and time in the log are the
// store's. What is there already is left as it is: ids and revisions make a repeat
// safe. report is told how many are stored.
func (l *Log) AppendRaw(ctx context.Context, events iter.Seq2[Raw, error], report func(stored int)) error {
	var held []Raw
	size, stored := 0, 0
	flush := func() error {
		if err := l.appendRun(ctx, held); err != nil {
			return err
		}
		stored += len(held)
		held, size = held[:0], 0
		report(stored)
		return nil
	}
	for e, err := range events {
		if err != nil {
			return err
		}
		weight := 2*len(e.Type) + len(e.Data) + len(e.Metadata)
		if n := len(held); n > 0 && (!e.follows(held[n-1]) || n == maxRunEvents || size+weight > MaxAppendBytes) {
			if err := flush(); err != nil {
				return err
			}
		}
		held, size = append(held, e), size+weight
	}
	return flush()
}

// follows says whether e comes right after o in the same stream.
func (e Raw) follows(o Raw) bool { return e.Stream == o.Stream && e.Revision == o.Revision+1 }

func (l *Log) appendRun(ctx context.Context, events []Raw) error {
	if len(events) == 0 {
		return nil
	}
	data := make([]esdb.EventData, len(events))
	for n, e := range events {
		id, err := uuid.Parse(e.ID)
		if err != nil {
			return fmt.Errorf("event id %q: %w", e.ID, err)
		}
		data[n] = esdb.EventData{EventID: id, EventType: e.Type, ContentType: esdb.ContentTypeBinary, Data: e.Data, Metadata: e.Metadata}
		if e.ContentType == "application/json" {
			data[n].ContentType = esdb.ContentTypeJson
		}
	}
	first, last := events[0], events[len(events)-1]
	if _, err := l.write(ctx, first.Stream, int64(first.Revision)-1, data); err != nil {
		return fmt.Errorf("append %s up to revision %d: %w", first.Stream, last.Revision, fault(ctx, err))
	}
	return nil
}
