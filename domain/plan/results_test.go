package plan_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/plan"
)

func add(change func(*plan.AddResult)) plan.AddResult {
	c := plan.AddResult{By: ina, Result: "r1", Kind: plan.Main, Wording: "Terlaksananya layanan r1"}
	change(&c)
	return c
}

func TestAResultIsAdded(t *testing.T) {
	given(t, opened()).When(add(func(*plan.AddResult) {})).Then(added("r1"))
	given(t, opened(), added("r1")).When(add(func(*plan.AddResult) {})).Then()
}

func TestAddingAResultIsRefused(t *testing.T) {
	for slug, change := range map[string]func(*plan.AddResult){
		"id-missing":          func(c *plan.AddResult) { c.Result = "" },
		"result-kind-unknown": func(c *plan.AddResult) { c.Kind = "lain" },
		"text-missing":        func(c *plan.AddResult) { c.Wording = "" },
		"wording-too-long":    func(c *plan.AddResult) { c.Wording = strings.Repeat("a", domain.MaxWordingRunes+1) },
		"serves-itself":       func(c *plan.AddResult) { c.Serves = plan.Serves{Plan: "p", Result: "r0"} },
		"serves-incomplete":   func(c *plan.AddResult) { c.Serves = plan.Serves{Plan: "q"} },
		"id-malformed":        func(c *plan.AddResult) { c.Serves = plan.Serves{Indicator: "I!"} },
	} {
		given(t, opened()).When(add(change)).ThenRefused(slug)
	}
	given(t, opened(), added("r1")).When(add(func(c *plan.AddResult) { c.Kind = plan.Additional })).ThenRefused("result-exists")
}

func TestAPlanHasAtMostFortyResults(t *testing.T) {
	facts := []plan.Event{opened()}
	for n := range plan.MaxResults {
		facts = append(facts, added(domain.ResultID(fmt.Sprintf("r%d", n))))
	}
	given(t, facts...).When(add(func(c *plan.AddResult) { c.Result = "more" })).ThenRefused("too-many-results")
}

func TestAResultIsAmended(t *testing.T) {
	serves := plan.Serves{Plan: "q", Result: "r7", Indicator: "ikm"}
	c := plan.AmendResult{By: ina, Result: "r1", Wording: "Meningkatnya mutu layanan", Serves: serves}
	given(t, written()...).When(c).Then(plan.ResultAmended{Result: "r1", Wording: "Meningkatnya mutu layanan", Serves: serves})
	given(t, append(written(), plan.ResultAmended{Result: "r1", Wording: c.Wording, Serves: serves})...).When(c).Then()
	c.Result = "r2"
	given(t, written()...).When(c).ThenRefused("result-unknown")
	given(t, written()...).When(plan.AmendResult{By: ina, Result: "r1"}).ThenRefused("text-missing")
}

func TestAResultIsWithdrawn(t *testing.T) {
	c := plan.WithdrawResult{By: ina, Result: "r1"}
	given(t, written()...).When(c).Then(plan.ResultWithdrawn{Result: "r1"})
	given(t, append(written(), plan.ResultWithdrawn{Result: "r1"})...).When(c).Then()
	given(t, written()...).When(plan.WithdrawResult{By: ina}).ThenRefused("id-missing")
}

func set(change func(*plan.SetIndicator)) plan.SetIndicator {
	c := plan.SetIndicator{By: ina, Result: "r1", Key: "i1", Wording: "Jumlah layanan", Aspect: plan.Quantity, Target: domain.Whole(12), Measure: "laporan"}
	change(&c)
	return c
}

func TestAnIndicatorIsSet(t *testing.T) {
	given(t, opened(), added("r1")).When(set(func(*plan.SetIndicator) {})).Then(measured("r1"))
	given(t, written()...).When(set(func(*plan.SetIndicator) {})).Then()
	want := measured("r1")
	want.Target = domain.Whole(13)
	given(t, written()...).When(set(func(c *plan.SetIndicator) { c.Target = domain.Whole(13) })).Then(want)
}

func TestAnIndicatorWithoutAKeyTakesTheNextFreeOne(t *testing.T) {
	want := measured("r1")
	want.Key = "i2"
	given(t, written()...).When(set(func(c *plan.SetIndicator) { c.Key = "" })).Then(want)
}

func TestSettingAnIndicatorIsRefused(t *testing.T) {
	for slug, change := range map[string]func(*plan.SetIndicator){
		"result-unknown":      func(c *plan.SetIndicator) { c.Result = "r2" },
		"id-malformed":        func(c *plan.SetIndicator) { c.Key = "I 1" },
		"text-missing":        func(c *plan.SetIndicator) { c.Wording = "" },
		"wording-many-lines":  func(c *plan.SetIndicator) { c.Measure = "a\nb" },
		"aspect-not-for-plan": func(c *plan.SetIndicator) { c.Aspect = plan.Budget },
		"target-negative":     func(c *plan.SetIndicator) { c.Target = -1 },
		"number-too-large":    func(c *plan.SetIndicator) { c.Target = domain.MaxDecimal + 1 },
	} {
		given(t, written()...).When(set(change)).ThenRefused(slug)
	}
}

