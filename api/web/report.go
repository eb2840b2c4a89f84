package web

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/jejak-kinerja/jejak/api/caller"
	"github.com/jejak-kinerja/jejak/api/words"
	"github.com/jejak-kinerja/jejak/commands"
	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/projections"
	"github.com/jejak-kinerja/jejak/projections/personpage"
)

// reportModel is what the quick report's form needs.
type reportModel struct {
	Form     form
	Results  []option
	Measures []string
	Superior domain.PersonID
	Today    domain.Date
	// Unfolded shows the fields for another day and a file.
	Unfolded bool
}

// quickReport shows the form, filled with the last choice.
func (s *Site) quickReport(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	me := caller.From(ctx).Person
	f := blank("on", string(s.today()), "quantity", "1")
	last, err := personpage.Reports(ctx, s.Read, me, projections.Page{Limit: 1})
	if err != nil {
		return err
	}
	for _, l := range last.Items {
		f.Values.Set("result", string(l.Plan)+"/"+string(l.Result))
		f.Values.Set("measure", l.Measure)
	}
	return s.showReportForm(w, r, http.StatusOK, f)
}

func (s *Site) showReportForm(w http.ResponseWriter, r *http.Request, status int, f form) error {
	ctx := r.Context()
	me := caller.From(ctx).Person
	p, err := s.Lookup.PersonState(ctx, me)
	if err != nil {
		return err
	}
	m := reportModel{Form: f, Superior: p.SuperiorOn(s.today()), Today: s.today()}
	m.Unfolded = f.Problem != nil && (f.Problem.Field != "text" && f.Problem.Field != "quantity")
	plan, found, err := personpage.CurrentPlan(ctx, s.Read, me, s.today())
	if err != nil {
		return err
	}
	if found && plan.Version > 0 {
		for _, res := range plan.Results {
			m.Results = append(m.Results, option{string(plan.Plan) + "/" + string(res.Result), res.Wording})
			for _, i := range res.Indicators {
				m.Measures = append(m.Measures, i.Measure)
			}
		}
	}
	m.Results = append(m.Results, option{"/", t(ctx, words.ReportOtherWork)})
	if err := s.reveal(ctx, gather().person(m.Superior)); err != nil {
		return err
	}
	return s.show(w, r, status, t(ctx, words.ReportTitle), reportForm(m))
}

// report takes the report.
func (s *Site) report(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(w, r)
	if err != nil {
		return err
	}
	out, err := s.sendReport(r, f)
	if status, ok := f.refused(r, err); ok {
		return s.showReportForm(w, r, status, f)
	}
	if err != nil {
		return err
	}
	return s.receipted(w, r, out)
}

func (s *Site) sendReport(r *http.Request, f form) (commands.Outcome, error) {
	quantity, err := decimal("quantity", f.get("quantity"))
	if err != nil {
		return commands.Outcome{}, err
	}
	plan, result, _ := strings.Cut(f.get("result"), "/")
	in := commands.ReportProgress{Plan: domain.PlanID(plan), Result: domain.ResultID(result), On: domain.Date(f.get("on")),
		Quantity: quantity, Measure: f.get("measure"), Text: f.get("text"), LateReason: f.get("late_reason")}
	if in.Measure == "" {
		in.Quantity = 0 // a number without a unit says nothing
	}
	if in.Evidence, err = evidence(r); err != nil {
		return commands.Outcome{}, err
	}
	return s.Office.ReportProgress(r.Context(), f.ask(r.Context()), in)
}

// evidence reads the file of a form, if there is one; its type is what its
// content says and not what its sender says.
func evidence(r *http.Request) ([]commands.EvidenceFile, error) {
	file, _, err := r.FormFile("evidence")
	if errors.Is(err, http.ErrMissingFile) || errors.Is(err, http.ErrNotMultipart) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("open the uploaded file: %w", err)
	}
	defer file.Close() //nolint:errcheck // only read
	content, err := io.ReadAll(file)
	if err != nil {
		return nil, fmt.Errorf("read the uploaded file: %w", err)
	}
	if len(content) == 0 {
		return nil, nil
	}
	return []commands.EvidenceFile{{MediaType: http.DetectContentType(content), Content: content}}, nil
}

// questionLine is one's word that the superior on file is wrong.
func (s *Site) questionLinePage(w http.ResponseWriter, r *http.Request) error {
	return s.showQuestionLine(w, r, http.StatusOK, blank())
}

func (s *Site) showQuestionLine(w http.ResponseWriter, r *http.Request, status int, f form) error {
	superior, err := s.superior(r.Context(), caller.From(r.Context()).Person)
	if err != nil {
		return err
	}
	return s.show(w, r, status, t(r.Context(), words.LineTitle), lineForm(f, superior))
}

func (s *Site) superior(ctx context.Context, of domain.PersonID) (domain.PersonID, error) {
	p, err := s.Lookup.PersonState(ctx, of)
	if err != nil {
		return "", err
	}
	superior := p.SuperiorOn(s.today())
	return superior, s.reveal(ctx, gather().person(superior))
}

func (s *Site) questionLine(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(w, r)
	if err != nil {
		return err
	}
	out, err := s.Office.QuestionLine(r.Context(), f.ask(r.Context()), f.get("note"))
	if status, ok := f.refused(r, err); ok {
		return s.showQuestionLine(w, r, status, f)
	}
	if err != nil {
		return err
	}
	return s.receipted(w, r, out)
}
