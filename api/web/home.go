package web

import (
	"context"
	"net/http"
	"slices"

	"github.com/jejak-kinerja/jejak/api/caller"
	"github.com/jejak-kinerja/jejak/api/words"
	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/person"
	"github.com/jejak-kinerja/jejak/projections"
	"github.com/jejak-kinerja/jejak/projections/audittrail"
	"github.com/jejak-kinerja/jejak/projections/cityhome"
	"github.com/jejak-kinerja/jejak/projections/directory"
	"github.com/jejak-kinerja/jejak/projections/inbox"
	"github.com/jejak-kinerja/jejak/projections/personpage"
)

const (
	// homeItems, homeRecent and homeFacts are how much of each list the home shows:
	// one screen of a phone for what waits, a glance for the rest.
	homeItems  = 6
	homeRecent = 3
	homeFacts  = 10
)

// homeModel is one's own first page. Parts that do not concern the caller are empty.
type homeModel struct {
	Items      []inbox.Item
	Reports    []personpage.Report
	More       bool
	Plan       planProgress
	Mine       []personpage.Report
	Feedback   []personpage.Feedback
	Team       []teamMember
	Exceptions []directory.Person
	Keeper     bool
	Facts      []audittrail.Entry
	City       *cityModel
	SilentDays int
	Writes     bool
}

// teamMember is one of the people whose direct superior the caller is.
type teamMember struct {
	directory.Person
	// Silent says that there was no feedback for too long; Last when there was any.
	Silent bool
	Last   domain.Date
	// Waiting reports have no answer yet.
	Waiting int
}

// start is the city's page for the public and one's own home after the login.
func (s *Site) start(w http.ResponseWriter, r *http.Request) error {
	who := caller.From(r.Context())
	if !who.Known() {
		return s.city(w, r)
	}
	ctx := r.Context()
	m, err := s.homeModel(ctx, who)
	if err != nil {
		return err
	}
	viewOf(ctx).follow = []string{"inbox_v1", "personpage_v1"}
	return s.show(w, r, http.StatusOK, t(ctx, words.NavHome), homePage(m))
}

func (s *Site) homeModel(ctx context.Context, who caller.Caller) (m homeModel, err error) {
	var next string
	if m.Items, m.Reports, next, err = s.waiting(ctx, who.Person, projections.Page{}); err != nil {
		return m, err
	}
	m.Team, err = s.team(ctx, who.Person, m.Reports)
	if err != nil {
		return m, err
	}
	m.More = next != "" || len(m.Items) > homeItems || len(m.Reports) > homeItems
	m.Items, m.Reports = m.Items[:min(homeItems, len(m.Items))], m.Reports[:min(homeItems, len(m.Reports))]
	m.Writes = !who.Has(person.Inspectorate)
	if m.SilentDays, err = s.silentDays(ctx); err != nil {
		return m, err
	}
	for _, load := range []func(context.Context, caller.Caller, *homeModel) error{s.homeOwn, s.homeKeeper, s.homeAuditor, s.homeLeader} {
		if err := load(ctx, who, &m); err != nil {
			return m, err
		}
	}
	return m, nil
}

// homeOwn loads one's own work.
func (s *Site) homeOwn(ctx context.Context, who caller.Caller, m *homeModel) (err error) {
	if !m.Writes {
		return nil
	}
	if m.Plan, err = s.planProgress(ctx, who.Person); err != nil {
		return err
	}
	page := projections.Page{Limit: homeRecent}
	reports, err := personpage.Reports(ctx, s.Read, who.Person, page)
	if err != nil {
		return err
	}
	feedback, err := personpage.FeedbackAbout(ctx, s.Read, who.Person, page)
	if err != nil {
		return err
	}
	m.Mine, m.Feedback = reports.Items, feedback.Items
	g := gather()
	for _, r := range m.Mine {
		g.text(r.Text)
	}
	if err := s.reveal(ctx, g); err != nil {
		return err
	}
	return s.revealFeedback(ctx, m.Feedback)
}

// homeKeeper loads what the keeper of personnel data must look at.
func (s *Site) homeKeeper(ctx context.Context, who caller.Caller, m *homeModel) error {
	if m.Keeper = who.Has(person.PersonnelAgency); !m.Keeper {
		return nil
	}
	rows, err := directory.Exceptions(ctx, s.Read, s.today(), projections.Page{})
	if err != nil {
		return err
	}
	m.Exceptions = rows.Items
	g := gather()
	for _, p := range m.Exceptions {
		g.person(p.Person)
	}
	return s.reveal(ctx, g)
}

// homeAuditor loads the newest facts of the ledger.
func (s *Site) homeAuditor(ctx context.Context, who caller.Caller, m *homeModel) error {
	if !who.Has(person.Inspectorate) {
		return nil
	}
	rows, err := audittrail.List(ctx, s.Read, projections.Trail{}, audittrail.NewestFirst, projections.Page{Limit: homeFacts})
	if err != nil {
		return err
	}
	m.Facts = rows.Items
	return s.revealEntries(ctx, m.Facts)
}

// homeLeader loads the city's figures for those who answer for the city.
func (s *Site) homeLeader(ctx context.Context, who caller.Caller, m *homeModel) error {
	answers := []person.Role{person.CityLeadership, person.PerformanceOffice, person.PersonnelAgency, person.Inspectorate}
	if !slices.ContainsFunc(answers, who.Has) {
		return nil
	}
	city, err := s.cityModel(ctx)
	m.City = &city
	return err
}

// team gives the people under the caller, with who is silent and whose reports wait.
func (s *Site) team(ctx context.Context, me domain.PersonID, waiting []personpage.Report) ([]teamMember, error) {
	rows, err := directory.Subordinates(ctx, s.Read, s.today(), me, projections.Page{Limit: projections.MaxPageRows})
	if err != nil || len(rows.Items) == 0 {
		return nil, err
	}
	days, err := s.silentDays(ctx)
	if err != nil {
		return nil, err
	}
	silent := map[domain.PersonID]cityhome.Silent{}
	units := map[domain.UnitID]bool{}
	g := gather()
	for _, p := range rows.Items {
		g.person(p.Person)
		if p.Unit == "" || units[p.Unit] {
			continue
		}
		units[p.Unit] = true
		list, err := cityhome.SilentStaff(ctx, s.Read, s.today(), days, p.Unit, projections.Page{Limit: projections.MaxPageRows})
		if err != nil {
			return nil, err
		}
		for _, q := range list.Items {
			silent[q.Person] = q
		}
	}
	var team []teamMember
	for _, p := range rows.Items {
		member := teamMember{Person: p}
		if q, ok := silent[p.Person]; ok {
			member.Silent, member.Last = true, q.Last
		}
		for _, report := range waiting {
			if report.Person == p.Person {
				member.Waiting++
			}
		}
		team = append(team, member)
	}
	return team, s.reveal(ctx, g)
}

func (s *Site) teamPage(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	me := caller.From(ctx).Person
	_, reports, _, err := s.waiting(ctx, me, projections.Page{Limit: projections.MaxPageRows})
	if err != nil {
		return err
	}
	team, err := s.team(ctx, me, reports)
	if err != nil {
		return err
	}
	days, err := s.silentDays(ctx)
	if err != nil {
		return err
	}
	viewOf(ctx).follow = []string{"inbox_v1"}
	return s.show(w, r, http.StatusOK, t(ctx, words.HomeTeam), teamList(team, days))
}
