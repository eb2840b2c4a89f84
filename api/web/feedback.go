package web

import (
	"context"
	"net/http"
	"slices"
	"time"

	"github.com/go-chi/chi/v5"

	"github.com/jejak-kinerja/jejak/api/caller"
	"github.com/jejak-kinerja/jejak/api/words"
	"github.com/jejak-kinerja/jejak/commands"
	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/feedback"
	"github.com/jejak-kinerja/jejak/domain/progress"
	"github.com/jejak-kinerja/jejak/projections"
	"github.com/jejak-kinerja/jejak/projections/directory"
	"github.com/jejak-kinerja/jejak/projections/personpage"
)

// threadModel is one piece of feedback and what was said after it.
type threadModel struct {
	feedback.State
	Value  domain.Value
	Report domain.ReportID
	// Said is every word of the thread in order, the first one included.
	Said []spoken
	// ReadAt is zero until the person has seen it.
	ReadAt   time.Time
	Disputed domain.Sealed
	Facts    []domain.Recorded
	Form     form
}

// spoken is one word of a thread.
type spoken struct {
	By       domain.PersonID
	Text     domain.Sealed
	At       time.Time
	Position uint64
}

func (s *Site) loadThread(ctx context.Context, id string) (m threadModel, err error) {
	if m.Facts, err = s.Lookup.Streams.Load(ctx, feedback.Decider.Stream(id)); err != nil {
		return m, err
	}
	for _, fact := range m.Facts {
		event, ok := fact.Body.(feedback.Event)
		if !ok {
			continue
		}
		m.State = feedback.Evolve(m.State, event)
		switch e := event.(type) {
		case feedback.Given:
			m.Value, m.Report = e.Value, e.Report
			m.Said = append(m.Said, spoken{e.By, e.Text, fact.Meta.RecordedAt, fact.Position})
		case feedback.Replied:
			m.Said = append(m.Said, spoken{e.By, e.Text, fact.Meta.RecordedAt, fact.Position})
		case feedback.Read:
			m.ReadAt = fact.Meta.RecordedAt
		case feedback.Disputed:
			m.State.Disputed, m.Disputed = true, e.Reason
		}
	}
	if !m.Exists() {
		return m, domain.Missing("feedback-unknown", "no such feedback")
	}
	if me := caller.From(ctx).Person; me == m.By {
		return m, nil
	}
	return m, s.maySee(ctx, m.About)
}

func (s *Site) thread(w http.ResponseWriter, r *http.Request) error {
	return s.showThread(w, r, http.StatusOK, form{})
}

func (s *Site) showThread(w http.ResponseWriter, r *http.Request, status int, f form) error {
	ctx := r.Context()
	m, err := s.loadThread(ctx, chi.URLParam(r, "feedback"))
	if err != nil {
		return err
	}
	m.Form = f
	g := gather().person(m.About, m.By).text(m.Disputed)
	for _, word := range m.Said {
		g.person(word.By).text(word.Text)
	}
	if err := s.reveal(ctx, g); err != nil {
		return err
	}
	viewOf(ctx).follow = []string{feedback.Decider.Stream(string(m.Feedback))}
	title := t(ctx, words.FeedbackFromTo, "from", nameOf(ctx, m.By), "to", nameOf(ctx, m.About))
	return s.show(w, r, status, title, threadPage(m))
}

// onThread carries out one of the forms on a thread's page.
func (s *Site) onThread(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	f, err := readForm(w, r)
	if err != nil {
		return err
	}
	id := domain.FeedbackID(chi.URLParam(r, "feedback"))
	f.Action = chi.URLParam(r, "action")
	var out commands.Outcome
	switch f.Action {
	case "dibaca":
		out, err = s.Office.ReadFeedback(ctx, f.ask(ctx), id)
	case "balas":
		out, err = s.Office.ReplyFeedback(ctx, f.ask(ctx), commands.ReplyFeedback{Feedback: id, Text: f.get("text")})
	case "sanggah":
		out, err = s.Office.DisputeFeedback(ctx, f.ask(ctx), commands.DisputeFeedback{Feedback: id, Reason: f.get("reason")})
	default:
		err = domain.Missing("page-unknown", "no such action")
	}
	if status, ok := f.refused(r, err); ok {
		return s.showThread(w, r, status, f)
	}
	if err != nil {
		return err
	}
	return s.sent(w, r, feedbackHref(id), out)
}

