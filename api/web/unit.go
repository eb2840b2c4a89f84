package web

import (
	"context"
	"net/http"
	"slices"

	"github.com/go-chi/chi/v5"

	"github.com/jejak-kinerja/jejak/api/caller"
	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/appraisal"
	"github.com/jejak-kinerja/jejak/domain/person"
	"github.com/jejak-kinerja/jejak/domain/plan"
	"github.com/jejak-kinerja/jejak/projections"
	"github.com/jejak-kinerja/jejak/projections/directory"
	"github.com/jejak-kinerja/jejak/projections/unitpage"
)

const (
	// unitWeeks is how many weeks a unit's page looks back: a quarter.
	unitWeeks = 13
	// unitListed is how many silent people and waiting reports the page names; the
	// figure beside them leads to all.
	unitListed = 8
	// unitStaff is how many people one page of the staff lists.
	unitStaff = 50
)

// unitModel is one unit. What is about people is for those who answer for them.
type unitModel struct {
	directory.Unit
	Parent directory.Unit
	Parts  []directory.Unit
	// Known says that the caller is signed in; Details that the unit's figures about
	// people are open, People that names are too.
	Known, Details, People bool
	Counts                 []unitpage.StaffCount
	Staff                  projections.Rows[directory.Person]
	Year                   string
	Plans                  []unitpage.PlanCount
	Kind                   appraisal.Kind
	Predicates             []unitpage.PredicateCount
	Weeks                  []unitpage.Week
	Silent                 unitpage.SilentCount
	SilentStaff            []unitpage.Silent
	Waiting                unitpage.WaitingCount
	WaitingReports         []unitpage.Waiting
}

func (s *Site) unitPages(r chi.Router) {
	r.Method(http.MethodGet, "/unit", s.page(s.units))
	r.Method(http.MethodGet, "/unit/{unit}", s.page(s.unit))
}

func (s *Site) unit(w http.ResponseWriter, r *http.Request) error {
	ctx, on := r.Context(), s.today()
	u, err := directory.FindUnit(ctx, s.Read, on, domain.UnitID(chi.URLParam(r, "unit")))
	if err != nil {
		return err
	}
	m := unitModel{Unit: u, Year: string(on[:4]), Known: caller.From(ctx).Known()}
	units, err := directory.Units(ctx, s.Read, on)
	if err != nil {
		return err
	}
	for _, other := range units {
		if other.Parent == u.Unit && other.Unit != u.Unit {
			m.Parts = append(m.Parts, other)
		}
		if other.Unit == u.Parent {
			m.Parent = other
		}
	}
	g := gather().person(u.Head)
	for _, part := range m.Parts {
		g.person(part.Head)
	}
	if m.Known {
		if err := s.unitInside(r, &m, g); err != nil {
			return err
		}
	}
	if err := s.reveal(ctx, g); err != nil {
		return err
	}
	viewOf(ctx).follow = []string{unitpage.Name}
	return s.show(w, r, http.StatusOK, u.Name, unitPage(m))
}

// unitInside loads what those in the house see.
func (s *Site) unitInside(r *http.Request, m *unitModel, g *gathering) (err error) {
	ctx, id, on := r.Context(), m.Unit.Unit, s.today()
	if m.Counts, err = unitpage.StaffCounts(ctx, s.Read, on, id); err != nil {
		return err
	}
	if m.Weeks, err = unitpage.Weeks(ctx, s.Read, id, on, unitWeeks); err != nil {
		return err
	}
	if m.Staff, err = directory.Staff(ctx, s.Read, on, id, projections.Page{Cursor: r.URL.Query().Get("cursor"), Limit: unitStaff}); err != nil {
		return err
	}
	for _, p := range m.Staff.Items {
		g.person(p.Person)
	}
	if m.People, err = s.leadsUnit(ctx, id); err != nil {
		return err
	}
	m.Details = m.People || caller.From(ctx).Has(person.PerformanceOffice)
	if !m.Details {
		return nil
	}
	if err := s.unitWork(ctx, m); err != nil || !m.People {
		return err
	}
	return s.unitPeople(ctx, m, g)
}

// unitWork loads how far the unit's work is.
func (s *Site) unitWork(ctx context.Context, m *unitModel) (err error) {
	id, on := m.Unit.Unit, s.today()
	if m.Plans, err = unitpage.Plans(ctx, s.Read, id, m.Year); err != nil {
		return err
	}
	slices.SortFunc(m.Plans, func(a, b unitpage.PlanCount) int {
		return slices.Index(plan.Statuses, a.Status) - slices.Index(plan.Statuses, b.Status)
	})
	all, err := unitpage.Predicates(ctx, s.Read, id, m.Year)
	if err != nil {
		return err
	}
	for _, m.Kind = range []appraisal.Kind{appraisal.Annual, appraisal.Periodic} {
		m.Predicates = slices.DeleteFunc(slices.Clone(all), func(c unitpage.PredicateCount) bool { return c.Kind != m.Kind })
		if len(m.Predicates) > 0 {
			break
		}
	}
	days, err := s.silentDays(ctx)
	if err != nil {
		return err
	}
	if m.Silent, err = unitpage.CountSilent(ctx, s.Read, on, days, id); err != nil {
		return err
	}
	m.Waiting, err = unitpage.CountWaiting(ctx, s.Read, id)
	return err
}

// unitPeople loads who has had no feedback and whose reports wait.
func (s *Site) unitPeople(ctx context.Context, m *unitModel, g *gathering) error {
	page := projections.Page{Limit: unitListed}
	silent, err := unitpage.SilentStaff(ctx, s.Read, s.today(), m.Silent.Days, m.Unit.Unit, page)
	if err != nil {
		return err
	}
	waiting, err := unitpage.WaitingReports(ctx, s.Read, m.Unit.Unit, page)
	if err != nil {
		return err
	}
	m.SilentStaff, m.WaitingReports = silent.Items, waiting.Items
	for _, p := range m.SilentStaff {
		g.person(p.Person)
	}
	for _, w := range m.WaitingReports {
		g.person(w.Person, w.Superior)
	}
	return nil
}

// unitDetails says whether the figures about a unit's people are open to the caller.
func (s *Site) unitDetails(ctx context.Context, id domain.UnitID) (bool, error) {
	if caller.From(ctx).Has(person.PerformanceOffice) {
		return true, nil
	}
	return s.leadsUnit(ctx, id)
}

// leadsUnit says whether the caller answers for the people of a unit: by role, or
// as head of it or of a unit above it, definitive or acting.
func (s *Site) leadsUnit(ctx context.Context, id domain.UnitID) (bool, error) {
	who := caller.From(ctx)
	if seesAll(who) {
		return true, nil
	}
	for range maxDepth {
		u, err := s.Lookup.UnitState(ctx, id)
		if domain.KindOf(err) == domain.NotFound {
			return false, nil
		}
		if err != nil || u.Leads(who.Person, s.today()) {
			return err == nil, err
		}
		if id = u.Parent; id == "" {
			break
		}
	}
	return false, nil
}
