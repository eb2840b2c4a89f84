package plan_test

import (
	"slices"
	"testing"

	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/plan"
)

func TestAPlanIsSubmitted(t *testing.T) {
	given(t, written()...).When(plan.Submit{By: ina}).Then(plan.Submitted{Content: content})
	given(t, written()...).When(plan.Submit{By: ina, Content: content}).Then(plan.Submitted{Content: content})
}

func TestASecondSubmitIsNotASecondEvent(t *testing.T) {
	given(t, submitted()...).When(plan.Submit{By: ina}).Then()
	given(t, established()...).When(plan.Submit{By: ina}).Then()
}

func TestSubmittingIsRefused(t *testing.T) {
	given(t, written()...).When(plan.Submit{By: budi}).ThenRefused("not-the-employee")
	given(t, written()...).When(plan.Submit{By: ina, Content: "other"}).ThenRefused("content-changed")
	given(t, opened()).When(plan.Submit{By: ina}).ThenRefused("main-result-missing")
	extra := plan.ResultAdded{Result: "r3", Kind: plan.Additional, Wording: "x"}
	given(t, opened(), extra).When(plan.Submit{By: ina}).ThenRefused("main-result-missing")
	given(t, append(written(), added("r2"))...).When(plan.Submit{By: ina}).ThenRefused("indicator-missing")
}

func TestAPlanWithoutAnAppraiserIsSubmittedAndWaits(t *testing.T) {
	alone := opened()
	alone.Appraiser = ""
	facts := []plan.Event{alone, added("r1"), measured("r1")}
	given(t, facts...).When(plan.Submit{By: ina}).Then(plan.Submitted{Content: content})
	facts = append(facts, plan.Submitted{Content: content}, plan.SignedByEmployee{Content: content})
	given(t, facts...).When(plan.SignAsAppraiser{By: budi, Content: content}).ThenRefused("not-the-appraiser")
	given(t, facts...).When(plan.SignAsAppraiser{By: "", Content: content}).ThenRefused("not-the-appraiser")
	facts = append(facts, plan.AppraiserChanged{Appraiser: budi})
	given(t, facts...).When(plan.SignAsAppraiser{By: budi, Content: content}).
		Then(plan.SignedByAppraiser{Content: content}, plan.Established{Content: content, Version: 1})
}

func TestTheSecondSignatureEstablishesThePlan(t *testing.T) {
	given(t, submitted()...).When(plan.SignAsEmployee{By: ina, Content: content}).Then(plan.SignedByEmployee{Content: content})
	given(t, append(submitted(), plan.SignedByEmployee{Content: content})...).When(plan.SignAsAppraiser{By: budi, Content: content}).
		Then(plan.SignedByAppraiser{Content: content}, plan.Established{Content: content, Version: 1})
	given(t, append(submitted(), plan.SignedByAppraiser{Content: content})...).When(plan.SignAsEmployee{By: ina, Content: content}).
		Then(plan.SignedByEmployee{Content: content}, plan.Established{Content: content, Version: 1})
}

func TestASecondSignatureBySameHandIsAlreadySo(t *testing.T) {
	given(t, append(submitted(), plan.SignedByEmployee{Content: content})...).When(plan.SignAsEmployee{By: ina, Content: content}).Then()
	given(t, established()...).When(plan.SignAsEmployee{By: ina, Content: content}).Then()
	given(t, established()...).When(plan.SignAsAppraiser{By: budi, Content: content}).Then()
}

func TestSigningIsRefused(t *testing.T) {
	given(t, written()...).When(plan.SignAsEmployee{By: ina, Content: content}).ThenRefused("plan-not-submitted")
	given(t, written()...).When(plan.SignAsAppraiser{By: budi, Content: content}).ThenRefused("plan-not-submitted")
	given(t, submitted()...).When(plan.SignAsEmployee{By: budi, Content: content}).ThenRefused("not-the-employee")
	given(t, submitted()...).When(plan.SignAsAppraiser{By: cut, Content: content}).ThenRefused("not-the-appraiser")
	given(t, submitted()...).When(plan.SignAsAppraiser{By: ina, Content: content}).ThenRefused("own-appraiser")
	given(t, submitted()...).When(plan.SignAsEmployee{By: ina, Content: "other"}).ThenRefused("content-changed")
	given(t, submitted()...).When(plan.SignAsAppraiser{By: budi, Content: ""}).ThenRefused("content-changed")
}