// giveModel is the form for new feedback.
type giveModel struct {
	Form   form
	About  domain.PersonID
	Report domain.ReportID
	On     domain.Date
	People []option
}

func (s *Site) giveFeedbackPage(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	return s.showGive(w, r, http.StatusOK, blank("about", q.Get("kepada"), "report", q.Get("laporan"), "tone", string(feedback.Praise)))
}

func (s *Site) showGive(w http.ResponseWriter, r *http.Request, status int, f form) error {
	ctx := r.Context()
	m := giveModel{Form: f, About: domain.PersonID(f.get("about")), Report: domain.ReportID(f.get("report"))}
	title := t(ctx, words.FeedbackGive)
	if m.About != "" {
		if _, err := s.Lookup.PersonState(ctx, m.About); err != nil {
			return err
		}
		if err := s.reveal(ctx, gather().person(m.About)); err != nil {
			return err
		}
		title = t(ctx, words.FeedbackGiveTo, "name", nameOf(ctx, m.About))
	} else {
		colleagues, err := s.colleagues(ctx)
		if err != nil {
			return err
		}
		m.People = colleagues
	}
	if m.Report != "" {
		report, _, err := commands.State(ctx, s.Lookup.Streams, progress.Decider, string(m.Report))
		if err != nil {
			return err
		}
		m.On = report.On
	}
	return s.show(w, r, status, title, givePage(m))
}

// colleagues are the people one usually speaks with: the team, the superior, the unit.
func (s *Site) colleagues(ctx context.Context) ([]option, error) {
	me := caller.From(ctx)
	var ids []domain.PersonID
	superior, err := s.superior(ctx, me.Person)
	if err != nil {
		return nil, err
	}
	if superior != "" {
		ids = append(ids, superior)
	}
	page := projections.Page{Limit: projections.MaxPageRows}
	team, err := directory.Subordinates(ctx, s.Read, s.today(), me.Person, page)
	if err != nil {
		return nil, err
	}
	unit, err := directory.Staff(ctx, s.Read, s.today(), me.Unit, page)
	if err != nil {
		return nil, err
	}
	for _, p := range slices.Concat(team.Items, unit.Items) {
		if p.Person != me.Person && !slices.Contains(ids, p.Person) {
			ids = append(ids, p.Person)
		}
	}
	if err := s.reveal(ctx, gather().person(ids...)); err != nil {
		return nil, err
	}
	options := []option{{"", t(ctx, words.FormChoose)}}
	for _, id := range ids {
		options = append(options, option{string(id), nameOf(ctx, id)})
	}
	slices.SortStableFunc(options[1:], func(a, b option) int {
		if a.Text < b.Text {
			return -1
		}
		return 1
	})
	return options, nil
}

func (s *Site) giveFeedback(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	f, err := readForm(w, r)
	if err != nil {
		return err
	}
	out, err := s.Office.GiveFeedback(ctx, f.ask(ctx), commands.GiveFeedback{About: domain.PersonID(f.get("about")), Tone: feedback.Tone(f.get("tone")),
		Report: domain.ReportID(f.get("report")), Value: domain.Value(f.get("value")), Text: f.get("text")})
	if status, ok := f.refused(r, err); ok {
		return s.showGive(w, r, status, f)
	}
	if err != nil {
		return err
	}
	return s.receipted(w, r, out)
}

// feedbackList is what was said to the caller and by the caller.
func (s *Site) feedbackList(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	me := caller.From(ctx).Person
	given := r.URL.Query().Get("oleh") == "saya"
	page := projections.Page{Cursor: r.URL.Query().Get("cursor")}
	query := personpage.FeedbackAbout
	if given {
		query = personpage.FeedbackBy
	}
	rows, err := query(ctx, s.Read, me, page)
	if err != nil {
		return err
	}
	if err := s.revealFeedback(ctx, rows.Items); err != nil {
		return err
	}
	viewOf(ctx).follow = []string{"inbox_v1"}
	return s.show(w, r, http.StatusOK, t(ctx, words.FeedbackTitle), feedbackPage(rows, given))
}

func (s *Site) revealFeedback(ctx context.Context, items []personpage.Feedback) error {
	g := gather()
	for _, f := range items {
		g.person(f.About, f.By).text(f.Text)
	}
	return s.reveal(ctx, g)
}
