package progress_test

import (
	"testing"

	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/progress"
)

func report(change func(*progress.Report)) progress.Report {
	c := progress.Report{Report: "x", Person: ina, Superior: budi, Unit: "dinas", On: "2026-03-10",
		Quantity: domain.Whole(2), Measure: "laporan", Text: "t1",
		Today: "2026-03-10", ReasonAfterDays: 7, RefuseAfterDays: 31}
	change(&c)
	return c
}

func TestWorkIsReported(t *testing.T) {
	given(t).When(report(func(*progress.Report) {})).Then(reported())
}

func TestAReportWithoutASuperiorOnFileIsTakenAndWaits(t *testing.T) {
	want := reported()
	want.Superior = ""
	given(t).When(report(func(c *progress.Report) { c.Superior = "" })).Then(want)
	given(t).When(report(func(c *progress.Report) { c.Superior = ina })).Then(want)
	given(t, want).When(progress.Acknowledge{By: budi}).ThenRefused("not-the-superior")
	given(t, want).When(progress.Acknowledge{By: ""}).ThenRefused("not-the-superior")
	given(t, want).When(progress.Acknowledge{By: budi, OnFile: budi}).Then(progress.Acknowledged{By: budi})
}

func TestAReportWithoutQuantityUnitOrPlanIsTaken(t *testing.T) {
	given(t).When(report(func(c *progress.Report) { c.Quantity, c.Measure, c.Unit = 0, "", "" })).
		Then(progress.Reported{Report: "x", Person: ina, Superior: budi, On: "2026-03-10", Text: "t1"})
}

func TestAnOldDayNeedsAReasonAndAVeryOldOneIsRefused(t *testing.T) {
	for _, c := range []struct {
		on     domain.Date
		reason domain.Sealed
		slug   string
	}{
		{"2026-03-11", "", "day-in-future"},
		{"2026-03-03", "", ""},
		{"2026-03-02", "", "late-reason-missing"},
		{"2026-03-02", "late", ""},
		{"2026-02-07", "late", ""},
		{"2026-02-06", "late", "day-too-old"},
		{"tomorrow", "", "date-malformed"},
	} {
		command := report(func(r *progress.Report) { r.On, r.LateReason = c.on, c.reason })
		if c.slug != "" {
			given(t).When(command).ThenRefused(c.slug)
			continue
		}
		want := reported()
		want.On, want.LateReason = c.on, c.reason
		given(t).When(command).Then(want)
	}
}

func TestReportingIsRefused(t *testing.T) {
	for slug, change := range map[string]func(*progress.Report){
		"id-missing":        func(c *progress.Report) { c.Person = "" },
		"id-malformed":      func(c *progress.Report) { c.Report = "X" },
		"plan-missing":      func(c *progress.Report) { c.Result = "r1" },
		"text-missing":      func(c *progress.Report) { c.Measure = "" },
		"quantity-negative": func(c *progress.Report) { c.Quantity = -1 },
		"number-too-large":  func(c *progress.Report) { c.Quantity = domain.MaxDecimal + 1 },
		"too-much-evidence": func(c *progress.Report) { c.Evidence = make([]domain.Evidence, progress.MaxEvidence+1) },
	} {
		given(t).When(report(change)).ThenRefused(slug)
	}
	given(t).When(report(func(c *progress.Report) { c.Text = "" })).ThenRefused("text-missing")
	given(t, reported()).When(report(func(*progress.Report) {})).ThenRefused("report-exists")
}
