package web

import (
	"context"
	"slices"

	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/appraisal"
	"github.com/jejak-kinerja/jejak/domain/progress"
	"github.com/jejak-kinerja/jejak/projections"
	"github.com/jejak-kinerja/jejak/projections/personpage"
)

// evidencePages bounds how far back the lists are read: 800 reports are two years
// of daily ones.
const evidencePages = 4

// evidenceOf is what was reported and said within the period of an appraisal.
type evidenceOf struct {
	// ByResult holds the reports on each result of the plan; Other those on anything else.
	ByResult map[domain.ResultID][]personpage.Report
	Other    []personpage.Report
	Feedback []personpage.Feedback
}

func (s *Site) evidenceFor(ctx context.Context, a appraisal.State) (evidenceOf, error) {
	found := evidenceOf{ByResult: map[domain.ResultID][]personpage.Report{}}
	reports, err := allPages(func(p projections.Page) (projections.Rows[personpage.Report], error) {
		return personpage.Reports(ctx, s.Read, a.Person, p)
	})
	if err != nil {
		return found, err
	}
	for _, r := range reports {
		switch {
		case r.Status == progress.TakenBack || !a.Span.Holds(r.On):
		case a.Plan != "" && r.Plan == a.Plan:
			found.ByResult[r.Result] = append(found.ByResult[r.Result], r)
		default:
			found.Other = append(found.Other, r)
		}
	}
	said, err := allPages(func(p projections.Page) (projections.Rows[personpage.Feedback], error) {
		return personpage.FeedbackAbout(ctx, s.Read, a.Person, p)
	})
	for _, f := range said {
		if a.Span.Holds(domain.DateOf(f.GivenAt, s.Zone)) {
			found.Feedback = append(found.Feedback, f)
		}
	}
	return found, err
}

// allPages reads a list page by page, as far as evidencePages.
func allPages[T any](read func(projections.Page) (projections.Rows[T], error)) ([]T, error) {
	var all []T
	page := projections.Page{Limit: projections.MaxPageRows}
	for range evidencePages {
		rows, err := read(page)
		if err != nil {
			return nil, err
		}
		all = append(all, rows.Items...)
		if rows.Next == "" {
			break
		}
		page.Cursor = rows.Next
	}
	return all, nil
}

func (e evidenceOf) gather(g *gathering) *gathering {
	for _, reports := range e.ByResult {
		for _, r := range reports {
			g.text(r.Text)
		}
	}
	for _, r := range e.Other {
		g.text(r.Text)
	}
	for _, f := range e.Feedback {
		g.person(f.By).text(f.Text, f.Disputed)
	}
	return g
}

// sum adds up what the reports on a result say in a measure.
func (e evidenceOf) sum(result domain.ResultID, measure string) (total domain.Decimal) {
	for _, r := range e.ByResult[result] {
		if r.Measure == measure {
			total += r.Quantity
		}
	}
	return total
}

// reportsOn lists the evidence on a result: its reports, and others that a
// realisation rests on already.
func (m appraisalModel) reportsOn(result domain.ResultID) []personpage.Report {
	reports := m.Evidence.ByResult[result]
	if done, ok := m.Realisation(result); ok {
		for _, r := range m.Evidence.Other {
			if slices.Contains(done.Reports, r.Report) {
				reports = append(slices.Clone(reports), r)
			}
		}
	}
	return reports
}
