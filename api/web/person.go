package web

import (
	"net/http"

	"github.com/go-chi/chi/v5"

	"github.com/jejak-kinerja/jejak/api/caller"
	"github.com/jejak-kinerja/jejak/commands"
	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/projections"
	"github.com/jejak-kinerja/jejak/projections/audittrail"
	"github.com/jejak-kinerja/jejak/projections/directory"
	"github.com/jejak-kinerja/jejak/projections/personpage"
)

// personModel is one person, as far as the caller may see.
type personModel struct {
	directory.Person
	Full       bool
	Self       bool
	Superior   bool // the caller is the direct superior
	Plan       planProgress
	Plans      []personpage.Plan
	Reports    projections.Rows[personpage.Report]
	Feedback   []personpage.Feedback
	Appraisals []personpage.Appraisal
	Latest     []audittrail.Entry
	Posts      []directory.Post
	Lines      []directory.Line
	// Known says that somebody is signed in.
	Known bool
}

const (
	// personReports, personFeedback and latestFacts are how much of each list the
	// page shows: what a talk about work needs; the rest is one step away.
	personReports  = 8
	personFeedback = 4
	latestFacts    = 6
)

func (s *Site) personPages(r chi.Router) {
	r.Method(http.MethodGet, "/pegawai/{person}", s.page(s.person))
	r.Method(http.MethodGet, "/pegawai/{person}/linimasa", s.known(s.timeline))
}

func (s *Site) person(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	id := domain.PersonID(chi.URLParam(r, "person"))
	sight, err := s.Lookup.MaySee(ctx, caller.From(ctx).Person, id)
	if err != nil {
		return err
	}
	m := personModel{Full: sight == commands.Full, Self: caller.From(ctx).Person == id, Known: caller.From(ctx).Known()}
	if m.Person, err = directory.FindPerson(ctx, s.Read, s.today(), id); err != nil {
		return err
	}
	m.Superior = m.Known && !m.Self && m.Person.Superior == caller.From(ctx).Person
	g := gather().person(id, m.Person.Superior)
	if m.Full {
		if err := s.wholePerson(r, &m, g); err != nil {
			return err
		}
	}
	if err := s.reveal(ctx, g); err != nil {
		return err
	}
	viewOf(ctx).follow = []string{"personpage_v1"}
	return s.show(w, r, http.StatusOK, nameOf(ctx, id), personPage(m))
}

func (s *Site) wholePerson(r *http.Request, m *personModel, g *gathering) (err error) {
	ctx, id := r.Context(), m.Person.Person
	if m.Plan, err = s.planProgress(ctx, id); err != nil {
		return err
	}
	if m.Plans, err = personpage.Plans(ctx, s.Read, id); err != nil {
		return err
	}
	if m.Reports, err = personpage.Reports(ctx, s.Read, id, projections.Page{Cursor: r.URL.Query().Get("cursor"), Limit: personReports}); err != nil {
		return err
	}
	feedback, err := personpage.FeedbackAbout(ctx, s.Read, id, projections.Page{Limit: personFeedback})
	if err != nil {
		return err
	}
	m.Feedback = feedback.Items
	if m.Appraisals, err = personpage.Appraisals(ctx, s.Read, id); err != nil {
		return err
	}
	latest, err := audittrail.Timeline(ctx, s.Read, id, nil, projections.Page{Limit: latestFacts})
	if err != nil {
		return err
	}
	m.Latest = latest.Items
	if m.Posts, err = directory.Posts(ctx, s.Read, id); err != nil {
		return err
	}
	if m.Lines, err = directory.Lines(ctx, s.Read, id); err != nil {
		return err
	}
	for _, e := range m.Latest {
		g.person(e.Actor).text(e.Reason)
	}
	for _, l := range m.Lines {
		g.person(l.Superior)
	}
	for _, report := range m.Reports.Items {
		g.person(report.Person).text(report.Text)
	}
	for _, f := range m.Feedback {
		g.person(f.By).text(f.Text)
	}
	for _, a := range m.Appraisals {
		g.person(a.Appraiser)
	}
	return nil
}
