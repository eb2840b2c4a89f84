package web

import (
	"context"
	"net/http"

	"github.com/go-chi/chi/v5"

	"github.com/jejak-kinerja/jejak/api/caller"
	"github.com/jejak-kinerja/jejak/api/words"
	"github.com/jejak-kinerja/jejak/commands"
	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/appraisal"
	"github.com/jejak-kinerja/jejak/domain/plan"
)

// appraisalPages mounts the pages of appraisals.
func (s *Site) appraisalPages(r chi.Router) {
	get := func(path string, h handler) { r.Method(http.MethodGet, path, s.known(h)) }
	post := func(path string, h handler) { r.Method(http.MethodPost, path, s.known(h)) }
	get("/evaluasi", s.appraisalList)
	get("/evaluasi/baru", s.newAppraisal)
	post("/evaluasi/baru", s.openAppraisal)
	get("/evaluasi/{appraisal}", s.appraisalPage)
	get("/evaluasi/{appraisal}/{action}", s.backToAppraisal)
	post("/evaluasi/{appraisal}/{action}", s.actOnAppraisal)
}

// scoreChange is one replaced rating, by whom and when.
type scoreChange struct {
	appraisal.ScoreChanged
	stamp
	By domain.PersonID
}

// appraisalModel is one appraisal with the evidence and what the caller may do.
type appraisalModel struct {
	appraisal.State
	Revision                     int64
	ResultNote, BehaviourNote    domain.Sealed
	ResultRated, BehaviourRated  stamp
	DeliveredAt, ReceivedAt      stamp
	Derived                      stamp
	History                      []scoreChange
	Recorded                     map[domain.ResultID]stamp
	Content                      plan.Content
	PlanYear                     string
	Evidence                     evidenceOf
	Judge, Appraised, UpperJudge bool
	Form                         form
}

// Judging says that the caller is to rate, and has not delivered yet.
func (m appraisalModel) Judging() bool { return m.Judge && !m.Delivered }

// MayChange says whether the caller may replace a rating now.
func (m appraisalModel) MayChange() bool { return m.Judging() || m.Delivered && m.UpperJudge }

// loadAppraisal folds the facts of the appraisal.
func (s *Site) loadAppraisal(ctx context.Context, id string) (m appraisalModel, err error) {
	if err := domain.CheckID("appraisal", id); err != nil {
		return m, domain.Missing("appraisal-unknown", "no such appraisal")
	}
	facts, err := s.Lookup.Streams.Load(ctx, appraisal.Decider.Stream(id))
	if err != nil {
		return m, err
	}
	m.Recorded = map[domain.ResultID]stamp{}
	for _, fact := range facts {
		m.take(fact)
	}
	if !m.Exists() {
		return m, domain.Missing("appraisal-unknown", "no such appraisal")
	}
	m.Revision = int64(len(facts)) - 1
	me := caller.From(ctx).Person
	m.Judge, m.Appraised = me == m.Appraiser, me == m.Person
	if !m.Judge {
		if err := s.maySee(ctx, m.Person); err != nil {
			return m, err
		}
		if !m.Appraised {
			m.UpperJudge, err = s.superiorOf(ctx, m.Appraiser, "")
		}
	}
	return m, err
}

// take moves the model on by one fact, as the state moves.
func (m *appraisalModel) take(fact domain.Recorded) {
	event, ok := fact.Body.(appraisal.Event)
	if !ok {
		return
	}
	m.State = appraisal.Evolve(m.State, event)
	now := stamp{fact.Meta.RecordedAt, fact.Position}
	switch e := event.(type) {
	case appraisal.RealisationRecorded:
		m.Recorded[e.Result] = now
	case appraisal.ResultRated:
		m.ResultNote, m.ResultRated = e.Note, now
	case appraisal.BehaviourRated:
		m.BehaviourNote, m.BehaviourRated = e.Note, now
	case appraisal.PredicateDerived:
		m.Derived = now
	case appraisal.ScoreChanged:
		m.History = append(m.History, scoreChange{e, now, fact.Meta.Actor})
		if e.Dimension == appraisal.OfResult {
			m.ResultRated = now
		} else {
			m.BehaviourRated = now
		}
	case appraisal.Delivered:
		m.DeliveredAt = now
	case appraisal.Received:
		m.ReceivedAt = now
	default:
	}
}

func (s *Site) appraisalPage(w http.ResponseWriter, r *http.Request) error {
	return s.showAppraisal(w, r, http.StatusOK, form{})
}

// backToAppraisal leads from the address of a form to its page.
func (s *Site) backToAppraisal(w http.ResponseWriter, r *http.Request) error {
	http.Redirect(w, r, appraisalHref(domain.AppraisalID(chi.URLParam(r, "appraisal"))), http.StatusSeeOther)
	return nil
}

func (s *Site) showAppraisal(w http.ResponseWriter, r *http.Request, status int, f form) error {
	ctx := r.Context()
	m, err := s.loadAppraisal(ctx, chi.URLParam(r, "appraisal"))
	if err != nil {
		return err
	}
	m.Form = f.seen(m.Revision)
	if m.Plan != "" {
		p, _, err := commands.State(ctx, s.Lookup.Streams, plan.Decider, string(m.Plan))
		if err != nil {
			return err
		}
		m.Content, m.PlanYear = p.Binding(), string(p.Span.From[:4])
	}
	if m.Evidence, err = s.evidenceFor(ctx, m.State); err != nil {
		return err
	}
	g := m.Evidence.gather(gather()).person(m.Person, m.Appraiser).text(m.ResultNote, m.BehaviourNote)
	for _, r := range m.Realisations {
		g.text(r.NoEvidence)
	}
	for _, c := range m.History {
		g.person(c.By).text(c.Reason)
	}
	if err := s.reveal(ctx, g); err != nil {
		return err
	}
	if !m.Judging() {
		viewOf(ctx).follow = []string{appraisal.Decider.Stream(string(m.State.Appraisal))}
	}
	return s.show(w, r, status, appraisalTitle(ctx, m.Kind)+", "+nameOf(ctx, m.Person), appraisalDetail(m))
}

func appraisalTitle(ctx context.Context, k appraisal.Kind) string {
	return t(ctx, words.AppraisalTitle, "kind", label(ctx, "appraisal-kind", k))
}
