package node

import (
	"fmt"
	"strings"
	"testing"

	api "github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
	"github.com/google/uuid"
)

func TestASubscriptionReadsHistoryThenLive(t *testing.T) {
	r := newRig(t)
	base := r.Head()
	r.must("s", wantNone, evs("a b c")...)
	r.must("t", wantNone, ev("a"))
	softDeleted := func() {
		if _, _, err := r.delete("t", wantAny); err != nil {
			t.Fatal(err)
		}
	}
	start := r.follow(ofStream("s"))
	after1 := r.follow(ofStream("s"), from(1))
	ahead := r.follow(ofStream("s"), from(3))
	last := r.follow(ofStream("s"), from(1<<64-1)) // how clients write the end
	end := r.follow(ofStream("s"), fromEnd)
	missing := r.follow(ofStream("new"))
	whole := r.follow(all, from(base))
	afterAll := r.follow(all, from(base+3))
	allEnd := r.follow(all, fromEnd)
	future := r.follow(all, from(base+5)) // ahead of the log
	greatest := r.follow(all, from(1<<64-1))

	start.sees("confirmed s#0 s#1 s#2 caught-up")
	after1.sees("confirmed s#2 caught-up")
	ahead.sees("confirmed caught-up")
	last.sees("confirmed caught-up")
	end.sees("confirmed caught-up")
	missing.sees("confirmed caught-up")
	whole.sees("confirmed s#0 s#1 s#2 t#0 caught-up")
	afterAll.sees("confirmed t#0 caught-up")
	allEnd.sees("confirmed caught-up")
	future.sees("InvalidArgument")
	greatest.sees("confirmed caught-up")

	r.must("s", 2, ev("d")) // position base+5
	softDeleted()           // a soft delete ends no subscription
	r.must("s", 3, ev("e"))
	r.must("new", wantNone, ev("a"))

	start.sees("s#3 s#4")
	after1.sees("s#3 s#4")
	ahead.sees("s#4")
	end.sees("s#3 s#4")
	missing.sees("new#0")
	whole.sees("s#3 $$t#0 s#4 new#0")
	afterAll.sees("s#3 $$t#0 s#4 new#0")
	allEnd.sees("s#3 $$t#0 s#4 new#0")
	greatest.sees("s#3 $$t#0 s#4 new#0")
	last.sees("s#3 s#4")
}

func TestATombstoneEndsTheSubscriptionsOfItsStream(t *testing.T) {
	r := newRig(t)
	r.must("s", wantNone, ev("a"))
	live, whole := r.follow(ofStream("s")), r.follow(all, fromEnd)
	live.sees("confirmed s#0 caught-up")
	whole.sees("confirmed caught-up")
	if _, _, err := r.tombstone("s", wantAny); err != nil {
		t.Fatal(err)
	}
	live.sees("s#end FailedPrecondition")
	whole.sees("s#end")
	r.follow(ofStream("s")).sees("FailedPrecondition")
	r.follow(ofStream("s"), fromEnd).sees("FailedPrecondition")
	r.must("t", wantNone, ev("a"))
	whole.sees("t#0")
}

func TestFilteredSubscriptionsGetCheckpoints(t *testing.T) {
	r := newRig(t)
	base := r.Head()
	special := func() *api.AppendReq_ProposedMessage { return proposed(uuid.New(), "special", contentJSON, "{}") }
	r.must("s", wantNone, append(evs("1 2 3 4"), special(), ev("6"), special(), ev("8"))...)
	f := byType("special")
	f.Window = &api.ReadReq_Options_FilterOptions_Max{Max: 2}
	f.CheckpointIntervalMultiplier = 2
	at := func(n uint64) string { return fmt.Sprintf("checkpoint:%d", base+n) }

	for name, f := range map[string]*api.ReadReq_Options_FilterOptions{
		"by prefix": f,
		"by pattern": {Filter: &api.ReadReq_Options_FilterOptions_EventType{EventType: &api.ReadReq_Options_FilterOptions_Expression{Regex: "^special"}},
			Window: f.Window, CheckpointIntervalMultiplier: 2},
	} {
		t.Run(name, func(t *testing.T) {
			sub := r.follow(all, from(base), filtered(f))
			sub.sees(strings.Join([]string{"confirmed", at(4), "s#4 s#6", at(8), "caught-up"}, " "))
		})
	}

	sub := r.follow(all, from(base+1), filtered(f))
	sub.sees(strings.Join([]string{"confirmed s#4", at(5), "s#6", at(8), "caught-up"}, " "))
	r.must("s", 7, append(evs("9 10"), special(), ev("12"), ev("13"))...)
	// The history's last checkpoint starts the count anew.
	sub.sees("s#10 " + at(12))
	r.must("s", 12, evs("14 15 16")...)
	sub.sees(at(16))
}

