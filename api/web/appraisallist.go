package web

import (
	"context"
	"fmt"
	"net/http"

	"github.com/jejak-kinerja/jejak/api/caller"
	"github.com/jejak-kinerja/jejak/api/words"
	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/projections/personpage"
)

// appraisalListModel is one's own appraisals and those of the people one leads.
type appraisalListModel struct {
	Mine []personpage.Appraisal
	Team []member
	Next string
}

func (s *Site) appraisalList(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	var m appraisalListModel
	var err error
	if m.Mine, err = personpage.Appraisals(ctx, s.Read, caller.From(ctx).Person); err != nil {
		return err
	}
	if m.Team, m.Next, err = s.led(ctx, r.URL.Query().Get("cursor"), (*Site).withAppraisal); err != nil {
		return err
	}
	return s.show(w, r, http.StatusOK, t(ctx, words.AppraisalList), appraisalListPage(m))
}

func (s *Site) withAppraisal(ctx context.Context, m *member) error {
	all, err := personpage.Appraisals(ctx, s.Read, m.Person.Person)
	if len(all) > 0 {
		m.Appraisal, m.Appraised = all[0], true
	}
	return err
}

// newAppraisalModel is what the form of a new appraisal offers.
type newAppraisalModel struct {
	Form   form
	Person domain.PersonID
	Plans  []option
}

func (s *Site) showNewAppraisal(w http.ResponseWriter, r *http.Request, status int, f form) error {
	ctx := r.Context()
	m := newAppraisalModel{Form: f, Person: domain.PersonID(f.get("person"))}
	if err := domain.CheckID("person", string(m.Person)); err != nil {
		return domain.Missing("person-unknown", "no such person")
	}
	superior, err := s.superiorOf(ctx, m.Person, domain.Date(f.get("until")))
	if err != nil {
		return err
	}
	if !superior {
		return domain.Forbid("not-the-superior", "only the direct superior may do this")
	}
	plans, err := personpage.Plans(ctx, s.Read, m.Person)
	if err != nil {
		return err
	}
	for _, p := range plans {
		if p.Version > 0 {
			m.Plans = append(m.Plans, option{string(p.Plan), t(ctx, words.PlanTitle, "year", string(p.From[:4])) + ", " + p.Post})
		}
	}
	if f.Problem == nil && len(m.Plans) > 0 {
		f.Values.Set("plan", m.Plans[0].Value)
	}
	m.Plans = append(m.Plans, option{"", t(ctx, words.AppraisalNoPlan)})
	if err := s.reveal(ctx, gather().person(m.Person)); err != nil {
		return err
	}
	return s.show(w, r, status, t(ctx, words.AppraisalOpenTitle, "name", nameOf(ctx, m.Person)), newAppraisalPage(m))
}

// lastQuarter is the quarter that ended before the day.
func lastQuarter(on domain.Date) (from, until domain.Date) {
	at := on.Time()
	quarter := (int(at.Month()) - 1) / 3
	first := domain.Date(fmt.Sprintf("%04d-%02d-01", at.Year(), quarter*3+1))
	until = first.AddDays(-1)
	month := int(until.Time().Month()) - 2
	return domain.Date(fmt.Sprintf("%04d-%02d-01", until.Time().Year(), month)), until
}
