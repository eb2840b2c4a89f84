package node

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/jackc/pgx/v5"
)

const (
	streamOfSettings = "$settings"

	// maxKnownLists bounds the memory of access lists; when it is full all are forgotten.
	maxKnownLists = 100_000
)

// rights remembers access lists until the log shows that they have changed: it is
// told of events before anybody else, so whoever has the answer to a write of
// rights finds them in force.
type rights struct {
	reader *reader
	// changes counts what was forgotten. A running subscription compares it.
	changes atomic.Uint64

	mu       sync.RWMutex
	lists    map[string]accessList // by the stream they are about
	defaults *defaultLists         // nil: not known
}

func newRights(from *reader) *rights {
	return &rights{reader: from, lists: map[string]accessList{}}
}

// of gives the stream's own list, nil without one, and the default lists.
func (r *rights) of(ctx context.Context, stream string) (accessList, defaultLists, error) {
	r.mu.RLock()
	own, known := r.lists[stream]
	standard := r.defaults
	r.mu.RUnlock()
	if known && standard != nil {
		return own, *standard, nil
	}
	before := r.changes.Load()
	own, loaded, err := r.load(ctx, stream)
	if err != nil {
		return nil, defaultLists{}, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.changes.Load() == before { // else it may be out of date already
		if len(r.lists) >= maxKnownLists {
			clear(r.lists)
		}
		r.lists[stream], r.defaults = own, &loaded
	}
	return own, loaded, nil
}

const (
	selectMetadata = `select raw_meta from eventstore.streams where name = $1`

	// selectSettings takes the last event, whether the stream shows it or not: to
	// delete "$settings" changes nothing.
	selectSettings = `select data from eventstore.events
		where sid = (select sid from eventstore.streams where name = $1) and rev < 9223372036854775807
		order by rev desc limit 1`
)

// load reads what of gives, from the database.
func (r *rights) load(ctx context.Context, stream string) (own accessList, standard defaultLists, err error) {
	var metadata, settings []byte
	var ask pgx.Batch
	one := func(into *[]byte) func(pgx.Row) error {
		return func(row pgx.Row) error {
			if err := row.Scan(into); err != nil && !errors.Is(err, pgx.ErrNoRows) {
				return err
			}
			return nil
		}
	}
	ask.Queue(selectMetadata, stream).QueryRow(one(&metadata))
	ask.Queue(selectSettings, streamOfSettings).QueryRow(one(&settings))
	if err := r.reader.pool.SendBatch(ctx, &ask).Close(); err != nil {
		return nil, defaultLists{}, fmt.Errorf("read the rights to a stream: %w", err)
	}
	return listOf(metadata), readDefaultLists(settings), nil
}

// observe forgets what newly stored events may have changed.
func (r *rights) observe(events []*event) {
	for _, e := range events {
		if !strings.HasPrefix(e.stream, "$") {
			continue
		}
		switch {
		case isMetastream(e.stream):
			r.mu.Lock()
			delete(r.lists, describedBy(e.stream))
			r.changes.Add(1)
			r.mu.Unlock()
		case e.stream == streamOfSettings:
			r.mu.Lock()
			r.defaults = nil
			r.changes.Add(1)
			r.mu.Unlock()
		}
	}
}

// forget forgets everything: some events were never seen.
func (r *rights) forget() {
	r.mu.Lock()
	defer r.mu.Unlock()
	clear(r.lists)
	r.defaults = nil
	r.changes.Add(1)
}

// standing is a running subscription's right to go on.
type standing struct {
	node   *Node
	stream string
	seen   uint64 // changes when the right was looked at
}

// stand begins before the first look at the right, so that no change falls between.
func (n *Node) stand(stream string) *standing {
	return &standing{node: n, stream: stream, seen: n.rights.changes.Load()}
}

// check looks at the right again when any rights have changed. As in EventStoreDB
// a subscription to a metadata stream is not looked at.
func (s *standing) check(ctx context.Context) error {
	now := s.node.rights.changes.Load()
	if now == s.seen || isMetastream(s.stream) {
		return nil
	}
	if err := s.node.may(ctx, rightRead, s.stream); err != nil {
		return err
	}
	s.seen = now
	return nil
}
