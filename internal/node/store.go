package node

import (
	"context"

	"github.com/google/uuid"
)

// store is the sequencer's whole need of the database. Only one holder exists at
// a time; tests break each call in turn.
type store interface {
	// stand says, before anything else, in whose name the store writes.
	stand(self member)

	// streams finds what is known of the named streams; unknown ones are left out.
	streams(ctx context.Context, names []string) ([]*stream, error)

	// past finds, of each stream and id, the latest such event, and the events at
	// the given revisions.
	past(ctx context.Context, ids []idKey, revs []revKey, found func(sid, rev int64, id uuid.UUID, pos int64)) error

	// write stores the batch in one transaction. nil means durable. Any error
	// means that the caller does not know; ask reopen.
	write(ctx context.Context, b *batch) error

	// reopen ends the present session, if any, waits until no other session can
	// write, begins a new term and reads where the log ends. Of several nodes one
	// gets so far; the others are told errDeposed at once.
	reopen(ctx context.Context) (heads, error)

	// beat tells the other nodes that this one still leads.
	beat(ctx context.Context) error

	// holds tells whether the event with this id is stored at this position. It
	// needs no session. After reopen the answer is final.
	holds(ctx context.Context, pos int64, id uuid.UUID) (bool, error)

	// close ends the session.
	close(ctx context.Context)
}

// heads is where the log ends.
type heads struct {
	pos    int64     // of the last event, 0 for an empty log
	lastID uuid.UUID // of that event
	sid    int64     // highest stream number given
}
