package engine_test

import (
	"testing"

	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/projections/engine"
)

func TestASkippedFactIsLeftOutForGoodAndItIsKeptWhoDecidedIt(t *testing.T) {
	w, _ := poisoned(func(f *engine.Fact) { f.Body = added{N: sqlRefuses} }) // the third of test-2, at 15
	w.facts[26].Body = added{N: applyFails}                                  // the fifth, at 27
	var others written
	for _, f := range w.facts {
		if f.Position != 15 && f.Position != 27 {
			others.facts = append(others.facts, f)
		}
	}
	e := fresh(t, ledger("l_v1"))
	handle(t, e, "l_v1", w.facts)
	if _, err := e.Skip(t.Context(), "l_v1", "test-2", "Rahmi", " ", w.ofStream); domain.KindOf(err) != domain.Invalid {
		t.Errorf("a skip without a reason gave %v", err)
	}
	for n, wantAgain := range []bool{true, false} {
		again, err := e.Skip(t.Context(), "l_v1", "test-2", "Rahmi", "entered twice", w.ofStream)
		if err != nil || again != wantAgain {
			t.Fatalf("skip %d gave %v, %v", n, again, err)
		}
	}
	if _, err := e.Skip(t.Context(), "l_v1", "test-2", "Rahmi", "entered twice", w.ofStream); domain.KindOf(err) != domain.NotFound {
		t.Errorf("a third skip gave %v", err)
	}
	model := fresh(t, ledger("l_v1"))
	if err := model.Handle(t.Context(), "l_v1", 0, others.facts); err != nil {
		t.Fatal(err)
	}
	if got, want := content(t, e, "l_v1"), content(t, model, "l_v1"); got != want {
		t.Errorf("content %s, want %s", got, want)
	}
	if parked, err := e.Parked(t.Context()); err != nil || len(parked) != 0 {
		t.Errorf("parked %+v, %v", parked, err)
	}
	skipped, err := e.Skipped(t.Context())
	if err != nil || len(skipped) != 2 {
		t.Fatalf("skipped %+v, %v", skipped, err)
	}
	if s := skipped[1]; s.Position != 15 || s.Stream != "test-2" || s.By != "Rahmi" || s.Reason != "entered twice" || !s.At.Equal(noon) || s.Parking.Reason == "" {
		t.Errorf("skipped %+v", s)
	}
	for _, size := range []int{1, 13, 60} { // a rebuild honours it, wherever the batches end
		b := beside(t, e, engine.Next)
		c, err := b.Compare(t.Context(), reading(w.facts, size, func() int { return 60 }))
		if err != nil || !c.Equal {
			t.Errorf("in batches of %d: compared %+v, %v", size, c, err)
		}
		b.Close()
		if err := e.Discard(t.Context(), "l_v1", engine.Next); err != nil {
			t.Fatal(err)
		}
	}
}

// An edition beside may have parked the fact before it was decided to skip it.
func TestASkipReachesTheEditionsThatHaveTheFactParked(t *testing.T) {
	for name, row := range map[string]struct {
		edition string
		again   bool // a fact behind it is bad, too, and skipped as well
	}{"next": {engine.Next, false}, "former": {engine.Former, false}, "next, twice": {engine.Next, true}} {
		t.Run(name, func(t *testing.T) {
			w, _ := poisoned(func(f *engine.Fact) { f.Body = added{N: sqlRefuses} })
			if row.again {
				w.add("test-2", added{N: sqlRefuses}).add("test-2", added{N: 7})
			}
			e := fresh(t, ledger("l_v1"))
			handle(t, e, "l_v1", w.facts)
			read := reading(w.facts, 13, func() int { return len(w.facts) })
			b := beside(t, e, engine.Next)
			if row.edition == engine.Former {
				switched(t, b, read)
			} else if err := b.Approach(t.Context(), read, func(int) {}); err != nil {
				t.Fatal(err)
			}
			b.Close()
			for skips := 1; ; skips++ {
				again, err := e.Skip(t.Context(), "l_v1", "test-2", "Rahmi", "entered twice", w.ofStream)
				if err != nil || again != (row.again && skips == 1) {
					t.Fatalf("skip %d: again %v, %v", skips, again, err)
				}
				if !again {
					break
				}
			}
			whole := content(t, e, "l_v1")
			b = beside(t, e, row.edition)
			if c, err := b.Compare(t.Context(), read); err != nil || !c.Equal {
				t.Errorf("the editions are compared as %+v, %v", c, err)
			}
			switched(t, b, read)
			parked, err := e.Parked(t.Context())
			if after := content(t, e, "l_v1"); after != whole || err != nil || len(parked) != 0 {
				t.Errorf("after the switch %s, before %s; parked %v, %v", after, whole, parked, err)
			}
		})
	}
}
