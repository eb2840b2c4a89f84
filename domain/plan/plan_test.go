package plan_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/plan"
	"github.com/jejak-kinerja/jejak/domain/spec"
)

// Ina writes the plan, Budi appraises it; both are invented.
const (
	ina  domain.PersonID = "ina"
	budi domain.PersonID = "budi"
	cut  domain.PersonID = "cut"
)

var year = domain.Span{From: "2026-01-01", Until: "2026-12-31"}

func opened() plan.Opened {
	return plan.Opened{Plan: "p", Person: ina, Appraiser: budi, Unit: "dinas", Post: "Analis", Span: year}
}

func added(id domain.ResultID) plan.ResultAdded {
	return plan.ResultAdded{Result: id, Kind: plan.Main, Wording: "Terlaksananya layanan " + string(id)}
}

func measured(id domain.ResultID) plan.IndicatorSet {
	return plan.IndicatorSet{Result: id, Key: "i1", Wording: "Jumlah layanan", Aspect: plan.Quantity, Target: domain.Whole(12), Measure: "laporan"}
}

// written is a draft that may be submitted.
func written() []plan.Event { return []plan.Event{opened(), added("r1"), measured("r1")} }

func digestOf(facts ...plan.Event) string {
	return plan.ContentDigest(plan.Decider.Fold(plan.Decider.Initial(), facts...).Draft)
}

var content = digestOf(written()...)

func submitted() []plan.Event { return append(written(), plan.Submitted{Content: content}) }

func established() []plan.Event {
	return append(submitted(), plan.SignedByEmployee{Content: content}, plan.SignedByAppraiser{Content: content},
		plan.Established{Content: content, Version: 1})
}

func closed() []plan.Event {
	return append(written(), plan.Closed{LastDay: "2026-12-31", Cause: plan.YearEnd})
}

func given(t *testing.T, facts ...plan.Event) spec.Case[plan.State, plan.Command, plan.Event] {
	t.Helper()
	return spec.Given(t, plan.Decider, facts...)
}

func TestEvolveIsTotal(t *testing.T) {
	spec.EvolveIsTotal(t, plan.Decider, spec.AnyEvent[plan.Event](plan.Stored, "utama", "tambahan", "kuantitas", "akuntabel", "harmonis"))
}

func TestNothingHappensToAPlanThatWasNeverOpened(t *testing.T) {
	for _, c := range everyCommand() {
		if _, isOpen := c.(plan.Open); !isOpen {
			given(t).When(c).ThenRefused("plan-unknown")
		}
	}
}

func TestNothingHappensToAClosedPlan(t *testing.T) {
	for _, c := range everyCommand() {
		if _, isOpen := c.(plan.Open); !isOpen {
			given(t, closed()...).When(c).ThenRefused("plan-closed")
		}
	}
}

func everyCommand() []plan.Command {
	return []plan.Command{
		plan.Open(opened()),
		plan.ChangeAppraiser{Appraiser: cut},
		plan.AddResult{By: ina, Result: "r9", Kind: plan.Main, Wording: "Tersusunnya laporan"},
		plan.AmendResult{By: ina, Result: "r1", Wording: "Tersusunnya laporan"},
		plan.WithdrawResult{By: ina, Result: "r1"},
		plan.SetIndicator{By: ina, Result: "r1", Wording: "Jumlah", Aspect: plan.Time, Measure: "hari"},
		plan.RemoveIndicator{By: ina, Result: "r1", Key: "i1"},
		plan.ExpectBehaviour{By: ina, Value: domain.Loyal, Expectation: "Hadir tepat waktu"},
		plan.Submit{By: ina},
		plan.Return{By: budi, Reason: "why"},
		plan.SignAsEmployee{By: ina, Content: content},
		plan.SignAsAppraiser{By: budi, Content: content},
		plan.WithdrawSignature{By: ina, Reason: "why"},
		plan.Close{LastDay: "2026-06-30", Cause: plan.Transfer},
	}
}

func edits() []plan.Edit {
	var list []plan.Edit
	for _, c := range everyCommand() {
		if e, ok := c.(plan.Edit); ok {
			list = append(list, e)
		}
	}
	return list
}

func TestOnlyTheEmployeeWrites(t *testing.T) {
	for _, e := range edits() {
		for _, by := range []domain.PersonID{budi, cut, ""} {
			given(t, written()...).When(e.Author(by)).ThenRefused("not-the-employee")
		}
	}
}

func TestAnEditVoidsBothSignatures(t *testing.T) {
	signed := append(submitted(), plan.SignedByAppraiser{Content: content})
	for _, e := range edits() {
		facts := given(t, signed...).When(e).Facts()
		s := plan.Decider.Fold(plan.Decider.Initial(), append(slices.Clone(signed), facts...)...)
		if s.Status != plan.Draft || s.Submitted+s.SignedByAppraiser+s.SignedByEmployee != "" {
			t.Errorf("after %T: %s, signed %q %q", e, s.Status, s.SignedByEmployee, s.SignedByAppraiser)
		}
	}
}

func TestAnEstablishedPlanIsNotEdited(t *testing.T) {
	for _, e := range edits() {
		given(t, established()...).When(e).ThenRefused("plan-established")
	}
}

// A plan is valid exactly when both signed what is valid, whatever people press.
func TestAPlanIsEstablishedOnlyByTwoSignaturesOnTheSameContent(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := plan.Decider.Fold(plan.Decider.Initial(), opened())
		var byEmployee, byAppraiser string
		for range rapid.IntRange(0, 40).Draw(t, "presses") {
			command := rapid.SampledFrom(pressable(s)).Draw(t, "command")
			facts, err := plan.Decide(s, command)
			if err != nil && len(facts) > 0 {
				t.Fatalf("%#v: refused with facts", command)
			}
			for _, fact := range facts {
				switch e := fact.(type) {
				case plan.SignedByEmployee:
					byEmployee = e.Content
				case plan.SignedByAppraiser:
					byAppraiser = e.Content
				case plan.Established:
					if e.Content != byEmployee || e.Content != byAppraiser || e.Content != plan.ContentDigest(s.Draft) {
						t.Fatalf("established %q, signed %q and %q", e.Content, byEmployee, byAppraiser)
					}
					if e.Version != s.Version+1 {
						t.Fatalf("version %d after %d", e.Version, s.Version)
					}
				}
				s = plan.Evolve(s, fact)
			}
			if s.Version > 0 && s.Established != plan.ContentDigest(s.Valid) {
				t.Fatal("the valid content is not the one that was signed")
			}
		}
	})
}

func pressable(s plan.State) []plan.Command {
	now := plan.ContentDigest(s.Draft)
	return append(everyCommand()[:13],
		plan.AddResult{By: ina, Result: "r1", Kind: plan.Main, Wording: "Terlaksananya layanan"},
		plan.SetIndicator{By: ina, Result: "r9", Wording: "Jumlah", Aspect: plan.Time, Measure: "hari"},
		plan.SignAsEmployee{By: ina, Content: now}, plan.SignAsAppraiser{By: budi, Content: now},
		plan.SignAsEmployee{By: ina, Content: now}, plan.SignAsAppraiser{By: cut, Content: now}, plan.Submit{By: ina})
}
