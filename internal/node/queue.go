package node

import (
	"context"
	"sync"
	"time"

	"github.com/google/uuid"
)

// action is what a request wants done.
type action uint8

const (
	actAppend action = iota
	actDelete        // soft: can be taken back by the next append
	actTombstone
)

// request is one write on its way through the sequencer.
type request struct {
	stream   string
	action   action
	want     expectation
	events   []*event // without positions, revisions and times; those are given later
	ids      []uuid.UUID
	gone     <-chan struct{} // closed when nobody waits for the answer any more
	deadline time.Time       // zero for none; not begun after it
	answer   func(o outcome) // called once; must not block
}

// outcome is the sequencer's answer to a request.
type outcome struct {
	err     error // nothing of the request is known to be stored
	verdict verdict
	rev     int64 // of the request's last event, or the stream's head
	pos     int64 // of the request's last event, 0 when it has none
}

// weight is the request's share of the admission limit, in bytes.
func (r *request) weight() int64 {
	total := int64(eventOverhead)
	for _, e := range r.events {
		total += int64(e.weight())
	}
	return total
}

const (
	// maxAdmittedBytes bounds what waits for the sequencer: about two seconds of
	// writing at full speed. Beyond it a caller is better told to come back.
	maxAdmittedBytes = 64 << 20

	// maxBatchEvents and maxBatchBytes bound one transaction, so that the first
	// caller of a batch does not wait long for the last. A single larger request
	// still goes through, alone.
	maxBatchEvents = 8192
	maxBatchBytes  = 8 << 20
)

// queue holds admitted requests in the order they came.
type queue struct {
	admission *admission

	mu      sync.Mutex
	waiting []*request
	closed  bool          // nothing is admitted now
	ended   bool          // nor ever again
	refuse  func() error  // the answer while closed
	ready   chan struct{} // holds one token while something waits or the queue is closed
}

func newQueue(limitBytes int64) *queue {
	return &queue{admission: newAdmission(limitBytes), ready: make(chan struct{}, 1), refuse: endOfQueue}
}

// submit admits the request or says that the server is too busy.
func (q *queue) submit(r *request) error {
	w := r.weight()
	if ok, _ := q.admission.try(w); !ok {
		return busy()
	}
	return q.enqueue(r, w)
}

// submitWaiting admits the request when there is room.
func (q *queue) submitWaiting(ctx context.Context, r *request) error {
	w := r.weight()
	if err := q.admission.wait(ctx, w); err != nil {
		return err
	}
	return q.enqueue(r, w)
}

func (q *queue) enqueue(r *request, weight int64) error {
	answer := r.answer
	r.answer = func(o outcome) {
		q.admission.release(weight)
		answer(o)
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.closed {
		q.admission.release(weight)
		return q.refuse()
	}
	q.waiting = append(q.waiting, r)
	q.signal()
	return nil
}

func (q *queue) signal() {
	select {
	case q.ready <- struct{}{}:
	default:
	}
}

func endOfQueue() error { return shuttingDown() }

// close refuses further requests; those already admitted are still handed out.
func (q *queue) close() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.closed, q.ended, q.refuse = true, true, endOfQueue
	q.signal()
}

// suspend refuses requests, with an answer, until resume.
func (q *queue) suspend(refuse func() error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if !q.ended {
		q.closed, q.refuse = true, refuse
	}
	q.signal()
}

// resume admits requests again, unless the queue was closed for good.
func (q *queue) resume() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.closed = q.ended
}

// refusal is the answer to a request that would be refused now; nil when requests
// are admitted.
func (q *queue) refusal() error {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.closed {
		return q.refuse()
	}
	return nil
}

// take waits for work and hands out the next batch, in order; nil when the queue
// is closed and empty. A tick (nil for none) is handed out as a batch of nothing.
func (q *queue) take(tick <-chan time.Time) []*request {
	for {
		select {
		case <-q.ready:
		case <-tick:
			return []*request{}
		}
		q.mu.Lock()
		n, events, size := 0, 0, int64(0)
		for _, r := range q.waiting {
			events += len(r.events)
			size += r.weight()
			if n > 0 && (events > maxBatchEvents || size > maxBatchBytes) {
				break
			}
			n++
		}
		batch := q.waiting[:n:n]
		q.waiting = q.waiting[n:]
		if len(q.waiting) == 0 {
			q.waiting = nil // let go of the array, or it would only grow
		}
		if len(q.waiting) > 0 || q.closed {
			q.signal()
		}
		closed := q.closed
		q.mu.Unlock()
		if n > 0 || closed {
			return batch
		}
	}
}
