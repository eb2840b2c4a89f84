package web

import (
	"cmp"
	"net/http"

	"github.com/go-chi/chi/v5"

	"github.com/jejak-kinerja/jejak/commands"
	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/appraisal"
)

// actOnAppraisal carries out one of the forms on an appraisal's page.
func (s *Site) actOnAppraisal(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(w, r)
	if err != nil {
		return err
	}
	id := domain.AppraisalID(chi.URLParam(r, "appraisal"))
	action := chi.URLParam(r, "action")
	f.Action = planForm(action, domain.ResultID(f.get("result")), f.get("dimension"))
	out, err := s.onAppraisal(r, f, action, id)
	if status, ok := f.refused(r, err); ok {
		return s.showAppraisal(w, r, status, f)
	}
	if err != nil {
		return err
	}
	return s.sentTo(w, r, appraisalHref(id), appraisalSpot(f, action), out)
}

// appraisalSpot is where on the page the eye should be after the action.
func appraisalSpot(f form, action string) string {
	switch action {
	case "realisasi":
		return "h-" + f.get("result")
	case "hasil":
		return "hasil-kerja"
	case "perilaku":
		return "perilaku-kerja"
	}
	return ""
}

func (s *Site) onAppraisal(r *http.Request, f form, action string, id domain.AppraisalID) (commands.Outcome, error) {
	ctx := r.Context()
	ask := f.ask(ctx)
	rating := appraisal.Rating(f.get("rating"))
	switch action {
	case "realisasi":
		in, err := realisationIn(f, id)
		if err != nil {
			return commands.Outcome{}, err
		}
		return s.Office.RecordRealisation(ctx, ask, in)
	case "hasil":
		return s.Office.RateResult(ctx, ask, commands.RateResult{Appraisal: id, Rating: rating, Note: f.get("note")})
	case "perilaku":
		in := commands.RateBehaviour{Appraisal: id, Rating: rating, Note: f.get("note")}
		for _, v := range domain.Values {
			if f.get(string(v)) == "" {
				return commands.Outcome{}, domain.Bad(string(v), "value-missing", "%s is not rated", v)
			}
			in.Values = append(in.Values, appraisal.ValueRating{Value: v, Rating: appraisal.Rating(f.get(string(v)))})
		}
		return s.Office.RateBehaviour(ctx, ask, in)
	case "ubah":
		return s.Office.ChangeScore(ctx, ask, commands.ChangeScore{Appraisal: id, Dimension: appraisal.Dimension(f.get("dimension")),
			Old: appraisal.Rating(f.get("old")), New: appraisal.Rating(f.get("new")), Reason: f.get("reason"), Reference: f.get("reference")})
	case "sampaikan":
		return s.Office.DeliverAppraisal(ctx, ask, id)
	case "terima":
		return s.Office.ReceiveAppraisal(ctx, ask, id)
	}
	return commands.Outcome{}, domain.Missing("page-unknown", "no such action")
}

// realisationIn reads what was reached on a result. Why there is no evidence is
// only asked where no report is chosen.
func realisationIn(f form, id domain.AppraisalID) (commands.RecordRealisation, error) {
	quantity, err := decimal("quantity", f.get("quantity"))
	if err != nil {
		return commands.RecordRealisation{}, err
	}
	in := commands.RecordRealisation{Appraisal: id, Result: domain.ResultID(f.get("result")), Quantity: quantity, Measure: f.get("measure")}
	for _, report := range f.Values["reports"] {
		in.Reports = append(in.Reports, domain.ReportID(report))
	}
	in.NoEvidence = f.get("no_evidence")
	if f.get("quantity") == "" {
		in.Measure = "" // a unit without a number says nothing
	}
	return in, nil
}

// newAppraisal asks for what the appraisal is about.
func (s *Site) newAppraisal(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	id := domain.PersonID(cmp.Or(q.Get("orang"), q.Get("pegawai")))
	from, until := lastQuarter(s.today())
	return s.showNewAppraisal(w, r, http.StatusOK, blank("person", string(id), "kind", string(appraisal.Periodic), "from", string(from), "until", string(until)))
}

func (s *Site) openAppraisal(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(w, r)
	if err != nil {
		return err
	}
	out, err := s.Office.OpenAppraisal(r.Context(), f.ask(r.Context()), commands.OpenAppraisal{Person: domain.PersonID(f.get("person")),
		Plan: domain.PlanID(f.get("plan")), Kind: appraisal.Kind(f.get("kind")), Span: domain.Span{From: domain.Date(f.get("from")), Until: domain.Date(f.get("until"))}})
	if status, ok := f.refused(r, err); ok {
		return s.showNewAppraisal(w, r, status, f)
	}
	if err != nil {
		return err
	}
	return s.sent(w, r, appraisalHref(domain.AppraisalID(out.ID())), out)
}
