package web

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/go-chi/chi/v5"

	"github.com/jejak-kinerja/jejak/api/caller"
	"github.com/jejak-kinerja/jejak/api/words"
	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/plan"
	"github.com/jejak-kinerja/jejak/projections/directory"
	"github.com/jejak-kinerja/jejak/projections/personpage"
)

// planPages mounts the pages of plans.
func (s *Site) planPages(r chi.Router) {
	get := func(path string, h handler) { r.Method(http.MethodGet, path, s.known(h)) }
	post := func(path string, h handler) { r.Method(http.MethodPost, path, s.known(h)) }
	get("/skp", s.planList)
	post("/skp", s.openPlan)
	get("/skp/baru", s.planList)
	get("/skp/{plan}", s.planPage)
	get("/skp/{plan}/versi/{version}", s.planVersion)
	get("/skp/{plan}/{action}", s.backToPlan)
	post("/skp/{plan}/{action}", s.actOnPlan)
}

// stamp is when something was done, and the number of the fact that says so.
type stamp struct {
	At       time.Time
	Position uint64
}

// planVersionMark is one content that both signed.
type planVersionMark struct {
	stamp
	Version int
	Content string
}

// planModel is one plan with what the caller may do about it.
type planModel struct {
	plan.State
	Revision int64
	UnitName string
	// The stamps of the content on offer; empty until it was submitted or signed.
	Opened, Submitted, EmployeeSigned, AppraiserSigned stamp
	// Reason is why the plan came back, or was reopened when Reopened is set.
	Reason   domain.Sealed
	Reopened bool
	Versions []planVersionMark
	Progress []personpage.Progress
	Served   map[plan.Serves]servedResult
	// Employee owns the plan; Appraiser may sign it today.
	Employee, Appraiser bool
	// NewAppraiser is the superior on file, when the plan names another and the
	// caller may let it follow.
	NewAppraiser domain.PersonID
	// Choices of what a result may serve, for those who write.
	Choices []option
	Form    form
}

// Writable says that the caller may change the content now.
func (m planModel) Writable() bool {
	return m.Employee && m.Status != plan.Valid && m.Status != plan.Ended
}

// Digest binds the content that is shown.
func (m planModel) Digest() string { return plan.ContentDigest(m.Draft) }

// loadPlan folds the facts of the plan.
func (s *Site) loadPlan(ctx context.Context, id string) (m planModel, err error) {
	if err := domain.CheckID("plan", id); err != nil {
		return m, domain.Missing("plan-unknown", "no such plan")
	}
	facts, err := s.Lookup.Streams.Load(ctx, plan.Decider.Stream(id))
	if err != nil {
		return m, err
	}
	for _, fact := range facts {
		m = m.after(fact)
	}
	if !m.Exists() {
		return m, domain.Missing("plan-unknown", "no such plan")
	}
	m.Revision = int64(len(facts)) - 1
	me := caller.From(ctx).Person
	if me != m.State.Appraiser {
		if err := s.maySee(ctx, m.Person); err != nil {
			return m, err
		}
	}
	m.Employee = me == m.Person
	superior, err := s.superiorOf(ctx, m.Person, "")
	m.Appraiser = superior && me == m.State.Appraiser
	return m, err
}

// after moves the model on by one fact, as the state moves.
func (m planModel) after(fact domain.Recorded) planModel {
	event, ok := fact.Body.(plan.Event)
	if !ok {
		return m
	}
	m.State = plan.Evolve(m.State, event)
	now := stamp{fact.Meta.RecordedAt, fact.Position}
	switch e := event.(type) {
	case plan.Opened:
		m.Opened = now
	case plan.Submitted:
		m.Submitted, m.Reason = now, ""
	case plan.SignedByEmployee:
		m.EmployeeSigned = now
	case plan.SignedByAppraiser:
		m.AppraiserSigned = now
	case plan.Returned:
		m.Reason, m.Reopened = e.Reason, false
	case plan.SignatureWithdrawn:
		m.Reason, m.Reopened = e.Reason, true
	case plan.Established:
		m.Versions = append(m.Versions, planVersionMark{now, e.Version, e.Content})
	default:
	}
	if m.State.Submitted == "" {
		m.Submitted = stamp{}
	}
	if m.SignedByEmployee == "" {
		m.EmployeeSigned = stamp{}
	}
	if m.SignedByAppraiser == "" {
		m.AppraiserSigned = stamp{}
	}
	return m
}

func (s *Site) planPage(w http.ResponseWriter, r *http.Request) error {
	return s.showPlan(w, r, http.StatusOK, form{})
}

// backToPlan leads from the address of a form to its page.
func (s *Site) backToPlan(w http.ResponseWriter, r *http.Request) error {
	http.Redirect(w, r, planHref(domain.PlanID(chi.URLParam(r, "plan"))), http.StatusSeeOther)
	return nil
}

func (s *Site) showPlan(w http.ResponseWriter, r *http.Request, status int, f form) error {
	ctx := r.Context()
	m, err := s.loadPlan(ctx, chi.URLParam(r, "plan"))
	if err != nil {
		return err
	}
	m.Form = f.seen(m.Revision)
	if err := s.aroundPlan(ctx, &m); err != nil {
		return err
	}
	g := gather().person(m.Person, m.State.Appraiser, m.NewAppraiser).text(m.Reason)
	for _, served := range m.Served {
		g.person(served.Of)
	}
	if err := s.reveal(ctx, g); err != nil {
		return err
	}
	if !m.Writable() {
		viewOf(ctx).follow = []string{plan.Decider.Stream(string(m.Plan))}
	}
	return s.show(w, r, status, planTitle(ctx, m.State)+", "+nameOf(ctx, m.Person), planDetail(m))
}

// aroundPlan reads what stands in other places: progress, names, what is served.
func (s *Site) aroundPlan(ctx context.Context, m *planModel) (err error) {
	if m.Progress, err = personpage.ProgressOf(ctx, s.Read, m.Plan); err != nil {
		return err
	}
	u, err := directory.FindUnit(ctx, s.Read, s.today(), m.Unit)
	if err != nil && domain.KindOf(err) != domain.NotFound {
		return err
	}
	m.UnitName = u.Name
	if m.Served, err = s.servedBy(ctx, m.Draft); err != nil {
		return err
	}
	if m.Writable() {
		if m.Choices, err = s.servable(ctx, m.State); err != nil {
			return err
		}
	}
	return s.lineBehind(ctx, m)
}

func planTitle(ctx context.Context, p plan.State) string {
	return t(ctx, words.PlanTitle, "year", string(p.Span.From[:4]))
}

// planVersion shows a content as it was when both had signed it.
func (s *Site) planVersion(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	now, err := s.loadPlan(ctx, chi.URLParam(r, "plan"))
	if err != nil {
		return err
	}
	facts, err := s.Lookup.Streams.Load(ctx, plan.Decider.Stream(string(now.Plan)))
	if err != nil {
		return err
	}
	var m planModel
	for _, fact := range facts {
		m = m.after(fact)
		if e, ok := fact.Body.(plan.Established); ok && strconv.Itoa(e.Version) == chi.URLParam(r, "version") {
			if m.Served, err = s.servedBy(ctx, m.Draft); err != nil {
				return err
			}
			if err := s.reveal(ctx, gather().person(m.Person, m.State.Appraiser)); err != nil {
				return err
			}
			return s.show(w, r, http.StatusOK, planTitle(ctx, m.State)+", "+t(ctx, words.PlanVersion, "version", e.Version), planVersionPage(m))
		}
	}
	return domain.Missing("plan-version-unknown", "the plan has no such version")
}
