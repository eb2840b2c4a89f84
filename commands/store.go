package commands

import (
	"context"

	"github.com/jejak-kinerja/jejak/domain"
)

// NewEvent is a fact about to be stored.
type NewEvent struct {
	ID   domain.EventID
	Body any
	Meta domain.Meta
}

// Place is where an append ended: the stream's last revision and the log position.
type Place struct {
	Revision uint64
	Position uint64
}

// Empty is the revision of a stream without events, for Store.Append.
const Empty = -1

// Streams gives the facts of streams: an event store does, and so does a read model
// that keeps every fact.
//
// Load gives every event of a stream in order; a stream that does not exist has
// none, and that is no error.
type Streams interface {
	Load(ctx context.Context, stream string) ([]domain.Recorded, error)
}

// Store is the write side's whole need of an event store.
//
// Append stores all events or none, right after revision after (Empty for a new
// stream). When the stream has moved on it answers ErrMoved and has stored
// nothing. When it returns any other error the fate of the events is unknown,
// and the caller may find out by loading the stream. The same events (by ID)
// appended again at the same place are stored once, and the first place is
// answered. An answered append is durable.
type Store interface {
	Streams
	Append(ctx context.Context, stream string, after int64, events []NewEvent) (Place, error)
}

// ErrMoved says that the stream was no longer at the expected revision.
var ErrMoved = &domain.Error{Kind: domain.Conflict, Slug: "stream-moved", Detail: "the stream has moved on"}
