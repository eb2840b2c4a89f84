package plan_test

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/plan"
	"github.com/jejak-kinerja/jejak/domain/spec"
)

// Signatures in the log bind these digits. If this test fails, the canonical
// form has changed, and every plan signed so far would look forged.
func TestTheDigestOfAContentNeverChanges(t *testing.T) {
	c := plan.Content{
		Results: []plan.Result{{ID: "r1", Kind: plan.Main, Wording: "Terlaksananya \"layanan\"", Serves: plan.Serves{Plan: "q", Result: "r7", Indicator: "ikm"},
			Indicators: []plan.Indicator{{Key: "i1", Wording: "Jumlah", Aspect: plan.Quantity, Target: 1250, Measure: "laporan"}}}},
		Expectations: []plan.Expectation{{Value: domain.Loyal, Expectation: "Hadir tepat waktu"}},
	}
	const want = "28fa7a6d035a292201a8b05919083bdad63abee02f959b13e591e639939cb3fb"
	if got := plan.ContentDigest(c); got != want {
		t.Fatalf("got %s, want %s", got, want)
	}
}

func TestTheDigestDoesNotDependOnTheOrderOfWriting(t *testing.T) {
	one := []plan.Event{added("r1"), measured("r1"), added("r2"), plan.BehaviourExpected{Value: domain.Loyal, Expectation: "a"}, plan.BehaviourExpected{Value: domain.Adaptive, Expectation: "b"}}
	other := []plan.Event{added("r2"), plan.BehaviourExpected{Value: domain.Adaptive, Expectation: "b"}, added("r1"), plan.BehaviourExpected{Value: domain.Loyal, Expectation: "a"}, measured("r1")}
	if digestOf(one...) != digestOf(other...) {
		t.Fatal("the same content has two digests")
	}
}

// Whatever is changed in a content shows in its digest, and nothing else does.
func TestEveryChangeOfContentChangesTheDigest(t *testing.T) {
	events := spec.AnyEvent[plan.Event](plan.Stored, "utama", "kuantitas", "akuntabel")
	rapid.Check(t, func(t *rapid.T) {
		s := plan.Decider.Fold(plan.Decider.Initial(), rapid.SliceOfN(events, 0, 12).Draw(t, "history")...)
		next := plan.Evolve(s, events.Draw(t, "next"))
		same := sameContent(s.Draft, next.Draft)
		if (plan.ContentDigest(s.Draft) == plan.ContentDigest(next.Draft)) != same {
			t.Fatalf("same content: %v\n%#v\n%#v", same, s.Draft, next.Draft)
		}
	})
}

// sameContent compares without order and without the digest's own canonical form.
func sameContent(a, b plan.Content) bool {
	if len(a.Results) != len(b.Results) || len(a.Expectations) != len(b.Expectations) {
		return false
	}
	for _, e := range a.Expectations {
		if b.Expected(e.Value) != e.Expectation {
			return false
		}
	}
	for _, r := range a.Results {
		o, ok := b.Result(r.ID)
		if !ok || o.Kind != r.Kind || o.Wording != r.Wording || o.Serves != r.Serves || len(o.Indicators) != len(r.Indicators) {
			return false
		}
		for _, x := range r.Indicators {
			if y, ok := o.Indicator(x.Key); !ok || x != y {
				return false
			}
		}
	}
	return true
}
