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

	"github.com/jejak-kinerja/jejak/commands"
	"github.com/jejak-kinerja/jejak/domain"
)

// callSlack is what a call may take beyond its own limit on a busy machine.
const callSlack = 5 * time.Second

// outages of the node. JEJAK_TEST_OUTAGE adds a longer one, as "60s".
func outages(t *testing.T) []time.Duration {
	list := []time.Duration{time.Second, 10 * time.Second}
	if s := os.Getenv("JEJAK_TEST_OUTAGE"); s != "" {
		d, err := time.ParseDuration(s)
		if err != nil || d <= 0 {
			t.Fatalf("JEJAK_TEST_OUTAGE=%q is no duration like 60s", s)
		}
		list = append(list, d)
	}
	return list
}

// The node goes away while writers write and a subscription listens: the library
// gives its client up after a second, calls begin while there is none, and answers
// are lost. Nobody hangs; each write of unknown fate is sent again with its ids and
// resolves; nothing is lost, doubled or reordered; the subscription goes on.
func TestNoOutageOfTheNodeLosesOrDoublesAnything(t *testing.T) {
	s := serve(t)
	l := connect(t, s.socket)
	sub := subscribe(t, l, 0)
	var unknown atomic.Int64
	const writers = 4
	heard := make(chan struct{})
	working, stop := context.WithCancel(t.Context())
	defer stop()
	var work, reading sync.WaitGroup
	written := make([][]domain.EventID, writers)
	for w := range writers {
		work.Go(func() {
			for n := 0; working.Err() == nil; n++ {
				events := facts(n, 1)
				written[w] = append(written[w], events[0].ID)
				if !settle(t, l, fmt.Sprint("person-", w), int64(n)-1, events, &unknown) {
					return
				}
			}
		})
	}
	stored := map[string][]domain.EventID{}
	reading.Go(func() {
		for last := uint64(0); ; {
			b, err := sub.Next(t.Context())
			if err != nil {
				t.Error(err)
				return
			}
			for _, e := range b.Entries {
				if e.Err != nil || e.Revision != uint64(len(stored[e.Stream])) || e.Position <= last {
					t.Errorf("revision %d of %s at %d, after %d events up to %d: %v", e.Revision, e.Stream, e.Position, len(stored[e.Stream]), last, e.Err)
					return
				}
				stored[e.Stream], last = append(stored[e.Stream], e.ID), e.Position
			}
			select {
			case <-heard: // nothing more will be written
				if last >= s.node.Head() {
					return
				}
			default:
			}
		}
	})
	for _, outage := range outages(t) {
		waitFor(t, s, s.node.Head()+50)
		s.stop()
		time.Sleep(outage) // the outage itself
		s.start()
	}
	waitFor(t, s, s.node.Head()+50)
	stop()
	work.Wait()
	close(heard)
	mustAppend(t, l, "person-last", commands.Empty, facts(0, 1)) // wakes the reader
	reading.Wait()
	for w := range writers {
		if stream := fmt.Sprint("person-", w); !slices.Equal(stored[stream], written[w]) {
			t.Errorf("%s has %d events, %d were acknowledged, or they are others", stream, len(stored[stream]), len(written[w]))
		}
	}
	if unknown.Load() == 0 {
		t.Error("no write failed: there was no load when the node went away")
	}
	t.Logf("%d writes of unknown fate resolved", unknown.Load())
}

// settle appends until the answer is known; every try ends within its own limit.
func settle(t *testing.T, l *Log, stream string, after int64, events []commands.NewEvent, unknown *atomic.Int64) bool {
	ctx, cancel := context.WithTimeout(context.Background(), 3*patience)
	defer cancel()
	for {
		begun := time.Now()
		_, err := l.Append(ctx, stream, after, events)
		if took := time.Since(begun); took > 2*l.callTimeout+callSlack { // one call, and one look whether it is stored
			t.Errorf("an append took %v, its calls are bounded by %v", took, l.callTimeout)
		}
		if err == nil {
			return true
		}
		if domain.KindOf(err) != domain.Unavailable || ctx.Err() != nil {
			t.Errorf("append after %d to %s: %v", after, stream, err)
			return false
		}
		unknown.Add(1)
		select {
		case <-time.After(5 * time.Millisecond):
		case <-ctx.Done():
		}
	}
}
