package commands

import (
	"context"
	"fmt"
	"slices"

	"github.com/google/uuid"

	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/person"
	"github.com/jejak-kinerja/jejak/domain/plan"
)

// OpenPlan opens the asker's own plan of one year. There is one plan for each
// holding of a post and year, whichever key asks for it.
type OpenPlan struct {
	// Post is the key of an acting post held; empty for the main post.
	Post string
	// Span lies in one year; the zero Span is this year, from the post's first day on.
	Span domain.Span
}

// OpenPlan carries out the order; the outcome's ID is the plan's.
func (o *Office) OpenPlan(ctx context.Context, ask Ask, in OpenPlan) (Outcome, error) {
	actor, err := o.needService(ctx, ask.Actor)
	if err != nil {
		return Outcome{}, err
	}
	post, err := planPost(actor, in.Post, o.today())
	if err != nil {
		return Outcome{}, err
	}
	if in.Span == (domain.Span{}) {
		in.Span = yearIn(post, o.today())
	}
	if err := domain.CheckDate("from", in.Span.From); err != nil {
		return Outcome{}, err
	}
	appraiser := actor.SuperiorOn(o.today())
	if appraiser == ask.Actor {
		appraiser = "" // a slip of the master data blocks nobody
	}
	id := planOf(ask.Actor, post.Key, in.Span.From)
	req := o.request(ask, OwnMatter, "", "open-plan", in.Post, string(in.Span.From), string(in.Span.Until))
	return carry(ctx, o, plan.Decider, string(id), req, func(plan.State, *domain.Meta) (orders[plan.Command], error) {
		return func(*words) []plan.Command {
			return []plan.Command{plan.Open{
				Plan: id, Person: ask.Actor, Appraiser: appraiser, Unit: post.Unit, Post: post.Title,
				Leader: post.Level == person.SeniorLeader, Span: in.Span, Acting: post.Acting,
			}}
		}, nil
	})
}

// planOf derives the plan's id from what makes it unique: person, holding, year.
func planOf(p domain.PersonID, post string, from domain.Date) domain.PlanID {
	seed := fmt.Sprintf("plan\x00%s\x00%s\x00%s", p, post, from[:4])
	return domain.PlanID(uuid.NewSHA1(space, []byte(seed)).String())
}

func planPost(s person.State, key string, on domain.Date) (person.Post, error) {
	if key == "" {
		if post, ok := s.MainPostOn(on); ok {
			return post, nil
		}
		return person.Post{}, domain.Refuse("post-missing", "no main post is on file today")
	}
	i := slices.IndexFunc(s.Posts, func(p person.Post) bool { return p.Key == key && p.Span.Holds(on) })
	if i < 0 {
		return person.Post{}, domain.Missing("post-unknown", "no such post is held today")
	}
	return s.Posts[i], nil
}

func yearIn(post person.Post, today domain.Date) domain.Span {
	year := string(today[:4])
	return domain.Span{
		From:  max(domain.Date(year+"-01-01"), post.Span.From),
		Until: domain.Date(year + "-12-31"),
	}
}

// MaxEdits in one request: a whole plan of forty results is written in a few.
const MaxEdits = 100

// PlanEdit is one change of a plan's content; its By is set to who asks, and an
// AddResult without a Result gets a new id.
type PlanEdit = plan.Edit

// EditPlan changes a plan's content: all edits or none.
func (o *Office) EditPlan(ctx context.Context, ask Ask, id domain.PlanID, edits []PlanEdit) (Outcome, error) {
	if len(edits) == 0 || len(edits) > MaxEdits {
		return Outcome{}, domain.Bad("edits", "edits-count", "send 1 to %d edits", MaxEdits)
	}
	content := []string{"edit-plan", string(id)}
	for _, e := range edits {
		content = append(content, fmt.Sprintf("%#v", e))
	}
	req := o.request(ask, OwnMatter, "", content...)
	return carry(ctx, o, plan.Decider, string(id), req, func(plan.State, *domain.Meta) (orders[plan.Command], error) {
		_, err := o.needService(ctx, ask.Actor)
		return func(*words) []plan.Command { return authored(ask, edits) }, err
	})
}

func authored(ask Ask, edits []PlanEdit) []plan.Command {
	commands := make([]plan.Command, len(edits))
	for n, e := range edits {
		if add, ok := e.(plan.AddResult); ok && add.Result == "" {
			add.Result = domain.ResultID(ask.NewID(fmt.Sprintf("result/%d", n)))
			e = add
		}
		commands[n] = e.Author(ask.Actor)
	}
	return commands
}

// ChangePlanAppraiser lets the plan follow the reporting line.
type ChangePlanAppraiser struct {
	Plan domain.PlanID
	// Appraiser must be the direct superior on file today.
	Appraiser domain.PersonID
}

// ChangePlanAppraiser carries out the order, given by the personnel agency, the
// employee or the new appraiser: nobody waits for somebody else's diligence.
func (o *Office) ChangePlanAppraiser(ctx context.Context, ask Ask, in ChangePlanAppraiser) (Outcome, error) {
	req := o.request(ask, "", "", "change-plan-appraiser", string(in.Plan), string(in.Appraiser))
	return carry(ctx, o, plan.Decider, string(in.Plan), req, func(s plan.State, m *domain.Meta) (orders[plan.Command], error) {
		var err error
		switch {
		case !s.Exists():
			err = domain.Missing("plan-unknown", "no such plan")
		case ask.Actor == s.Person:
			m.Authority = OwnMatter
			_, err = o.needService(ctx, ask.Actor)
		case ask.Actor == in.Appraiser:
			m.Authority = AsSuperior
			_, err = o.needService(ctx, ask.Actor)
		default:
			m.Authority, err = o.needRole(ctx, ask.Actor, person.PersonnelAgency)
		}
		if err != nil {
			return nil, err
		}
		employee, err := o.PersonState(ctx, s.Person)
		if err == nil && employee.SuperiorOn(o.today()) != in.Appraiser {
			err = domain.Forbid("not-the-superior", "the appraiser is the direct superior on file: correct the reporting line first")
		}
		return func(*words) []plan.Command {
			return []plan.Command{plan.ChangeAppraiser{Appraiser: in.Appraiser}}
		}, err
	})
}
