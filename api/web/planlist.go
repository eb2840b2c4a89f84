package web

import (
	"context"
	"net/http"
	"slices"

	"github.com/jejak-kinerja/jejak/api/caller"
	"github.com/jejak-kinerja/jejak/api/words"
	"github.com/jejak-kinerja/jejak/commands"
	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/projections"
	"github.com/jejak-kinerja/jejak/projections/directory"
	"github.com/jejak-kinerja/jejak/projections/personpage"
)

// planListModel is one's own plans and those of the people one leads.
type planListModel struct {
	Mine []personpage.Plan
	// Posts have no plan this year yet.
	Posts []option
	Team  []member
	Next  string
	Form  form
}

// member is one of the people led, with the plan of today and the latest appraisal.
type member struct {
	directory.Person
	Plan      personpage.Plan
	Planned   bool
	Appraisal personpage.Appraisal
	Appraised bool
}

func (s *Site) planList(w http.ResponseWriter, r *http.Request) error {
	return s.showPlanList(w, r, http.StatusOK, form{})
}

func (s *Site) showPlanList(w http.ResponseWriter, r *http.Request, status int, f form) error {
	ctx := r.Context()
	m := planListModel{Form: f}
	var err error
	if m.Mine, err = personpage.Plans(ctx, s.Read, caller.From(ctx).Person); err != nil {
		return err
	}
	if m.Posts, err = s.postsToPlan(ctx, m.Mine); err != nil {
		return err
	}
	if m.Team, m.Next, err = s.led(ctx, r.URL.Query().Get("cursor"), (*Site).withPlan); err != nil {
		return err
	}
	return s.show(w, r, status, t(ctx, words.PlanList), planListPage(m))
}

// postsToPlan lists the posts held today without a plan this year.
func (s *Site) postsToPlan(ctx context.Context, plans []personpage.Plan) ([]option, error) {
	p, err := s.Lookup.PersonState(ctx, caller.From(ctx).Person)
	if err != nil {
		return nil, err
	}
	var posts []option
	for _, post := range p.Posts {
		planned := slices.ContainsFunc(plans, func(x personpage.Plan) bool {
			return x.Unit == post.Unit && x.Post == post.Title && x.Acting == post.Acting && x.From[:4] == s.today()[:4]
		})
		if planned || !post.Span.Holds(s.today()) {
			continue
		}
		key := post.Key
		if post.Acting == "" {
			key = ""
		}
		posts = append(posts, option{key, post.Title})
	}
	return posts, nil
}

// led lists the people that the caller leads today, each completed by with.
func (s *Site) led(ctx context.Context, cursor string, with func(*Site, context.Context, *member) error) ([]member, string, error) {
	led, err := directory.Subordinates(ctx, s.Read, s.today(), caller.From(ctx).Person, projections.Page{Cursor: cursor})
	if err != nil {
		return nil, "", err
	}
	g := gather()
	members := make([]member, len(led.Items))
	for i, p := range led.Items {
		members[i].Person = p
		if err := with(s, ctx, &members[i]); err != nil {
			return nil, "", err
		}
		g.person(p.Person)
	}
	return members, led.Next, s.reveal(ctx, g)
}

func (s *Site) withPlan(ctx context.Context, m *member) (err error) {
	m.Plan, m.Planned, err = personpage.CurrentPlan(ctx, s.Read, m.Person.Person, s.today())
	return err
}

// openPlan opens one's own plan and leads to it.
func (s *Site) openPlan(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(w, r)
	if err != nil {
		return err
	}
	out, err := s.Office.OpenPlan(r.Context(), f.ask(r.Context()), commands.OpenPlan{Post: f.get("post")})
	if status, ok := f.refused(r, err); ok {
		return s.showPlanList(w, r, status, f)
	}
	if err != nil {
		return err
	}
	return s.sent(w, r, planHref(domain.PlanID(out.ID())), out)
}
