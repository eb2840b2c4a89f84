package engine_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/internal/pgrun/pgtest"
	"github.com/jejak-kinerja/jejak/projections/engine"
)

// poisoned gives facts of six streams, with a bad one as the third of test-2.
func poisoned(bad func(*engine.Fact)) (w, mended *written) {
	w, mended = numbers(60, 6), numbers(60, 6)
	bad(&w.facts[14])
	return w, mended
}

func TestAPoisonousFactParksItsStreamOnlyAndReplayMakesGood(t *testing.T) {
	_, whole := poisoned(func(*engine.Fact) {})
	var others written
	for _, f := range whole.facts {
		if f.Stream != "test-2" || f.Position < 15 {
			others.facts = append(others.facts, f)
		}
	}
	wantParked, wantReplayed := want(t, others.facts), want(t, whole.add("test-2", added{N: 70}).facts)
	for what, bad := range map[string]func(*engine.Fact){
		"unknown type":        func(f *engine.Fact) { f.Body, f.Err = nil, errors.New(`unknown event "x.v9"`) },
		"no body":             func(f *engine.Fact) { f.Body = nil },
		"Apply fails":         func(f *engine.Fact) { f.Body = added{N: applyFails} },
		"Apply panics":        func(f *engine.Fact) { f.Body = added{N: applyPanics} },
		"constraint":          func(f *engine.Fact) { f.Body = added{N: sqlRefuses} },
		"deferred constraint": func(f *engine.Fact) { f.Body = added{N: lateRefuses} },
		"unfit argument":      func(f *engine.Fact) { f.Body = added{N: wrongArg} },
	} {
		for _, size := range []int{1, 60} { // by itself, and in the middle of a batch
			t.Run(fmt.Sprintf("%s/%d", what, size), func(t *testing.T) {
				t.Parallel()
				w, mended := poisoned(bad)
				e := fresh(t, ledger("l_v1"))
				for i := 0; i < len(w.facts); i += size {
					handle(t, e, "l_v1", w.facts[i:i+size])
				}
				if got := content(t, e, "l_v1"); got != wantParked {
					t.Errorf("with the stream parked: %s, want %s", got, wantParked)
				}
				parked, err := e.Parked(t.Context())
				if err != nil || len(parked) != 1 {
					t.Fatalf("parked %+v, %v", parked, err)
				}
				p := parked[0]
				if p.Projection != "l_v1" || p.Stream != "test-2" || p.Position != 15 || p.Revision != 2 || p.Event != "event-15" ||
					p.Reason == "" || !p.Since.Equal(noon) || p.Waiting != 8 {
					t.Errorf("parked %+v", p)
				}
				if err := e.Replay(t.Context(), "l_v1", "test-2", w.ofStream); err == nil {
					t.Error("the replay of a fact that is still bad succeeded")
				}
				if parked, err := e.Parked(t.Context()); err != nil || len(parked) != 1 || parked[0].Waiting != 8 {
					t.Errorf("after a replay in vain: parked %+v, %v", parked, err)
				}
				if err := e.Replay(t.Context(), "l_v1", "test-2", mended.ofStream); err != nil {
					t.Fatal(err)
				}
				handle(t, e, "l_v1", mended.add("test-2", added{N: 70}).facts[60:])
				if got := content(t, e, "l_v1"); got != wantReplayed {
					t.Errorf("after the replay: %s, want %s", got, wantReplayed)
				}
				if parked, err := e.Parked(t.Context()); err != nil || len(parked) != 0 {
					t.Errorf("after the replay: parked %+v, %v", parked, err)
				}
				if err := e.Replay(t.Context(), "l_v1", "test-2", mended.ofStream); domain.KindOf(err) != domain.NotFound {
					t.Errorf("a second replay gave %v", err)
				}
			})
		}
	}
}

func TestSeveralPoisonousFactsInOneBatchAreAllFound(t *testing.T) {
	w := numbers(60, 6)
	w.facts[14].Body, w.facts[15].Body, w.facts[16].Body = added{N: sqlRefuses}, added{N: applyPanics}, added{N: sqlRefuses}
	w.facts[20].Body = added{N: sqlRefuses} // in a stream that is parked by then
	e := fresh(t, ledger("l_v1"))
	handle(t, e, "l_v1", w.facts)
	parked, err := e.Parked(t.Context())
	if err != nil || len(parked) != 3 {
		t.Fatalf("parked %+v, %v; want three streams", parked, err)
	}
}

func TestTheReasonHoldsNothingOfTheBody(t *testing.T) {
	w := (&written{}).add("test-1", added{N: sqlRefuses}).add("test-2", added{N: lateRefuses})
	e := fresh(t, ledger("l_v1"))
	handle(t, e, "l_v1", w.facts)
	parked, err := e.Parked(t.Context())
	if err != nil || len(parked) != 2 {
		t.Fatalf("parked %+v, %v", parked, err)
	}
	for _, p := range parked {
		if !strings.Contains(p.Reason, "SQLSTATE 23") || strings.Contains(p.Reason, "Failing row") || strings.Contains(p.Reason, "-4") {
			t.Errorf("the reason is %q", p.Reason)
		}
	}
}

func TestAReplayByAnotherProcessFreesTheStreamEverywhere(t *testing.T) {
	w, mended := poisoned(func(f *engine.Fact) { f.Body = added{N: sqlRefuses} })
	url := pgtest.URL(t)
	server := open(t, connect(t, url), ledger("l_v1"))
	handle(t, server, "l_v1", w.facts[:50])
	byHand := open(t, connect(t, url), ledger("l_v1"))
	if err := byHand.Replay(t.Context(), "l_v1", "test-2", mended.ofStream); err != nil {
		t.Fatal(err)
	}
	handle(t, server, "l_v1", w.facts[50:])
	if got, want := content(t, server, "l_v1"), want(t, mended.facts); got != want {
		t.Errorf("content %s, want %s", got, want)
	}
}

func TestAReplayWithoutAllParkedFactsIsRefused(t *testing.T) {
	w, mended := poisoned(func(f *engine.Fact) { f.Body = added{N: applyFails} })
	e := fresh(t, ledger("l_v1"))
	handle(t, e, "l_v1", w.facts)
	mended.facts = mended.facts[:40]
	if err := e.Replay(t.Context(), "l_v1", "test-2", mended.ofStream); err == nil {
		t.Error("a replay of half of the facts succeeded")
	}
	if parked, err := e.Parked(t.Context()); err != nil || len(parked) != 1 || parked[0].Waiting != 8 {
		t.Errorf("parked %+v, %v", parked, err)
	}
}
