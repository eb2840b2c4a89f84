package eventlog

import (
	"context"
	"fmt"
	"sync"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
	"github.com/google/uuid"
)

// tail is what was seen of the end of the log. A store may have written, behind the
// ledger's last event, more of its own than can be read in the time of one call; so
// what was read is not read again, nor lost when the time is up.
type tail struct {
	newest esdb.Position // of all events
	id     uuid.UUID     // of that event; nil when nothing was seen
	before uint64        // from there down to here are none but the store's own
	head   uint64        // of the ledger
	known  bool          // head is
	joined bool          // it goes on with what was seen earlier
}

// lastTail is the last one seen.
type lastTail struct {
	mu sync.Mutex
	tail
}

// Head gives the position of the newest event of the ledger, 0 when there is none.
func (l *Log) Head(ctx context.Context) (uint64, error) {
	l.tail.mu.Lock()
	seen := l.tail.tail
	l.tail.mu.Unlock()
	now := tail{}
	for want := 1; !now.known; want = min(2*want, readPage) {
		page, err := l.page(ctx, now.before, want, true)
		if err != nil {
			if seen.id == uuid.Nil || now.joined || now.id != uuid.Nil && now.before < seen.newest.Commit {
				l.keep(now)
			}
			return 0, fmt.Errorf("find the end of the log: %w", err)
		}
		now.take(page, seen)
		if len(page) < want && !now.known {
			now.known = len(page) == 0 || now.before == page[len(page)-1].Position.Commit // the log's beginning
		}
	}
	l.keep(now)
	return now.head, nil
}

// take goes on with a page, down to the ledger's newest event or to what was seen.
func (t *tail) take(page []*esdb.RecordedEvent, seen tail) {
	for _, e := range page {
		if t.id == uuid.Nil {
			t.newest, t.id = e.Position, e.EventID
		}
		t.before = e.Position.Commit
		if !system(e) {
			t.head, t.known = t.before, true
			return
		}
		if e.Position == seen.newest && e.EventID == seen.id {
			t.before, t.head, t.known, t.joined = seen.before, seen.head, seen.known, true
			return
		}
	}
}

func (l *Log) keep(t tail) {
	l.tail.mu.Lock()
	defer l.tail.mu.Unlock()
	l.tail.tail = t
}