func TestALeadersPlanMeasuresByPerspective(t *testing.T) {
	leader := opened()
	leader.Leader = true
	for _, aspect := range plan.StaffAspects {
		given(t, leader, added("r1")).When(set(func(c *plan.SetIndicator) { c.Aspect = aspect })).ThenRefused("aspect-not-for-plan")
	}
	for _, aspect := range plan.LeaderAspects {
		want := measured("r1")
		want.Aspect = aspect
		given(t, leader, added("r1")).When(set(func(c *plan.SetIndicator) { c.Aspect = aspect })).Then(want)
	}
}

func TestAResultHasAtMostTenIndicators(t *testing.T) {
	facts := []plan.Event{opened(), added("r1")}
	for n := range plan.MaxIndicators {
		one := measured("r1")
		one.Key = fmt.Sprintf("i%d", n+1)
		facts = append(facts, one)
	}
	given(t, facts...).When(set(func(c *plan.SetIndicator) { c.Key = "" })).ThenRefused("too-many-indicators")
	want := measured("r1")
	want.Measure = "dokumen"
	given(t, facts...).When(set(func(c *plan.SetIndicator) { c.Measure = "dokumen" })).Then(want)
}

func TestAnIndicatorIsRemoved(t *testing.T) {
	c := plan.RemoveIndicator{By: ina, Result: "r1", Key: "i1"}
	given(t, written()...).When(c).Then(plan.IndicatorRemoved{Result: "r1", Key: "i1"})
	given(t, opened(), added("r1")).When(c).Then()
	given(t, opened()).When(c).ThenRefused("result-unknown")
}

func TestSpecialBehaviourIsExpected(t *testing.T) {
	c := plan.ExpectBehaviour{By: ina, Value: domain.Adaptive, Expectation: "Memakai sistem baru sejak Maret"}
	fact := plan.BehaviourExpected{Value: c.Value, Expectation: c.Expectation}
	given(t, opened()).When(c).Then(fact)
	given(t, opened(), fact).When(c).Then()
	given(t, opened()).When(plan.ExpectBehaviour{By: ina, Value: "rajin", Expectation: "x"}).ThenRefused("value-unknown")
	given(t, opened()).When(plan.ExpectBehaviour{By: ina, Value: domain.Loyal, Expectation: "a\nb"}).ThenRefused("wording-many-lines")
}

func TestAnExpectationIsTakenBack(t *testing.T) {
	fact := plan.BehaviourExpected{Value: domain.Loyal, Expectation: "Hadir tepat waktu"}
	back := plan.BehaviourExpected{Value: domain.Loyal}
	given(t, opened(), fact).When(plan.ExpectBehaviour{By: ina, Value: domain.Loyal}).Then(back)
	given(t, opened(), fact, back).When(plan.ExpectBehaviour{By: ina, Value: domain.Loyal}).Then()
	if digestOf(opened(), fact, back) != digestOf(opened()) {
		t.Fatal("an expectation taken back still counts")
	}
}

func TestMainResultsOfStaffThatServeNothingAreProvisional(t *testing.T) {
	linked := plan.ResultAdded{Result: "r2", Kind: plan.Main, Wording: "x", Serves: plan.Serves{Indicator: "ikm"}}
	extra := plan.ResultAdded{Result: "r3", Kind: plan.Additional, Wording: "x"}
	leader := opened()
	leader.Leader = true
	fold := func(first plan.Opened) plan.State {
		return plan.Decider.Fold(plan.Decider.Initial(), first, added("r1"), linked, extra)
	}
	if got := fold(opened()).Provisional(); len(got) != 1 || got[0] != "r1" {
		t.Fatalf("provisional %v, want r1", got)
	}
	if got := fold(leader).Provisional(); len(got) != 0 {
		t.Fatalf("a leader's plan has provisional results %v", got)
	}
}

func TestAnEditLeavesWhatWasSignedAlone(t *testing.T) {
	before := plan.Decider.Fold(plan.Decider.Initial(), established()...)
	again := measured("r1")
	again.Target = domain.Whole(99)
	after := plan.Decider.Fold(before, plan.SignatureWithdrawn{Reason: "why"}, again)
	if plan.ContentDigest(before.Draft) != content || plan.ContentDigest(after.Valid) != content || plan.ContentDigest(after.Draft) == content {
		t.Fatal("the edit reached into another version")
	}
}
