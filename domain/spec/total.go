package spec

import (
	"reflect"
	"testing"

	"pgregory.net/rapid"

	"github.com/jejak-kinerja/jejak/domain"
)

// MaxHistory is the longest history a property draws: long enough for every kind
// of event to meet every other, short enough that a failure can be read.
const MaxHistory = 32

// EvolveIsTotal checks the promise of domain.Decider.Evolve on histories drawn
// from gen, however senseless: no order of events panics; a fold may be split
// anywhere; and every state on the way stays as it was, whatever it is moved on by.
//
//	spec.EvolveIsTotal(t, plan.Decider, spec.AnyEvent[plan.Event](plan.Stored))
func EvolveIsTotal[S, C, E any](t *testing.T, d domain.Decider[S, C, E], gen *rapid.Generator[E]) {
	t.Helper()
	// Faults of sharing show in long histories only; short ones are easier to read.
	histories := rapid.OneOf(rapid.SliceOfN(gen, 0, 4), rapid.SliceOfN(gen, MaxHistory/2, MaxHistory))
	rapid.Check(t, func(t *rapid.T) {
		history := histories.Draw(t, "history")
		other := func(i int) E { return history[len(history)-1-i] }
		passed, branched := []S{d.Initial()}, []S{}
		for i, event := range history {
			passed = append(passed, d.Evolve(passed[i], event))
			branched = append(branched, d.Evolve(passed[i], other(i)))
		}
		for i := range history {
			fresh := func() S { return d.Fold(d.Initial(), history[:i]...) }
			if !reflect.DeepEqual(passed[i], fresh()) {
				t.Fatalf("the state after %d events was changed by a later one\n got %#v\nwant %#v", i, passed[i], fresh())
			}
			if want := d.Evolve(fresh(), other(i)); !reflect.DeepEqual(branched[i], want) {
				t.Fatalf("two events after the same %d got into each other's state\n got %#v\nwant %#v", i, branched[i], want)
			}
			if late := d.Fold(fresh(), history[i:]...); !reflect.DeepEqual(late, passed[len(history)]) {
				t.Fatalf("split at %d\n got %#v\nwant %#v", i, late, passed[len(history)])
			}
		}
	})
}
