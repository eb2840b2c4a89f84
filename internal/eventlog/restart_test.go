package eventlog

import (
	"context"
	"fmt"
	"os"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jejak-kinerja/jejak/domain"
)

const (
	// outageVariable adds an outage to the tests, such as 60s.
	outageVariable = "JEJAK_TEST_OUTAGE"

	restartWriters = 4
	maxPatience    = 2 * time.Second           // what each caller grants one call, or half the outage
	callSlack      = settleGrace + time.Second // by which an append on a busy machine may be late to give up
)

// TestARestartLosesAndDoublesNothing kills the node under writers, a reader and a
// subscriber, and starts it again on the same database after an outage. A second
// is longer than the library endures by itself.
func TestARestartLosesAndDoublesNothing(t *testing.T) {
	outages := []time.Duration{time.Second, 10 * time.Second}
	if text := os.Getenv(outageVariable); text != "" {
		more, err := time.ParseDuration(text)
		if err != nil {
			t.Fatalf("%s: %v", outageVariable, err)
		}
		outages = append(outages, more)
	}
	for _, outage := range outages {
		t.Run(outage.String(), func(t *testing.T) { restart(t, outage) })
	}
}

func restart(t *testing.T, outage time.Duration) {
	s := serve(t)
	callPatience := min(maxPatience, outage/2)                                      // shorter than the outage, or no call would notice
	l := connect(t, s.socket, func(o *Options) { o.CallTimeout = 2 * maxPatience }) // the callers' deadlines come first
	sub := subscribe(t, l, 0)
	ctx, cancel := context.WithTimeout(t.Context(), outage+patience)
	defer cancel()

	load := &restartLoad{t: t, log: l, patience: callPatience, stopped: make(chan struct{}), written: make([][]domain.EventID, restartWriters)}
	var seen []Entry
	var follower sync.WaitGroup
	enough := make(chan int, 1)
	follower.Go(func() { seen = followUntil(ctx, t, sub, enough) })
	load.start(ctx)
	grow(t, s)
	s.kill()
	<-time.After(outage) // the outage itself
	s.start()
	grow(t, s)
	close(load.stopped)
	load.work.Wait()
	total := 0
	for _, ids := range load.written {
		total += len(ids)
	}
	enough <- total
	follower.Wait()

	if load.failed.Load() == 0 {
		t.Error("no call noticed the outage: the test proves nothing")
	}
	t.Logf("%d events, %d calls failed in the outage", total, load.failed.Load())
	load.check(seen)
}

// grow waits for some more events to be stored.
func grow(t *testing.T, s *server) {
	t.Helper()
	waitFor(t, s, s.node.Head()+100)
}

// followUntil collects entries until there are as many as enough says, or ctx ends.
func followUntil(ctx context.Context, t *testing.T, sub *Subscription, enough <-chan int) (seen []Entry) {
	want := -1
	for want < 0 || len(seen) < want {
		waiting, cancel := context.WithTimeout(ctx, 200*time.Millisecond) // then look at enough again
		batch, err := sub.Next(waiting)
		cancel()
		if err != nil && waiting.Err() == nil || ctx.Err() != nil {
			t.Errorf("the subscription ended after %d events: %v", len(seen), err)
			return seen
		}
		seen = append(seen, batch.Entries...)
		select {
		case want = <-enough:
		default:
		}
	}
	return seen
}

// restartLoad is writers, each with its stream, and a reader.
type restartLoad struct {
	t        *testing.T
	log      *Log
	patience time.Duration
	stopped  chan struct{}
	work     sync.WaitGroup
	failed   atomic.Int64
	written  [][]domain.EventID // acknowledged, of each writer
}

func (r *restartLoad) start(ctx context.Context) {
	for w := range restartWriters {
		r.work.Go(func() { r.write(ctx, w) })
	}
	r.work.Go(func() {
		for !r.done() {
			_ = r.once(ctx, func(ctx context.Context) error { // counted
				_, err := r.log.ReadAll(ctx, 0, 10, true)
				return err
			})
		}
	})
}

func (r *restartLoad) done() bool {
	select {
	case <-r.stopped:
		return true
	default:
		return false
	}
}

// write appends one event after the other; what failed is tried again as it is.
func (r *restartLoad) write(ctx context.Context, w int) {
	for !r.done() {
		n := len(r.written[w])
		events := facts(n, 1)
		for {
			err := r.once(ctx, func(ctx context.Context) error {
				place, err := r.log.Append(ctx, restartStream(w), int64(n)-1, events)
				if err == nil && place.Revision != uint64(n) {
					r.t.Errorf("event %d of writer %d was stored as revision %d", n, w, place.Revision)
				}
				return err
			})
			if err == nil {
				break
			}
			if ctx.Err() != nil {
				r.t.Errorf("event %d of writer %d: %v", n, w, err)
				return
			}
		}
		r.written[w] = append(r.written[w], events[0].ID)
	}
}

// once makes one call, with a deadline that it must keep. Only the deadline and
// an unavailable store are errors one may get in an outage.
func (r *restartLoad) once(ctx context.Context, do func(context.Context) error) error {
	bounded, cancel := context.WithTimeout(ctx, r.patience)
	defer cancel()
	began := time.Now()
	err := do(bounded)
	if took := time.Since(began); took > r.patience+callSlack {
		r.t.Errorf("a call took %s, its deadline was %s", took, r.patience)
	}
	if err == nil {
		return nil
	}
	r.failed.Add(1)
	if domain.KindOf(err) != domain.Unavailable && bounded.Err() == nil {
		r.t.Errorf("a call failed with %v", err)
	}
	select {
	case <-time.After(5 * time.Millisecond): // a closed socket refuses at once
	case <-ctx.Done():
	}
	return err
}

// check compares what was acknowledged with the streams and with what the
// subscription saw: the same events, once, in order.
func (r *restartLoad) check(seen []Entry) {
	r.t.Helper()
	followed := map[string][]domain.EventID{}
	var last uint64
	for _, e := range seen {
		if e.Err != nil || e.Position <= last || e.Revision != uint64(len(followed[e.Stream])) {
			r.t.Fatalf("revision %d of %s at %d, after position %d: %v", e.Revision, e.Stream, e.Position, last, e.Err)
		}
		followed[e.Stream] = append(followed[e.Stream], e.ID)
		last = e.Position
	}
	for w, written := range r.written {
		stream := restartStream(w)
		var stored []domain.EventID
		for after := int64(0); ; after = int64(len(stored)) {
			page, err := r.log.ReadStream(r.t.Context(), stream, uint64(after), MaxReadEvents)
			if err != nil {
				r.t.Fatal(err)
			}
			for _, e := range page {
				stored = append(stored, e.ID)
			}
			if len(page) < MaxReadEvents {
				break
			}
		}
		if !slices.Equal(stored, written) {
			r.t.Errorf("%s holds %d events, %d were acknowledged", stream, len(stored), len(written))
		}
		if !slices.Equal(followed[stream], written) {
			r.t.Errorf("the subscription saw %d events of %s, %d were acknowledged", len(followed[stream]), stream, len(written))
		}
	}
}

func restartStream(w int) string { return fmt.Sprint("person-", w) }
