package web

import (
	"context"
	"slices"
	"strconv"
	"time"

	"github.com/jejak-kinerja/jejak/api/words"
	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/plan"
	"github.com/jejak-kinerja/jejak/projections/personpage"
)

// planStep is one station on a plan's way.
type planStep struct {
	Text      string
	At        time.Time
	Done, Now bool
}

// stepsOf gives the stations in their order; the present one is where somebody has
// something to do, or the last.
func stepsOf(ctx context.Context, m planModel) []planStep {
	written := words.PlanStepDraft
	if m.Status == plan.SentBack {
		written = words.PlanStepReturned
	}
	waiting := m.Status == plan.AwaitingSignature
	valid := m.Status == plan.Valid || m.Status == plan.Ended && m.Version > 0
	steps := []planStep{
		{Text: t(ctx, written), At: m.Opened.At, Done: !m.Writing(), Now: m.Writing()},
		{Text: t(ctx, words.PlanStepSubmitted), At: m.Submitted.At, Done: waiting || valid},
		{Text: t(ctx, words.PlanStepSigned), At: m.AppraiserSigned.At, Done: valid, Now: waiting},
		{Text: t(ctx, words.PlanStepEstablished), Done: valid, Now: m.Status == plan.Valid},
	}
	if valid {
		steps[3].At = m.Versions[len(m.Versions)-1].At
	}
	if m.Status == plan.Ended {
		steps = append(steps, planStep{Text: t(ctx, words.PlanStepClosed), Now: true})
	}
	return steps
}

func planVersionHref(id domain.PlanID, version int) string {
	return planHref(id) + "/versi/" + strconv.Itoa(version)
}

func resultsOf(c plan.Content, kind plan.ResultKind) []plan.Result {
	return slices.DeleteFunc(slices.Clone(c.Results), func(r plan.Result) bool { return r.Kind != kind })
}

func hintWord(h plan.Hint) words.Key { return words.Key("plan.hint-" + string(h)) }

// progressIn finds what was reported on a result in a measure.
func progressIn(all []personpage.Progress, result domain.ResultID, measure string) (personpage.Progress, bool) {
	i := slices.IndexFunc(all, func(p personpage.Progress) bool { return p.Result == result && p.Measure == measure })
	if i < 0 {
		return personpage.Progress{}, false
	}
	return all[i], true
}

func measured(r plan.Result, measure string) bool {
	return slices.ContainsFunc(r.Indicators, func(i plan.Indicator) bool { return i.Measure == measure })
}

// reached writes a quantity with its measure; empty when there is no measure.
func reached(ctx context.Context, quantity domain.Decimal, measure string) string {
	if measure == "" {
		return ""
	}
	return words.Of(ctx).Number(quantity) + " " + measure
}
