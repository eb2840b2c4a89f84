package bkn_test

import (
	"strings"
	"testing"

	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/bkn"
	"github.com/jejak-kinerja/jejak/domain/spec"
)

var (
	november = bkn.Source{File: strings.Repeat("0a", 32), UpdatedOn: "2026-11-20"}
	december = bkn.Source{File: strings.Repeat("0b", 32), UpdatedOn: "2026-12-20"}
	year     = domain.Span{From: "2026-01-01", Until: "2026-12-31"}
	reported = bkn.PlanReported{Plan: "skp-7", Status: "Persetujuan", Post: "Analis Pariwisata", Unit: "dinas-pariwisata",
		From: "2026-01-01", Until: "2026-12-31", Source: november}
	good = bkn.PredicateReported{Plan: "skp-7", Predicate: bkn.Good, Span: year, Source: november}
)

func given(t *testing.T, facts ...bkn.Event) spec.Case[bkn.State, bkn.Command, bkn.Event] {
	t.Helper()
	return spec.Given(t, bkn.Decider, facts...)
}

func TestEvolveIsTotal(t *testing.T) {
	spec.EvolveIsTotal(t, bkn.Decider, spec.AnyEvent[bkn.Event](bkn.Stored, string(bkn.Good)))
}

func with[E any](e E, change func(*E)) E { change(&e); return e }

func TestReportPlan(t *testing.T) {
	order := bkn.ReportPlan(reported)
	given(t).When(order).Then(reported)
	given(t, reported).When(order).Then()
	open := with(order, func(c *bkn.ReportPlan) { c.From = "" })
	given(t).When(open).Then(bkn.PlanReported(open))
	refused := func(slug string, change func(*bkn.ReportPlan)) {
		t.Helper()
		given(t).When(with(order, change)).ThenRefused(slug)
	}
	refused("text-missing", func(c *bkn.ReportPlan) { c.Plan = "" })
	refused("wording-too-long", func(c *bkn.ReportPlan) { c.Plan = strings.Repeat("1", bkn.MaxPlanRunes+1) })
	refused("text-missing", func(c *bkn.ReportPlan) { c.Status = "" })
	refused("wording-too-long", func(c *bkn.ReportPlan) { c.Status = strings.Repeat("x", bkn.MaxStatusRunes+1) })
	refused("text-missing", func(c *bkn.ReportPlan) { c.Post = "" })
	refused("id-malformed", func(c *bkn.ReportPlan) { c.Unit = "Dinas Pariwisata" })
	refused("date-malformed", func(c *bkn.ReportPlan) { c.Until = "" })
	refused("date-malformed", func(c *bkn.ReportPlan) { c.From = "2026-02-30" })
	refused("span-backwards", func(c *bkn.ReportPlan) { c.From = "2027-01-01" })
	refused("digest-malformed", func(c *bkn.ReportPlan) { c.Source.File = "" })
	refused("date-malformed", func(c *bkn.ReportPlan) { c.Source.UpdatedOn = "20-11-2026" })
}

func TestReportPredicate(t *testing.T) {
	order := bkn.ReportPredicate(good)
	given(t).When(order).Then(good)
	given(t, good).When(order).Then()
	refused := func(slug string, change func(*bkn.ReportPredicate)) {
		t.Helper()
		given(t).When(with(order, change)).ThenRefused(slug)
	}
	refused("text-missing", func(c *bkn.ReportPredicate) { c.Plan = "" })
	refused("predicate-unknown", func(c *bkn.ReportPredicate) { c.Predicate = "istimewa" })
	refused("date-malformed", func(c *bkn.ReportPredicate) { c.Span.Until = "" })
	refused("span-backwards", func(c *bkn.ReportPredicate) { c.Span.Until = "2025-12-31" })
	refused("digest-malformed", func(c *bkn.ReportPredicate) { c.Source.File = strings.Repeat("g", 64) })
}

func TestTheSameWordInAnotherFileIsNoNews(t *testing.T) {
	again := with(reported, func(e *bkn.PlanReported) { e.Source.File = december.File })
	given(t, reported).When(bkn.ReportPlan(again)).Then()
	same := with(good, func(e *bkn.PredicateReported) { e.Source.File = december.File })
	given(t, good).When(bkn.ReportPredicate(same)).Then()
}

func TestALaterWordStandsBesideTheEarlierOne(t *testing.T) {
	better := with(good, func(e *bkn.PredicateReported) { e.Predicate, e.Source = bkn.VeryGood, december })
	given(t, good).When(bkn.ReportPredicate(better)).Then(better)
	for _, order := range [][]bkn.Event{{good, better}, {better, good}} {
		s := bkn.Decider.Fold(bkn.State{}, order...)
		if now, ok := s.PredicateOf("skp-7", year); !ok || now != better || len(s.Predicates) != 2 {
			t.Errorf("now %+v", now)
		}
	}
	if _, ok := (bkn.State{}).PredicateOf("skp-7", year); ok {
		t.Error("a predicate out of nothing")
	}
}

func TestAfterATransferTheLatestPeriodIsTheCurrentOne(t *testing.T) {
	before := with(reported, func(e *bkn.PlanReported) { e.Plan, e.Unit, e.Until = "skp-3", "dinas-perhubungan", "2026-06-30" })
	acting := with(reported, func(e *bkn.PlanReported) { e.Plan, e.Acting, e.Until = "skp-9", true, "2027-03-31" })
	s := bkn.Decider.Fold(bkn.State{}, reported, before, acting)
	if now, ok := s.CurrentPlan(); !ok || now != reported || len(s.Plans) != 3 {
		t.Errorf("now %+v", now)
	}
	if _, ok := bkn.Decider.Fold(bkn.State{}, acting).CurrentPlan(); ok {
		t.Error("an acting post became the main one")
	}
}

func TestAnOlderFileBroughtInLateIsHistory(t *testing.T) {
	cut := with(reported, func(e *bkn.PlanReported) { e.Until, e.Source = "2026-06-30", december })
	next := with(reported, func(e *bkn.PlanReported) { e.Plan, e.Until, e.Source = "skp-8", "2026-11-30", december })
	s := bkn.Decider.Fold(bkn.State{}, cut, next, reported)
	if now, _ := s.CurrentPlan(); now != next {
		t.Errorf("now %+v: the November report of a plan cut short since came back", now)
	}
}
