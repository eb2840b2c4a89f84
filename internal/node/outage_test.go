package node

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// away is a plan: one write fails, and nothing can be reached until back is set.
func away(what fault, back *atomic.Bool) func(string) fault {
	failed := false
	return func(call string) fault {
		switch {
		case call == "write" && !failed:
			failed = true
			return what
		case !back.Load():
			return lostFirst
		}
		return works
	}
}

// A database that is away for longer than anybody waits: writers are told at once,
// and when it is back the node goes on, with what is stored and nothing else.
func TestAnOutageBeyondPatienceIsToldAndSurvived(t *testing.T) {
	for _, what := range []fault{lostFirst, lostAfter} {
		r, breaks := newFaultyRigOf(t, Options{patience: 20 * time.Millisecond})
		r.must("s", wantNone, ev("a"))
		sub := r.follow(all, fromEnd)
		sub.sees("confirmed caught-up")
		head := r.Head()
		var back atomic.Bool
		breaks(away(what, &back))
		for _, name := range []string{"b", "c", "c"} {
			if _, _, err := r.append("s", wantAny, ev(name)); status.Code(err) != codes.Unavailable {
				t.Fatalf("%s during the outage says %v", name, err)
			}
		}
		if answers, _, err := r.read(all); err != nil || uint64(len(answers)) != head {
			t.Errorf("%d events are read during the outage, want %d: %v", len(answers), head, err)
		}
		back.Store(true)
		ctx, cancel := context.WithTimeout(t.Context(), patience)
		defer cancel()
		for _, _, err := r.append("s", wantAny, ev("b")); err != nil; _, _, err = r.append("s", wantAny, ev("b")) {
			if status.Code(err) != codes.Unavailable || ctx.Err() != nil {
				t.Fatalf("after the outage: %v", err)
			}
		}
		r.must("s", wantAny, ev("c"))
		sub.sees("s#1 s#2")
		if r.Head() != head+2 {
			t.Errorf("the head is %d, want %d", r.Head(), head+2)
		}
	}
}

func TestANodeThatCannotReachItsDatabaseClosesSoon(t *testing.T) {
	r, breaks := newFaultyRigOf(t, Options{patience: 20 * time.Millisecond})
	var back atomic.Bool // never
	breaks(away(lostFirst, &back))
	if _, _, err := r.append("s", wantAny, ev("a")); status.Code(err) != codes.Unavailable {
		t.Fatalf("during the outage it says %v", err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), drainLimit/2)
	defer cancel()
	if err := r.Close(ctx); err != nil {
		t.Errorf("closing says %v", err)
	}
}
