package appraisal_test

import (
	"fmt"
	"testing"

	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/appraisal"
)

func TestAnAppraisalIsOpenedOnce(t *testing.T) {
	given(t).When(appraisal.Open(opened())).Then(opened())
	given(t, opened()).When(appraisal.Open(opened())).Then()
	other := appraisal.Open(opened())
	other.Kind = appraisal.Periodic
	given(t, opened()).When(other).ThenRefused("appraisal-already-opened")
}

func TestOpeningIsRefused(t *testing.T) {
	for slug, change := range map[string]func(*appraisal.Open){
		"id-missing":             func(c *appraisal.Open) { c.Unit = "" },
		"own-appraiser":          func(c *appraisal.Open) { c.Appraiser = ina },
		"appraisal-kind-unknown": func(c *appraisal.Open) { c.Kind = "harian" },
		"date-malformed":         func(c *appraisal.Open) { c.Span.Until = "" },
		"span-backwards":         func(c *appraisal.Open) { c.Span.Until = "2025-01-01" },
	} {
		c := appraisal.Open(opened())
		change(&c)
		given(t).When(c).ThenRefused(slug)
	}
}

func realise(change func(*appraisal.RecordRealisation)) appraisal.RecordRealisation {
	c := appraisal.RecordRealisation{By: budi, Result: "r1", Quantity: domain.Whole(12), Measure: "laporan", Reports: []domain.ReportID{"x"}}
	change(&c)
	return c
}

func TestARealisationRestsOnReportsOrSaysWhyOnNone(t *testing.T) {
	same := func(*appraisal.RecordRealisation) {}
	given(t, opened()).When(realise(same)).Then(reached("r1"))
	given(t, opened(), reached("r1")).When(realise(same)).Then()
	given(t, rated()...).When(realise(same)).Then()
	none := func(c *appraisal.RecordRealisation) {
		c.Quantity, c.Measure, c.Reports, c.NoEvidence = 0, "", nil, "why"
	}
	given(t, opened(), reached("r1")).When(realise(none)).Then(appraisal.RealisationRecorded{Result: "r1", NoEvidence: "why"})
}

func TestRecordingARealisationIsRefused(t *testing.T) {
	for slug, change := range map[string]func(*appraisal.RecordRealisation){
		"not-the-appraiser":    func(c *appraisal.RecordRealisation) { c.By = ina },
		"id-missing":           func(c *appraisal.RecordRealisation) { c.Result = "" },
		"quantity-negative":    func(c *appraisal.RecordRealisation) { c.Quantity = -1 },
		"number-too-large":     func(c *appraisal.RecordRealisation) { c.Quantity = domain.MaxDecimal + 1 },
		"text-missing":         func(c *appraisal.RecordRealisation) { c.Measure = "" },
		"evidence-missing":     func(c *appraisal.RecordRealisation) { c.Reports = nil },
		"evidence-contradicts": func(c *appraisal.RecordRealisation) { c.NoEvidence = "why" },
		"id-malformed":         func(c *appraisal.RecordRealisation) { c.Reports = []domain.ReportID{"X"} },
		"report-twice":         func(c *appraisal.RecordRealisation) { c.Reports = []domain.ReportID{"x", "x"} },
		"too-many-reports": func(c *appraisal.RecordRealisation) {
			for n := range appraisal.MaxReports {
				c.Reports = append(c.Reports, domain.ReportID(fmt.Sprintf("x%d", n)))
			}
		},
	} {
		given(t, opened()).When(realise(change)).ThenRefused(slug)
	}
	given(t, rated()...).When(realise(func(c *appraisal.RecordRealisation) { c.Quantity = 1 })).ThenRefused("results-rated")
}
