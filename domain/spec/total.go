package spec

import (
	"reflect"
	"testing"

	"pgregory.net/rapid"

	"github.com/jejak-kinerja/jejak/domain"
)

// MaxHistory is the longest history a property draws: long enough for every kind
// of event to meet every other, short enough that a failure can be read.
const MaxHistory = 24

// EvolveIsTotal checks the promise of domain.Decider.Evolve on histories drawn
// from gen, however senseless: no order of events panics; a fold may be split
// anywhere; and moving a state on, even twice, leaves the state as it was.
//
//	spec.EvolveIsTotal(t, plan.Decider, spec.AnyEvent[plan.Event](plan.Stored))
func EvolveIsTotal[S, C, E any](t *testing.T, d domain.Decider[S, C, E], gen *rapid.Generator[E]) {
	t.Helper()
	rapid.Check(t, func(t *rapid.T) {
		history := rapid.SliceOfN(gen, 0, MaxHistory).Draw(t, "history")
		cut := rapid.IntRange(0, len(history)).Draw(t, "cut")
		whole := d.Fold(d.Initial(), history...)
		early := d.Fold(d.Initial(), history[:cut]...)
		if late := d.Fold(early, history[cut:]...); !reflect.DeepEqual(late, whole) {
			t.Fatalf("split at %d\n got %#v\nwant %#v", cut, late, whole)
		}
		one, other := gen.Draw(t, "one"), gen.Draw(t, "other")
		first := d.Evolve(whole, one)
		d.Evolve(whole, other)
		if again := d.Fold(d.Initial(), history...); !reflect.DeepEqual(whole, again) {
			t.Fatalf("Evolve changed its argument\n got %#v\nwant %#v", whole, again)
		}
		if want := d.Fold(d.Fold(d.Initial(), history...), one); !reflect.DeepEqual(first, want) {
			t.Fatalf("a second Evolve of the same state changed the first one's answer\n got %#v\nwant %#v", first, want)
		}
	})
}
