package web

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/go-chi/chi/v5"

	"github.com/jejak-kinerja/jejak/api/caller"
	"github.com/jejak-kinerja/jejak/api/words"
	"github.com/jejak-kinerja/jejak/commands"
	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/plan"
	"github.com/jejak-kinerja/jejak/domain/progress"
)

// reportVersion is what a report said at one time.
type reportVersion struct {
	Version  int
	Quantity domain.Decimal
	Measure  string
	Text     domain.Sealed
	// Reason is why this version replaced the one before.
	Reason   domain.Sealed
	Evidence []domain.Evidence
	At       time.Time
	Position uint64
}

// reportPageModel is one report with its whole story.
type reportPageModel struct {
	progress.State
	Versions   []reportVersion
	LateReason domain.Sealed
	Facts      []domain.Recorded
	// Wording of the result it counts for.
	Wording  string
	Revision int64
	// Author and Answerer say what the caller may do.
	Author, Answerer bool
	Form             form
}

// loadReport folds the facts of the report.
func (s *Site) loadReport(ctx context.Context, id string) (m reportPageModel, err error) {
	facts, err := s.Lookup.Streams.Load(ctx, progress.Decider.Stream(id))
	if err != nil {
		return m, err
	}
	for _, fact := range facts {
		event, ok := fact.Body.(progress.Event)
		if !ok {
			continue
		}
		m.State = progress.Evolve(m.State, event)
		switch e := event.(type) {
		case progress.Reported:
			m.LateReason = e.LateReason
			m.Versions = append(m.Versions, reportVersion{1, e.Quantity, e.Measure, e.Text, "", e.Evidence, fact.Meta.RecordedAt, fact.Position})
		case progress.Corrected:
			m.Versions = append(m.Versions, reportVersion{e.Version, e.Quantity, e.Measure, e.Text, e.Reason, e.Evidence, fact.Meta.RecordedAt, fact.Position})
		default:
		}
	}
	if !m.Exists() {
		return m, domain.Missing("report-unknown", "no such report")
	}
	m.Facts, m.Revision = facts, int64(len(facts))-1
	if err := s.maySee(ctx, m.Person); err != nil {
		return m, err
	}
	me := caller.From(ctx).Person
	m.Author = me == m.Person
	if m.Answerer, err = s.superiorOf(ctx, m.Person, m.On); err != nil {
		return m, err
	}
	m.Answerer = !m.Author && (m.Answerer || m.Superior == me)
	if m.Plan != "" {
		p, _, err := commands.State(ctx, s.Lookup.Streams, plan.Decider, string(m.Plan))
		if err != nil {
			return m, err
		}
		for _, c := range []plan.Content{p.Valid, p.Draft} {
			if r, ok := c.Result(m.Result); ok && m.Wording == "" {
				m.Wording = r.Wording
			}
		}
	}
	return m, nil
}

func (s *Site) reportPage(w http.ResponseWriter, r *http.Request) error {
	return s.showReport(w, r, http.StatusOK, form{})
}

func (s *Site) showReport(w http.ResponseWriter, r *http.Request, status int, f form) error {
	ctx := r.Context()
	m, err := s.loadReport(ctx, chi.URLParam(r, "report"))
	if err != nil {
		return err
	}
	m.Form = f
	g := gather().person(m.Person, m.Superior, m.AcknowledgedBy).text(m.LateReason)
	for _, v := range m.Versions {
		g.text(v.Text, v.Reason)
	}
	for _, fact := range m.Facts {
		g.person(fact.Meta.Actor).text(saidIn(fact)...)
	}
	if err := s.reveal(ctx, g); err != nil {
		return err
	}
	viewOf(ctx).follow = []string{progress.Decider.Stream(string(m.Report))}
	return s.show(w, r, status, t(ctx, words.ReportHeading, "day", words.Of(ctx).Day(m.On)), reportDetail(m))
}

// saidIn lists the texts that a fact carries besides those of its own page.
func saidIn(fact domain.Recorded) []domain.Sealed {
	switch e := fact.Body.(type) {
	case progress.Acknowledged:
		return []domain.Sealed{e.Note}
	case progress.Questioned:
		return []domain.Sealed{e.Question}
	case progress.Answered:
		return []domain.Sealed{e.Answer}
	case progress.Withdrawn:
		return []domain.Sealed{e.Reason}
	case progress.Corrected:
		return []domain.Sealed{e.Reason}
	}
	return nil
}

// answerReport carries out one of the forms on a report's page.
func (s *Site) answerReport(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(w, r)
	if err != nil {
		return err
	}
	id := domain.ReportID(chi.URLParam(r, "report"))
	f.Action = chi.URLParam(r, "action")
	out, err := s.onReport(r, f, id)
	if status, ok := f.refused(r, err); ok {
		return s.showReport(w, r, status, f)
	}
	if err != nil {
		return err
	}
	return s.sent(w, r, reportHref(id), out)
}

func (s *Site) onReport(r *http.Request, f form, id domain.ReportID) (commands.Outcome, error) {
	ctx := r.Context()
	ask := f.ask(ctx)
	switch f.Action {
	case "ketahui":
		return s.Office.AcknowledgeProgress(ctx, ask, commands.AcknowledgeProgress{Report: id, Note: f.get("note")})
	case "tanya":
		return s.Office.QuestionProgress(ctx, ask, commands.QuestionProgress{Report: id, Question: f.get("question")})
	case "jawab":
		return s.Office.AnswerProgress(ctx, ask, commands.AnswerProgress{Report: id, Answer: f.get("answer")})
	case "tarik":
		return s.Office.WithdrawProgress(ctx, ask, commands.WithdrawProgress{Report: id, Reason: f.get("reason")})
	case "betulkan":
		quantity, err := decimal("quantity", f.get("quantity"))
		if err != nil {
			return commands.Outcome{}, err
		}
		files, err := evidence(r)
		if err != nil {
			return commands.Outcome{}, err
		}
		return s.Office.CorrectProgress(ctx, ask, commands.CorrectProgress{Report: id, Quantity: quantity, Measure: f.get("measure"),
			Text: f.get("text"), Reason: f.get("reason"), Evidence: files})
	}
	return commands.Outcome{}, domain.Missing("page-unknown", "no such action")
}

// evidenceFile serves a file of a report to whoever may see the report.
func (s *Site) evidenceFile(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	m, err := s.loadReport(ctx, chi.URLParam(r, "report"))
	if err != nil {
		return err
	}
	digest := domain.Sealed(chi.URLParam(r, "digest"))
	held := slices.ContainsFunc(m.Versions, func(v reportVersion) bool {
		return slices.ContainsFunc(v.Evidence, func(e domain.Evidence) bool { return e.Digest == digest })
	})
	if !held {
		return domain.Missing("file-unknown", "no such file in the report")
	}
	file, err := s.File(ctx, digest)
	if err != nil {
		return err
	}
	if file.Lost {
		return domain.Missing("file-lost", "the vault does not hold the file")
	}
	if file.Gone || !slices.Contains(commands.EvidenceTypes, file.MediaType) {
		return domain.Missing("file-gone", "the file was removed by the retention schedule")
	}
	w.Header().Set("Content-Type", file.MediaType)
	w.Header().Set("Content-Length", strconv.Itoa(len(file.Content)))
	w.Header().Set("Content-Disposition", "inline")
	w.Header().Set("Cache-Control", "private, no-store")
	w.Header().Set("Content-Security-Policy", "default-src 'none'; sandbox")
	_, _ = w.Write(file.Content) // the browser has gone: nothing is left to say
	return nil
}
