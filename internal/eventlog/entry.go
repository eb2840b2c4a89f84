package eventlog

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
	"github.com/google/uuid"
	"github.com/gowebpki/jcs"

	"github.com/jejak-kinerja/jejak/commands"
	"github.com/jejak-kinerja/jejak/domain"
)

// Entry is an event as read. When it could not be decoded, Err says why and Body
// is nil; its place, name, id and bytes are there all the same. A foreign event is
// not decoded: it has neither Body nor Meta nor Err.
type Entry struct {
	domain.Recorded
	Err error
}

// system says whether an event is the store's own.
func system(e *esdb.RecordedEvent) bool {
	return strings.HasPrefix(e.EventType, "$") || strings.HasPrefix(e.StreamID, "$")
}

// entry decodes an event of the ledger.
func (l *Log) entry(e *esdb.RecordedEvent) Entry {
	r := domain.Recorded{
		Position: e.Position.Commit, Stream: e.StreamID, Revision: e.EventNumber, ID: domain.EventID(e.EventID.String()),
		Name: e.EventType, Data: e.Data, StoredAt: e.CreatedDate.UTC(),
	}
	l.saw(r.Position)
	if r.Foreign = !l.catalog.Belongs(r.Stream, r.Name); r.Foreign {
		return Entry{Recorded: r}
	}
	body, err := l.catalog.Decode(e.EventType, e.Data)
	if err == nil {
		err = checkCanonical(e.Data)
	}
	if err == nil {
		r.Meta, err = decodeMeta(e.UserMetadata)
	}
	if err != nil {
		return Entry{r, fmt.Errorf("event %s at revision %d of %s: %w", r.ID, r.Revision, r.Stream, err)}
	}
	r.Body = body
	return Entry{Recorded: r}
}

// checkCanonical refuses a body whose event line would not be canonical. The
// catalog has read it, so that it is one object without blanks and with its keys
// in order.
func checkCanonical(data []byte) error {
	if plain(data) {
		return nil
	}
	again, err := jcs.Transform(data)
	if err != nil {
		return fmt.Errorf("the body is not I-JSON: %w", err)
	}
	if !bytes.Equal(again, data) {
		return fmt.Errorf("the body is not in canonical form")
	}
	return nil
}

// proposed encodes the events of one append and refuses what is too much for it.
func (l *Log) proposed(events []commands.NewEvent) ([]esdb.EventData, error) {
	if len(events) == 0 {
		return nil, fmt.Errorf("nothing to append")
	}
	size := 0
	data := make([]esdb.EventData, len(events))
	for n, e := range events {
		id, err := uuid.Parse(string(e.ID))
		if err != nil {
			return nil, fmt.Errorf("event id %q: %w", e.ID, err)
		}
		name, body, err := l.catalog.Encode(e.Body)
		if err != nil {
			return nil, err
		}
		meta, err := encodeMeta(e.Meta)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		data[n] = esdb.EventData{EventID: id, EventType: name, ContentType: esdb.ContentTypeJson, Data: body, Metadata: meta}
		size += 2*len(name) + len(body) + len(meta)
	}
	if size > MaxAppendBytes {
		return nil, domain.Bad("", slugTooLarge, "%d events of %d bytes in all are more than the %d of one append", len(events), size, MaxAppendBytes)
	}
	return data, nil
}
