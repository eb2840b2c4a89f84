package plan_test

import (
	"testing"

	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/plan"
)

func TestAPlanIsOpened(t *testing.T) {
	given(t).When(plan.Open(opened())).Then(opened())
}

func TestAPlanIsOpenedWithoutASuperiorOnFile(t *testing.T) {
	alone := opened()
	alone.Appraiser = ""
	given(t).When(plan.Open(alone)).Then(alone)
}

func TestASecondOpeningIsAlreadySo(t *testing.T) {
	again := plan.Open(opened())
	again.Appraiser = cut // the line moved since; that is no other plan
	given(t, opened()).When(again).Then()
}

func TestAnotherOpeningOfTheSamePlanIsRefused(t *testing.T) {
	other := plan.Open(opened())
	other.Span.From = "2026-02-01"
	given(t, opened()).When(other).ThenRefused("plan-already-opened")
}

func TestOpeningIsRefused(t *testing.T) {
	for slug, change := range map[string]func(*plan.Open){
		"id-missing":      func(c *plan.Open) { c.Unit = "" },
		"id-malformed":    func(c *plan.Open) { c.Plan = "P" },
		"own-appraiser":   func(c *plan.Open) { c.Appraiser = ina },
		"text-missing":    func(c *plan.Open) { c.Post = "" },
		"acting-unknown":  func(c *plan.Open) { c.Acting = domain.Definitive },
		"date-malformed":  func(c *plan.Open) { c.Span.Until = "" },
		"span-backwards":  func(c *plan.Open) { c.Span.Until = "2025-12-31" },
		"span-over-years": func(c *plan.Open) { c.Span.Until = "2027-01-31" },
	} {
		c := plan.Open(opened())
		change(&c)
		given(t).When(c).ThenRefused(slug)
	}
}

func TestTheAppraiserIsNamedLater(t *testing.T) {
	alone := opened()
	alone.Appraiser = ""
	given(t, alone).When(plan.ChangeAppraiser{Appraiser: budi}).Then(plan.AppraiserChanged{Appraiser: budi})
	given(t, opened()).When(plan.ChangeAppraiser{Appraiser: budi}).Then()
}

func TestNobodyBecomesTheirOwnAppraiser(t *testing.T) {
	given(t, opened()).When(plan.ChangeAppraiser{Appraiser: ina}).ThenRefused("own-appraiser")
	given(t, opened()).When(plan.ChangeAppraiser{}).ThenRefused("id-missing")
}

func TestWhatTheFormerAppraiserSignedAloneDoesNotBindTheNextOne(t *testing.T) {
	facts := append(submitted(), plan.SignedByAppraiser{Content: content}, plan.AppraiserChanged{Appraiser: cut})
	given(t, facts...).When(plan.SignAsEmployee{By: ina, Content: content}).Then(plan.SignedByEmployee{Content: content})
}
