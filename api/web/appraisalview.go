package web

import (
	"context"
	"slices"
	"strconv"

	"github.com/jejak-kinerja/jejak/api/words"
	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/appraisal"
	"github.com/jejak-kinerja/jejak/domain/plan"
)

// revised is the revision that a form of the appraisal's page was made on.
func (m appraisalModel) revised() string { return strconv.FormatInt(m.Revision, 10) }

// realisationDraft fills the form of a result: with what was sent, with what is on
// record, or with what the reports of the period add up to.
func (m appraisalModel) realisationDraft(r plan.Result) form {
	f := m.Form.of(planForm("realisasi", r.ID, ""), revisionField, m.revised())
	if f.Problem != nil {
		return f
	}
	if done, ok := m.Realisation(r.ID); ok {
		if done.Measure != "" {
			f.Values.Set("quantity", words.Plain(done.Quantity))
		}
		f.Values.Set("measure", done.Measure)
		for _, id := range done.Reports {
			f.Values.Add("reports", string(id))
		}
		return f
	}
	if len(r.Indicators) > 0 {
		measure := r.Indicators[0].Measure
		f.Values.Set("measure", measure)
		if len(m.Evidence.ByResult[r.ID]) > 0 {
			f.Values.Set("quantity", words.Plain(m.Evidence.sum(r.ID, measure)))
		}
	}
	for _, report := range m.Evidence.ByResult[r.ID] {
		f.Values.Add("reports", string(report.Report))
	}
	return f
}

// holds says whether a value of a field with many values was chosen.
func (f form) holds(name, value string) bool { return slices.Contains(f.Values[name], value) }

func rests(r appraisal.Realisation, report domain.ReportID) bool {
	return slices.Contains(r.Reports, report)
}

// ratingClass colours a rating.
func ratingClass(r appraisal.Rating) string {
	return map[appraisal.Rating]string{appraisal.Below: "bad", appraisal.AsExpected: "now", appraisal.Above: "good"}[r]
}

// otherRatings are those that the present one may be changed to.
func otherRatings(ctx context.Context, present appraisal.Rating) []option {
	return slices.DeleteFunc(labelled(ctx, "rating", appraisal.Ratings), func(o option) bool { return o.Value == string(present) })
}
