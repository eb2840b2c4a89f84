package node

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"sync"
	"testing"

	"github.com/google/uuid"
)

// Subscribers watch, from the start, from the end and from anywhere, while 64
// writers append. Each must see every position once, in order.
func TestSubscribersSeeEveryPositionOnceAndInOrder(t *testing.T) {
	everySubscriberSeesAll(t, newRig(t))
}

// Commits are held open for a random time, up to 5 ms, after all is written: a
// reader who could pass an open transaction would skip its positions.
func TestNobodyPassesAnOpenTransaction(t *testing.T) {
	r := newRig(t)
	owner := r.owner()
	const hold = `create function hold() returns trigger language plpgsql as
			'begin if random() < 0.03 then perform pg_sleep(random() * 0.005); end if; return null; end';
		create constraint trigger hold after insert on eventstore.events deferrable initially deferred
			for each row execute function hold()`
	if _, err := owner.Exec(t.Context(), hold); err != nil {
		t.Fatal(err)
	}
	// Somebody reads the table itself, page by page, while all go on.
	ctx, cancel := context.WithCancel(t.Context())
	var reading sync.WaitGroup
	reading.Go(func() {
		for next := int64(1); ctx.Err() == nil; {
			page, _, err := r.reader.log(ctx, span{from: next, to: math.MaxInt64}, pageEvents)
			if err != nil && ctx.Err() == nil {
				t.Errorf("read: %v", err)
				return
			}
			for _, e := range page {
				if e.pos != next {
					t.Errorf("read position %d, want %d", e.pos, next)
					return
				}
				next++
			}
		}
	})
	everySubscriberSeesAll(t, r)
	cancel()
	reading.Wait()
}

func everySubscriberSeesAll(t *testing.T, r *rig) {
	t.Helper()
	const writers, appends = 64, 10_000
	base := r.Head()
	starts := []uint64{0, 1, base - 1, base}
	subs := make([]*follower, len(starts))
	var watching, writing sync.WaitGroup
	var events [writers]int
	for i, start := range starts {
		subs[i] = r.follow(all, from(start))
	}
	for i, sub := range subs {
		watching.Go(func() {
			next, end := starts[i]+1, uint64(0)
			for end == 0 || next <= end {
				a, err := sub.call.Recv()
				if err != nil {
					t.Errorf("subscriber %d: %v", i, err)
					return
				}
				if e := a.GetEvent(); e != nil {
					if e.GetCommitPosition() != next {
						t.Errorf("subscriber %d got position %d, want %d", i, e.GetCommitPosition(), next)
						return
					}
					next++
					if e.GetEvent().GetMetadata()["type"] == "last" {
						end = e.GetCommitPosition()
					}
				}
			}
		})
	}
	var mu sync.Mutex
	seen := map[uint64]bool{}
	for w := range writers {
		writing.Go(func() {
			random := rand.New(rand.NewPCG(uint64(w), 1))
			for range appends / writers {
				batch := make([]*event, 1+random.IntN(3))
				for i := range batch {
					batch[i] = &event{id: uuid.New(), typ: "tested", data: []byte{}, meta: []byte{}}
				}
				name := fmt.Sprint("s", random.IntN(writers)) // streams are shared
				o, err := r.write(t.Context(), &request{stream: name, want: expectation{kind: expectAny}, events: batch})
				if err != nil || o.verdict != accepted {
					t.Errorf("writer %d: %+v %v", w, o, err)
					return
				}
				if uint64(o.pos) > r.Head() {
					t.Errorf("acknowledged %d beyond the head", o.pos)
				}
				events[w] += len(batch)
				mu.Lock()
				for p := o.pos - int64(len(batch)) + 1; p <= o.pos; p++ {
					if seen[uint64(p)] {
						t.Errorf("position %d was given twice", p)
					}
					seen[uint64(p)] = true
				}
				mu.Unlock()
			}
		})
	}
	writing.Wait()
	r.must("end", wantAny, proposed(uuid.New(), "last", contentJSON, "{}"))
	watching.Wait()

	total := 1
	for _, n := range events {
		total += n
	}
	if got := r.Head() - base; got != uint64(total) {
		t.Errorf("%d positions for %d events", got, total)
	}
	if s := r.Stats(); s.Commits == 0 || s.Commits > s.Appends || s.Events != r.Head() {
		t.Errorf("counts %+v, the head is %d", s, r.Head())
	}
	revisions := map[string]uint64{}
	answers, _, err := r.read(all, from(base+1))
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range answers {
		e := a.GetEvent().GetEvent()
		name := string(e.GetStreamIdentifier().GetStreamName())
		if e.GetStreamRevision() != revisions[name] {
			t.Fatalf("%s has revision %d, want %d", name, e.GetStreamRevision(), revisions[name])
		}
		revisions[name]++
	}
}
