package web

import (
	"context"

	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/projections/personpage"
)

// planProgress is a plan with what was reported on it.
type planProgress struct {
	Found bool
	Plan  personpage.Plan
	Done  []personpage.Progress
}

func (s *Site) planProgress(ctx context.Context, id domain.PersonID) (p planProgress, err error) {
	if p.Plan, p.Found, err = personpage.CurrentPlan(ctx, s.Read, id, s.today()); err != nil || !p.Found {
		return p, err
	}
	p.Done, err = personpage.ProgressOf(ctx, s.Read, p.Plan.Plan)
	return p, err
}

// on gives what was reported on a result in a measure.
func (p planProgress) on(result domain.ResultID, measure string) personpage.Progress {
	for _, d := range p.Done {
		if d.Result == result && d.Measure == measure {
			return d
		}
	}
	return personpage.Progress{Plan: p.Plan.Plan, Result: result, Measure: measure}
}

// reports counts the reports on a result in every measure.
func (p planProgress) reports(result domain.ResultID) (n int64) {
	for _, d := range p.Done {
		if d.Result == result {
			n += d.Reports
		}
	}
	return n
}
