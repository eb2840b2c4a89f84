package engine

import (
	"context"
	"slices"
	"sync"
)

const (
	// changesKept is how many commits a listener may lag behind before it is told
	// that anything may have changed: some seconds of all projections at work.
	changesKept = 1_024

	// MaxStreamsPerChange bounds the list of streams; a listener that would look at
	// more of them had better look at everything.
	MaxStreamsPerChange = 64
)

// Change says that a commit has moved a projection. The zero Change, with Many,
// is for a listener that was too slow: anything may have changed.
type Change struct {
	Projection string
	// From is the position before, To the one after; smaller after a rebuild.
	From, To uint64
	// Streams whose facts were applied, sorted; nil when Many.
	Streams []string
	Many    bool
}

// changes is one ring for all listeners, who keep only a cursor: the engine
// never waits for them.
type changes struct {
	mu   sync.Mutex
	ring [changesKept]Change
	next uint64 // number of the change to come
	more chan struct{}
}

func newChanges() *changes { return &changes{more: make(chan struct{})} }

func (c *changes) publish(change Change) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ring[c.next%changesKept] = change
	c.next++
	close(c.more)
	c.more = make(chan struct{})
}

// Listener hears of changes. For one goroutine; it needs no closing.
type Listener struct {
	changes *changes
	cursor  uint64
}

// Changes gives a listener that hears of every change from now on.
func (e *Engine) Changes() *Listener {
	e.changes.mu.Lock()
	defer e.changes.mu.Unlock()
	return &Listener{changes: e.changes, cursor: e.changes.next}
}

// Next gives the next change, or ctx.Err() when ctx ends before there is one.
func (l *Listener) Next(ctx context.Context) (Change, error) {
	for {
		change, more, ok := l.poll()
		if ok {
			return change, nil
		}
		select {
		case <-more:
		case <-ctx.Done():
			return Change{}, ctx.Err()
		}
	}
}

func (l *Listener) poll() (_ Change, more <-chan struct{}, ok bool) {
	c := l.changes
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case l.cursor == c.next:
		return Change{}, c.more, false
	case c.next-l.cursor > changesKept:
		l.cursor = c.next
		return Change{Many: true}, nil, true
	}
	change := c.ring[l.cursor%changesKept]
	l.cursor++
	return change, nil, true
}

// touched collects the streams of a change.
type touched struct {
	streams []string
	many    bool
}

func (t *touched) add(stream string) {
	if t.many || slices.Contains(t.streams, stream) {
		return
	}
	if len(t.streams) == MaxStreamsPerChange {
		t.streams, t.many = nil, true
		return
	}
	t.streams = append(t.streams, stream)
}

func (t touched) change(projection string, from, to uint64) Change {
	slices.Sort(t.streams)
	return Change{Projection: projection, From: from, To: to, Streams: t.streams, Many: t.many}
}
