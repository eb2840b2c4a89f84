package node

import "sync"

const (
	// ringEvents is how far a live subscription may lag before it goes back to the
	// table: some seconds at full speed.
	ringEvents = 65_536

	// ringBytes bounds the ring's memory when events are large.
	ringBytes = 64 << 20
)

// ring holds the newest events for live subscriptions. A subscription keeps only
// a cursor, so nothing is queued for it and nothing dropped: one that lags behind
// the ring reads the table until it has caught up.
type ring struct {
	mu    sync.RWMutex
	slots []*event // position p stands at p % len(slots)
	first int64    // lowest position held; head+1 when empty
	head  int64    // newest position published
	bytes int
	limit int
	next  chan struct{} // closed when something is published
	told  observer      // of events before anybody else
}

// observer is told what the log shows from now on.
type observer interface {
	observe(events []*event)
	forget() // some events are not shown to it
}

func newRing(head int64, events, limitBytes int, told observer) *ring {
	return &ring{slots: make([]*event, events), first: head + 1, head: head, limit: limitBytes, next: make(chan struct{}), told: told}
}

// publish adds events that have just been committed, in order, and wakes everybody.
func (r *ring) publish(events []*event) {
	if len(events) == 0 {
		return
	}
	r.told.observe(events)
	r.mu.Lock()
	for _, e := range events {
		if r.head+1-r.first == int64(len(r.slots)) {
			r.forget()
		}
		r.slots[e.pos%int64(len(r.slots))] = e
		r.head = e.pos
		r.bytes += e.weight()
		for r.bytes > r.limit && r.first < r.head {
			r.forget()
		}
	}
	wake := r.next
	r.next = make(chan struct{})
	r.mu.Unlock()
	close(wake)
}

func (r *ring) forget() {
	slot := &r.slots[r.first%int64(len(r.slots))]
	r.bytes -= (*slot).weight()
	*slot = nil
	r.first++
}

// after copies events that follow the cursor into page and says how many. When it
// says none, the channel is closed at the next publication. behind means that the
// ring no longer reaches back to the cursor.
func (r *ring) after(cursor int64, page []*event) (n int, wake <-chan struct{}, behind bool) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	if cursor >= r.head {
		return 0, r.next, false
	}
	if cursor+1 < r.first {
		return 0, r.next, true
	}
	for n < len(page) && cursor < r.head {
		cursor++
		page[n] = r.slots[cursor%int64(len(r.slots))]
		n++
	}
	return n, r.next, false
}

// last is the newest published position: the horizon of every read of the log.
func (r *ring) last() int64 {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return r.head
}

// skip moves the ring's end forward without events: what lies between is left to
// the table.
func (r *ring) skip(head int64) {
	r.told.forget()
	r.mu.Lock()
	for r.first <= r.head {
		r.forget()
	}
	r.first, r.head = head+1, head
	wake := r.next
	r.next = make(chan struct{})
	r.mu.Unlock()
	close(wake)
}
