package node

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/jejak-kinerja/jejak/internal/clock"
)

const (
	// commitLimit bounds one round trip of the sequencer. A commit that takes
	// longer has an unknown outcome and goes the way of a lost connection.
	commitLimit = 30 * time.Second

	// attempts is how often one batch is decided and sent: a second time after the
	// connection was lost and the batch was found not to be stored.
	attempts = 2
)

// sequencer is the only writer. It runs in one goroutine; everything below is
// touched by that goroutine alone, apart from the queue, the ring and the counts.
//
// The windows in which a crash or a lost connection can strike, and what holds:
//
//  1. before the batch is sent: nothing is stored, nobody was answered. The
//     clients repeat; ids and revisions make a repeat safe.
//  2. sent, transaction not committed: PostgreSQL drops it whole. As 1.
//  3. committed, the answer lost on the way: the events are stored, nobody was
//     answered. A living sequencer asks the log where it ends (see recover) and
//     answers the truth; after a crash the clients repeat and are told "already
//     so", with the old revision and position.
//  4. committed and published, clients not yet answered: readers may see events
//     whose writer still waits. They are durable, so nothing seen is taken back.
//  5. the process is frozen, or cut off from the database, while another node
//     takes over. The old session was ended and its term is over, so what it
//     still sends is refused by the fence. What it had sent before is stored or
//     not, for good: it asks the log (see fate) and answers the truth.
//
// In no window are there two writers: a session writes only while it holds the
// writer lock, and a new session gets the lock only when the old one is over,
// committed or not. The fence holds even if the lock should not.
type sequencer struct {
	queue *queue
	store store
	ring  *ring
	now   clock.Clock
	log   *slog.Logger

	refill bool // see Options.Refill

	cache   *streamCache
	head    int64 // position of the last stored event
	lastSID int64 // highest stream number given

	replica bool             // another node may lead instead
	ticks   <-chan time.Time // signs of life are due; nil for none

	patience time.Duration   // see recoverLimit
	stopping <-chan struct{} // closed when the node closes

	failed chan error // receives once, when the sequencer gives up
	counts counts
}

// counts are read by Stats.
type counts struct {
	appends, events, commits atomic.Uint64
}

// open takes over the log. ctx bounds the wait for the previous writer.
func (q *sequencer) open(ctx context.Context) error {
	h, err := q.store.reopen(ctx)
	if err != nil {
		return err
	}
	q.cache, q.head, q.lastSID = newStreamCache(), h.pos, h.sid
	return nil
}

// run works until the queue is closed and empty, until another node leads, or
// until it no longer knows what is stored: then it reports to failed and refuses
// everything that still waits.
func (q *sequencer) run(ctx context.Context) {
	for {
		requests := q.queue.take(q.ticks)
		if requests == nil {
			return
		}
		err := q.handle(ctx, requests)
		if errors.Is(err, errDeposed) {
			q.log.Warn("this node no longer leads", slog.Any("head", q.head))
			return
		}
		if err != nil {
			q.log.Error("the event log stops: its state is unknown", slog.Any("error", err))
			q.failed <- err
			q.queue.close()
			for requests := q.queue.take(nil); requests != nil; requests = q.queue.take(nil) {
				answerAll(requests, shuttingDown())
			}
			return
		}
		q.cache.age()
	}
}

// handle decides and stores one batch and answers it. An error means that the
// sequencer cannot go on; the requests have been answered all the same.
func (q *sequencer) handle(ctx context.Context, requests []*request) error {
	for attempt := 1; ; attempt++ {
		b, err := q.send(ctx, requests)
		if err == nil {
			q.finish(b, requests)
			return nil
		}
		q.log.Warn("a write of the event log failed", slog.Any("error", err), slog.Any("attempt", attempt))
		landed, told, lost := q.recover(ctx, b, requests)
		if errors.Is(err, errShortWrite) { // the tables do something of their own
			lost = errors.Join(err, lost)
		}
		switch {
		case errors.Is(lost, errDeposed) && landed:
			q.finish(b, requests)
			return lost
		case errors.Is(lost, errDeposed):
			answerAll(requests, aborted(err))
			return lost
		case lost != nil:
			answerAll(requests, unavailable("the write", lost))
			return lost
		case landed:
			q.finish(b, requests)
			return nil
		case told: // who was told that it failed must not find it stored by this node
			return nil
		case attempt == attempts || refusedByDatabase(err):
			answerAll(requests, aborted(err))
			return nil
		}
	}
}

// send decides the batch and stores it when there is something to store. The
// batch is returned with the error when it may have been stored.
func (q *sequencer) send(ctx context.Context, requests []*request) (*batch, error) {
	ctx, cancel := context.WithTimeout(ctx, commitLimit)
	defer cancel()
	b, err := q.decide(ctx, requests)
	if err != nil {
		return nil, err
	}
	if len(requests) == 0 {
		return b, q.store.beat(ctx)
	}
	if len(b.events) == 0 {
		return b, nil
	}
	if err := q.store.write(ctx, b); err != nil {
		return b, fmt.Errorf("store %d events from position %d: %w", len(b.events), b.first, err)
	}
	return b, nil
}

// finish publishes a stored batch, then answers: whoever has an answer finds the
// log's head at or beyond it.
func (q *sequencer) finish(b *batch, requests []*request) {
	b.settle()
	q.head += int64(len(b.events))
	q.ring.publish(b.events)
	if len(b.events) > 0 {
		q.counts.commits.Add(1)
		q.counts.events.Add(uint64(len(b.events)))
	}
	q.counts.appends.Add(uint64(len(requests)))
	for i, r := range requests {
		r.answer(b.outcomes[i])
	}
}

// refusedByDatabase: PostgreSQL itself said no to the statement. Sending it once
// more would only be refused again. A fatal error is a lost connection instead.
func refusedByDatabase(err error) bool {
	pg, ok := errors.AsType[*pgconn.PgError](err)
	return ok && pg.SeverityUnlocalized == "ERROR"
}

func answerAll(requests []*request, err error) {
	for _, r := range requests {
		r.answer(outcome{err: err})
	}
}
