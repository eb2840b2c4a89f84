package appraisal_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/appraisal"
)

func TestThePredicateIsDerivedWithTheSecondRating(t *testing.T) {
	result := appraisal.RateResult{By: budi, Rating: appraisal.Above, Expected: []domain.ResultID{"r1"}}
	behaviour := appraisal.RateBehaviour{By: budi, Values: seven(appraisal.AsExpected), Rating: appraisal.AsExpected}
	given(t, opened(), reached("r1")).When(result).Then(resultRated)
	given(t, opened()).When(behaviour).Then(behaviourRated)
	given(t, opened(), reached("r1"), resultRated).When(behaviour).Then(behaviourRated, good)
	given(t, opened(), reached("r1"), behaviourRated).When(result).Then(resultRated, good)
}

func TestResultsAreRatedOnlyOnWhatWasReached(t *testing.T) {
	c := appraisal.RateResult{By: budi, Rating: appraisal.Above, Expected: []domain.ResultID{"r1", "r2"}}
	given(t, opened(), reached("r1")).When(c).ThenRefused("realisation-missing")
	given(t, opened(), reached("r1"), reached("r2")).When(c).Then(resultRated)
	c.Expected = nil
	given(t, opened()).When(c).ThenRefused("realisation-missing")
}

func TestRatingResultsIsRefused(t *testing.T) {
	c := appraisal.RateResult{By: budi, Rating: appraisal.Above}
	given(t, rated()...).When(c).Then()
	c.Note = "n"
	given(t, rated()...).When(c).ThenRefused("already-rated")
	given(t, rated()...).When(appraisal.RateResult{By: budi, Rating: appraisal.Below}).ThenRefused("already-rated")
	given(t, opened()).When(appraisal.RateResult{By: budi, Rating: "110"}).ThenRefused("rating-unknown")
	given(t, opened()).When(appraisal.RateResult{By: ina, Rating: appraisal.Above}).ThenRefused("not-the-appraiser")
}

func TestBehaviourIsRatedOnAllSevenValuesEachOnce(t *testing.T) {
	c := appraisal.RateBehaviour{By: budi, Rating: appraisal.AsExpected}
	for slug, values := range map[string][]appraisal.ValueRating{
		"value-missing":  seven(appraisal.AsExpected)[1:],
		"value-twice":    append(seven(appraisal.AsExpected), appraisal.ValueRating{Value: domain.Loyal, Rating: appraisal.Above}),
		"value-unknown":  append(seven(appraisal.AsExpected)[1:], appraisal.ValueRating{Value: "rajin", Rating: appraisal.Above}),
		"rating-unknown": seven("7"),
	} {
		c.Values = values
		given(t, opened()).When(c).ThenRefused(slug)
	}
	c.Values = seven(appraisal.AsExpected)
	slices.Reverse(c.Values)
	given(t, opened()).When(c).Then(behaviourRated)
	given(t, opened(), behaviourRated).When(c).Then()
	c.Rating = appraisal.Above
	given(t, opened(), behaviourRated).When(c).ThenRefused("already-rated")
	given(t, opened()).When(appraisal.RateBehaviour{By: budi, Rating: "x"}).ThenRefused("rating-unknown")
	given(t, opened()).When(appraisal.RateBehaviour{By: cut, Rating: appraisal.Above}).ThenRefused("not-the-appraiser")
}

func change(mend func(*appraisal.ChangeScore)) appraisal.ChangeScore {
	c := appraisal.ChangeScore{By: budi, Dimension: appraisal.OfResult, Old: appraisal.Above, New: appraisal.Below, Reason: "w", Authority: appraisal.ByAppraiser}
	mend(&c)
	return c
}

func bySuperior(c *appraisal.ChangeScore) {
	c.By, c.Superior, c.Authority, c.Reference = cut, cut, appraisal.ByAppraisersSuperior, "keberatan-1"
}