func TestTheAppraiserDoesNotSignWhatChangedBehindTheirBack(t *testing.T) {
	facts := append(submitted(), added("r2"), measured("r2"))
	next := digestOf(facts...)
	facts = append(facts, plan.Submitted{Content: next})
	given(t, facts...).When(plan.SignAsAppraiser{By: budi, Content: content}).ThenRefused("content-changed")
	given(t, facts...).When(plan.SignAsAppraiser{By: budi, Content: next}).Then(plan.SignedByAppraiser{Content: next})
}

func TestAPlanIsReturned(t *testing.T) {
	given(t, submitted()...).When(plan.Return{By: budi, Reason: "why"}).Then(plan.Returned{Reason: "why"})
	given(t, submitted()...).When(plan.Return{By: budi}).ThenRefused("reason-missing")
	given(t, submitted()...).When(plan.Return{By: ina, Reason: "why"}).ThenRefused("own-appraiser")
	given(t, submitted()...).When(plan.Return{By: cut, Reason: "why"}).ThenRefused("not-the-appraiser")
	given(t, written()...).When(plan.Return{By: budi, Reason: "why"}).ThenRefused("plan-not-submitted")
	given(t, established()...).When(plan.Return{By: budi, Reason: "why"}).ThenRefused("plan-not-submitted")
}

func TestAReturnedPlanIsWrittenAndSubmittedAgain(t *testing.T) {
	back := append(submitted(), plan.SignedByEmployee{Content: content}, plan.Returned{Reason: "why"})
	given(t, back...).When(plan.SignAsAppraiser{By: budi, Content: content}).ThenRefused("plan-not-submitted")
	given(t, back...).When(plan.Submit{By: ina}).Then(plan.Submitted{Content: content})
	given(t, append(back, plan.Submitted{Content: content})...).When(plan.SignAsAppraiser{By: budi, Content: content}).
		Then(plan.SignedByAppraiser{Content: content}) // the employee's earlier signature went back with the plan
}

func TestAWithdrawnSignatureOpensTheNextVersionWhileThisOneStaysValid(t *testing.T) {
	for _, by := range []domain.PersonID{ina, budi} {
		given(t, established()...).When(plan.WithdrawSignature{By: by, Reason: "why"}).Then(plan.SignatureWithdrawn{Reason: "why"})
	}
	facts := append(established(), plan.SignatureWithdrawn{Reason: "why"}, added("r2"), measured("r2"))
	s := plan.Decider.Fold(plan.Decider.Initial(), facts...)
	if s.Status != plan.Draft || s.DraftVersion() != 2 || len(s.Draft.Results) != 2 {
		t.Fatalf("want a draft of version 2 with two results, got %s %d %v", s.Status, s.DraftVersion(), s.Draft.MainResults())
	}
	if s.Version != 1 || s.Established != content || !slices.Equal(s.Binding().MainResults(), []domain.ResultID{"r1"}) {
		t.Fatalf("version 1 is no longer valid: %d %v", s.Version, s.Binding().MainResults())
	}
	next := digestOf(facts...)
	facts = append(facts, plan.Submitted{Content: next}, plan.SignedByEmployee{Content: next})
	given(t, facts...).When(plan.SignAsAppraiser{By: budi, Content: next}).
		Then(plan.SignedByAppraiser{Content: next}, plan.Established{Content: next, Version: 2})
}

func TestWithdrawingASignatureIsRefused(t *testing.T) {
	given(t, established()...).When(plan.WithdrawSignature{By: cut, Reason: "why"}).ThenRefused("not-a-signer")
	given(t, established()...).When(plan.WithdrawSignature{By: ina}).ThenRefused("reason-missing")
	given(t, submitted()...).When(plan.WithdrawSignature{By: ina, Reason: "why"}).ThenRefused("plan-not-established")
}

func TestAPlanIsClosed(t *testing.T) {
	c := plan.Close{LastDay: "2026-12-31", Cause: plan.YearEnd}
	given(t, established()...).When(c).Then(plan.Closed{LastDay: "2026-12-31", Cause: plan.YearEnd})
	given(t, closed()...).When(c).Then()
	given(t, written()...).When(plan.Close{LastDay: "2026-12-31", Cause: "bosan"}).ThenRefused("close-cause-unknown")
	given(t, written()...).When(plan.Close{LastDay: "soon", Cause: plan.YearEnd}).ThenRefused("date-malformed")
	given(t, written()...).When(plan.Close{LastDay: "2027-01-01", Cause: plan.YearEnd}).ThenRefused("day-outside-plan")
}
