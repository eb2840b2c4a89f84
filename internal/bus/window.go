package bus

import (
	"context"
	"slices"
	"sort"
	"sync"
	"time"
)

const (
	// windowBatches and windowBytes bound what is kept for handlers that are not
	// equally quick: some full batches, or very many small ones.
	windowBatches = 1_024
	windowBytes   = 16 << 20

	// joinFacts is up to where small batches are handed over as one, so that a
	// handler that is slow to commit commits less often, and writes many rows with
	// one statement.
	joinFacts = 4_000

	// patience is how long all wait for the slowest before it has to read for
	// itself: longer than a large transaction, and shorter than a user's.
	patience = 500 * time.Millisecond
)

// window is the piece of the log that has been decoded last, shared by all
// readers. It keeps the positions of those who read from it and makes room when
// they have passed; one that stands still too long is left behind.
type window struct {
	mu      sync.Mutex
	batches []batch
	bytes   int
	first   uint64 // the position before the window
	head    uint64 // the last position in it
	readers map[*reader]uint64
	more    chan struct{} // closed when there is more to read
	passed  chan struct{} // closed when a reader has moved
}

func newWindow(start uint64) *window {
	return &window{first: start, head: start, readers: map[*reader]uint64{}, more: make(chan struct{}), passed: make(chan struct{})}
}

// read gives the batch that follows a position, or a channel to wait on when there
// is none yet. behind means that the window no longer reaches back so far.
func (w *window) read(r *reader, position uint64) (_ batch, more <-chan struct{}, behind bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if position < w.first {
		w.forget(r)
		return batch{}, nil, true
	}
	if before, known := w.readers[r]; !known || before != position {
		w.readers[r] = position
		w.wakeWriter()
	}
	waiting := w.batches[sort.Search(len(w.batches), func(i int) bool { return w.batches[i].last() > position }):]
	if len(waiting) == 0 {
		return batch{}, w.more, false
	}
	return join(waiting), nil, false
}

// join makes one batch of the first ones, as far as they are small.
func join(waiting []batch) batch {
	joined, n := len(waiting[0].facts), 1
	for n < len(waiting) && joined+len(waiting[n].facts) <= joinFacts {
		joined, n = joined+len(waiting[n].facts), n+1
	}
	if n == 1 {
		return waiting[0]
	}
	facts := make([]Fact, 0, joined)
	for _, b := range waiting[:n] {
		facts = append(facts, b.facts...)
	}
	return batch{after: waiting[0].after, facts: facts}
}

// expect registers a reader before it reads for the first time, so that nobody runs ahead of it.
func (w *window) expect(r *reader) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if r.position >= w.first {
		w.readers[r] = r.position
	}
}

// leave is for a reader that reads no more.
func (w *window) leave(r *reader) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.forget(r)
}

func (w *window) forget(r *reader) {
	delete(w.readers, r)
	w.wakeWriter()
}

func (w *window) wakeWriter() {
	close(w.passed)
	w.passed = make(chan struct{})
}

// publish adds facts that follow the head, when there is room.
func (w *window) publish(ctx context.Context, facts []Fact) error {
	enough := time.NewTimer(patience)
	defer enough.Stop()
	late := false
	for {
		passed, ok := w.add(facts, late)
		if ok {
			return nil
		}
		select {
		case <-passed:
		case <-enough.C:
			late = true
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// add makes room and adds the facts; not ok when a reader is in the way, unless
// it is late.
func (w *window) add(facts []Fact, late bool) (passed <-chan struct{}, ok bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	fresh := batch{after: w.head, facts: facts, bytes: weigh(facts)}
	for len(w.batches) > 0 && (len(w.batches) == windowBatches || w.bytes+fresh.bytes > windowBytes) {
		oldest := w.batches[0]
		for r, position := range w.readers {
			if position < oldest.last() && !late {
				return w.passed, false
			} else if position < oldest.last() {
				delete(w.readers, r)
			}
		}
		w.first, w.bytes = oldest.last(), w.bytes-oldest.bytes
		w.batches = slices.Delete(w.batches, 0, 1) // clears, and so lets the facts go
	}
	w.batches = append(w.batches, fresh)
	w.head, w.bytes = fresh.last(), w.bytes+fresh.bytes
	close(w.more)
	w.more = make(chan struct{})
	return nil, true
}