func TestAScoreIsChangedAndThePredicateFollows(t *testing.T) {
	changed := appraisal.ScoreChanged{Dimension: appraisal.OfResult, Old: appraisal.Above, New: appraisal.Below, Reason: "w", Authority: appraisal.ByAppraiser}
	given(t, rated()...).When(change(func(*appraisal.ChangeScore) {})).
		Then(changed, predicate(appraisal.Below, appraisal.AsExpected, appraisal.NeedsImprovement))
	given(t, opened(), reached("r1"), resultRated).When(change(func(*appraisal.ChangeScore) {})).Then(changed)
	changed.Dimension, changed.Old, changed.New = appraisal.OfBehaviour, appraisal.AsExpected, appraisal.Above
	given(t, rated()...).When(change(func(c *appraisal.ChangeScore) {
		c.Dimension, c.Old, c.New = appraisal.OfBehaviour, appraisal.AsExpected, appraisal.Above
	})).Then(changed, predicate(appraisal.Above, appraisal.Above, appraisal.VeryGood))
}

func TestAfterDeliveryOnlyTheAppraisersSuperiorChangesAScore(t *testing.T) {
	given(t, delivered()...).When(change(func(*appraisal.ChangeScore) {})).ThenRefused("appraisal-delivered")
	given(t, rated()...).When(change(bySuperior)).ThenRefused("appraisal-not-delivered")
	given(t, delivered()...).When(change(bySuperior)).Then(
		appraisal.ScoreChanged{Dimension: appraisal.OfResult, Old: appraisal.Above, New: appraisal.Below, Reason: "w",
			Authority: appraisal.ByAppraisersSuperior, Reference: "keberatan-1"},
		predicate(appraisal.Below, appraisal.AsExpected, appraisal.NeedsImprovement))
}

func TestNobodyChangesTheirOwnScore(t *testing.T) {
	given(t, rated()...).When(change(func(c *appraisal.ChangeScore) { c.By = ina })).ThenRefused("own-score")
	given(t, delivered()...).When(change(func(c *appraisal.ChangeScore) { bySuperior(c); c.By, c.Superior = ina, ina })).ThenRefused("own-score")
}

func TestChangingAScoreIsRefused(t *testing.T) {
	for slug, mend := range map[string]func(*appraisal.ChangeScore){
		"not-the-appraiser":  func(c *appraisal.ChangeScore) { c.By = cut },
		"authority-unknown":  func(c *appraisal.ChangeScore) { c.Authority = "bkpsdm" },
		"dimension-unknown":  func(c *appraisal.ChangeScore) { c.Dimension = "kehadiran" },
		"rating-unknown":     func(c *appraisal.ChangeScore) { c.New = "x" },
		"reason-missing":     func(c *appraisal.ChangeScore) { c.Reason = "" },
		"reference-too-long": func(c *appraisal.ChangeScore) { c.Reference = strings.Repeat("x", appraisal.MaxReferenceBytes+1) },
		"score-moved":        func(c *appraisal.ChangeScore) { c.Old = appraisal.AsExpected },
		"score-unchanged":    func(c *appraisal.ChangeScore) { c.New = appraisal.Above },
	} {
		given(t, rated()...).When(change(mend)).ThenRefused(slug)
	}
	given(t, opened()).When(change(func(*appraisal.ChangeScore) {})).ThenRefused("not-rated")
	for _, by := range []domain.PersonID{budi, "", "dewi"} {
		given(t, delivered()...).When(change(func(c *appraisal.ChangeScore) { bySuperior(c); c.By = by })).ThenRefused("not-the-appraisers-superior")
	}
	given(t, delivered()...).When(change(func(c *appraisal.ChangeScore) { bySuperior(c); c.By, c.Superior = budi, budi })).ThenRefused("not-the-appraisers-superior")
}

func TestAnAppraisalIsDeliveredAndReceived(t *testing.T) {
	given(t, rated()...).When(appraisal.Deliver{By: budi}).Then(appraisal.Delivered{})
	given(t, delivered()...).When(appraisal.Deliver{By: budi}).Then()
	given(t, opened()).When(appraisal.Deliver{By: budi}).ThenRefused("predicate-missing")
	given(t, rated()...).When(appraisal.Deliver{By: ina}).ThenRefused("not-the-appraiser")
	given(t, delivered()...).When(appraisal.Receive{By: ina}).Then(appraisal.Received{})
	given(t, append(delivered(), appraisal.Received{})...).When(appraisal.Receive{By: ina}).Then()
	given(t, rated()...).When(appraisal.Receive{By: ina}).ThenRefused("appraisal-not-delivered")
	given(t, delivered()...).When(appraisal.Receive{By: budi}).ThenRefused("not-the-person")
}