func TestAFilterTakesTheDotNetDialect(t *testing.T) {
	r := newRig(t)
	base := r.Head()
	r.must("s", wantNone, proposed(uuid.New(), "$hidden", contentJSON, "{}"), ev("a"))
	sub := r.follow(all, from(base), filtered(byTypePattern(`^(?!(\$)).*`)))
	sub.sees("confirmed s#1")
}

// A subscriber that does not read is overtaken by the ring; it must be told so,
// and still get every event once and in order.
func TestASlowSubscriberFallsBehindAndLosesNothing(t *testing.T) {
	for name, parts := range map[string][]readPart{"log": {all, fromEnd}, "stream": {ofStream("s"), fromEnd}} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			r.ring.mu.Lock()
			r.ring.limit = 1 << 20 // a small ring, so that a test can overtake it
			r.ring.mu.Unlock()
			r.must("s", wantNone, ev("first"))
			sub := r.follow(parts...)
			sub.sees("confirmed caught-up")

			// More than what gRPC's windows and the ring hold together.
			const batches, each = 80, 200
			body := strings.Repeat("x", 1024)
			for range batches {
				events := make([]*api.AppendReq_ProposedMessage, each)
				for i := range events {
					events[i] = proposed(uuid.New(), "tested", contentBinary, body)
				}
				r.must("s", wantAny, events...)
			}
			next, fell, caught := 1, false, false
			for next <= batches*each || !caught {
				switch word := sub.next(); word {
				case "fell-behind":
					fell, caught = true, false
				case "caught-up":
					caught = true
				case fmt.Sprintf("s#%d", next):
					next++
				default:
					t.Fatalf("got %q, want s#%d", word, next)
				}
			}
			if !fell {
				t.Error("the subscriber was never overtaken: the test proves nothing")
			}
			r.must("s", wantAny, ev("last"))
			sub.sees(fmt.Sprintf("s#%d", next))
		})
	}
}

func TestALinkIsFollowedLive(t *testing.T) {
	r := newRig(t)
	r.must("s", wantNone, ev("a"))
	sub := r.follow(ofStream("l"), resolved)
	sub.sees("confirmed caught-up")
	r.must("l", wantNone, proposed(uuid.New(), typeLink, contentBinary, "0@s"), proposed(uuid.New(), typeLink, contentBinary, "5@s"))
	sub.sees("l#0->s#0 l#1->gone")
}

func TestSubscribersAreCountedAndEndWithTheNode(t *testing.T) {
	r := newRig(t)
	sub, idle := r.follow(all), r.follow(ofStream("none"))
	for sub.next() != "caught-up" || idle.next() == "" {
	}
	if got := r.Stats().Subscribers; got != 2 {
		t.Errorf("%d subscribers, want 2", got)
	}
	if err := r.Close(t.Context()); err != nil {
		t.Error(err)
	}
	sub.sees("Unavailable")
	if got := r.Stats().Subscribers; got != 0 {
		t.Errorf("%d subscribers after the end", got)
	}
}

// Rare matches in a long log: the database searches in steps, and checkpoints say
// how far.
func TestARareMatchIsFoundBehindManyOthers(t *testing.T) {
	r := newRig(t)
	base := r.Head()
	const many = 40_000 // more than one step
	events := make([]*event, many)
	for i := range events {
		events[i] = &event{id: uuid.New(), typ: "common", data: []byte{}, meta: []byte{}}
	}
	for i := 0; i < many; i += 10_000 {
		if _, err := r.write(t.Context(), &request{stream: "s", events: events[i : i+10_000]}); err != nil {
			t.Fatal(err)
		}
	}
	r.must("t", wantNone, proposed(uuid.New(), "rare", contentJSON, "{}"))
	for name, f := range map[string]*api.ReadReq_Options_FilterOptions{"by type": byType("rare"), "by stream": byStream("t"), "by pattern": byTypePattern("^rare$")} {
		t.Run(name, func(t *testing.T) {
			f.Window, f.CheckpointIntervalMultiplier = &api.ReadReq_Options_FilterOptions_Max{Max: 10_000}, 1
			at := func(n uint64) string { return fmt.Sprintf("checkpoint:%d", base+n) }
			r.follow(all, from(base), filtered(f)).sees(strings.Join([]string{
				"confirmed", at(10_000), at(20_000), at(30_000), at(40_000), "t#0", at(40_001), "caught-up"}, " "))
			if answers, _, err := r.read(all, filtered(f)); err != nil || show(answers) != "t#0" {
				t.Errorf("read %s %v", show(answers), err)
			}
		})
	}
}
