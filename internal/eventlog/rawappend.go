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
	stored := 0
	for run, err := range runs(events) {
		if err == nil {
			err = l.appendRun(ctx, run)
		}
		if err != nil {
			return err
		}
		stored += len(run)
		report(stored)
	}
	return nil
}

const (
	// maxRunEvents and maxRunBytes bound one append of raw events; a larger single
	// event goes alone.
	maxRunEvents = 500
	maxRunBytes  = MaxAppendBytes
)

// runs gathers neighbours in the log that follow each other in one stream. A run is
// good until the next one is asked for.
func runs(events iter.Seq2[Raw, error]) iter.Seq2[[]Raw, error] {
	return func(yield func([]Raw, error) bool) {
		var held []Raw
		size := 0
		for e, err := range events {
			if err != nil {
				yield(nil, err)
				return
			}
			weight := 2*len(e.Type) + len(e.Data) + len(e.Metadata)
			if n := len(held); n > 0 && (!e.follows(held[n-1]) || n == maxRunEvents || size+weight > maxRunBytes) {
				if !yield(held, nil) {
					return
				}
				held, size = held[:0], 0
			}
			held, size = append(held, e), size+weight
		}
		if len(held) > 0 {
			yield(held, nil)
		}
	}
}

// follows says whether e comes right after o in the same stream.
func (e Raw) follows(o Raw) bool { return e.Stream == o.Stream && e.Revision == o.Revision+1 }

func (l *Log) appendRun(ctx context.Context, events []Raw) error {
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
