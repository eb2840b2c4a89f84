package commands

import (
	"context"

	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/person"
	"github.com/jejak-kinerja/jejak/domain/plan"
)

// SubmitPlan offers the plan and signs it as employee, in one act.
type SubmitPlan struct {
	Plan domain.PlanID
	// Content is the digest of what the employee saw; empty signs what is there.
	Content string
}

// SubmitPlan carries out the order.
func (o *Office) SubmitPlan(ctx context.Context, ask Ask, in SubmitPlan) (Outcome, error) {
	req := o.request(ask, OwnMatter, "", "submit-plan", string(in.Plan), in.Content)
	return carry(ctx, o, plan.Decider, string(in.Plan), req, func(s plan.State, _ *domain.Meta) (orders[plan.Command], error) {
		_, err := o.needService(ctx, ask.Actor)
		content := in.Content
		if content == "" {
			content = plan.ContentDigest(s.Draft)
		}
		return func(*words) []plan.Command {
			return []plan.Command{
				plan.Submit{By: ask.Actor, Content: content},
				plan.SignAsEmployee{By: ask.Actor, Content: content},
			}
		}, err
	})
}

// ReturnPlan sends a submitted plan back.
type ReturnPlan struct {
	Plan   domain.PlanID
	Reason string
}

// ReturnPlan carries out the order, given by the appraiser.
func (o *Office) ReturnPlan(ctx context.Context, ask Ask, in ReturnPlan) (Outcome, error) {
	req := o.request(ask, "", "", "return-plan", string(in.Plan), in.Reason)
	return carry(ctx, o, plan.Decider, string(in.Plan), req, func(s plan.State, m *domain.Meta) (orders[plan.Command], error) {
		err := o.asAppraiserToday(ctx, ask.Actor, s, m)
		return func(w *words) []plan.Command {
			return []plan.Command{plan.Return{By: ask.Actor, Reason: w.reason(s.Person, in.Reason)}}
		}, err
	})
}

// SignPlan signs a submitted plan, as employee or as appraiser by who asks.
type SignPlan struct {
	Plan domain.PlanID
	// Content is the digest of what the signer saw.
	Content string
}

// SignPlan carries out the order.
func (o *Office) SignPlan(ctx context.Context, ask Ask, in SignPlan) (Outcome, error) {
	req := o.request(ask, OwnMatter, "", "sign-plan", string(in.Plan), in.Content)
	return carry(ctx, o, plan.Decider, string(in.Plan), req, func(s plan.State, m *domain.Meta) (orders[plan.Command], error) {
		if s.Exists() && ask.Actor == s.Person {
			_, err := o.needService(ctx, ask.Actor)
			return func(*words) []plan.Command {
				return []plan.Command{plan.SignAsEmployee{By: ask.Actor, Content: in.Content}}
			}, err
		}
		err := o.asAppraiserToday(ctx, ask.Actor, s, m)
		return func(*words) []plan.Command {
			return []plan.Command{plan.SignAsAppraiser{By: ask.Actor, Content: in.Content}}
		}, err
	})
}

// asAppraiserToday refuses an appraiser whom the reporting line no longer names;
// whether the plan names them is the plan's rule.
func (o *Office) asAppraiserToday(ctx context.Context, actor domain.PersonID, s plan.State, m *domain.Meta) (err error) {
	if !s.Exists() {
		return domain.Missing("plan-unknown", "no such plan")
	}
	m.Authority, err = o.needSuperior(ctx, actor, s.Person, o.today())
	return err
}

// WithdrawSignature opens a new draft of an established plan.
type WithdrawSignature struct {
	Plan   domain.PlanID
	Reason string
}

// WithdrawSignature carries out the order, given by the employee or the appraiser.
func (o *Office) WithdrawSignature(ctx context.Context, ask Ask, in WithdrawSignature) (Outcome, error) {
	req := o.request(ask, OwnMatter, "", "withdraw-signature", string(in.Plan), in.Reason)
	return carry(ctx, o, plan.Decider, string(in.Plan), req, func(s plan.State, m *domain.Meta) (orders[plan.Command], error) {
		var err error
		if ask.Actor == s.Person {
			_, err = o.needService(ctx, ask.Actor)
		} else {
			err = o.asAppraiserToday(ctx, ask.Actor, s, m)
		}
		return func(w *words) []plan.Command {
			return []plan.Command{plan.WithdrawSignature{By: ask.Actor, Reason: w.reason(s.Person, in.Reason)}}
		}, err
	})
}

// ClosePlan ends a plan.
type ClosePlan struct {
	Plan    domain.PlanID
	LastDay domain.Date
	Cause   plan.CloseCause
}

// ClosePlan carries out the order, given by the appraiser or the personnel agency.
func (o *Office) ClosePlan(ctx context.Context, ask Ask, in ClosePlan) (Outcome, error) {
	req := o.request(ask, "", "", "close-plan", string(in.Plan), string(in.LastDay), string(in.Cause))
	return carry(ctx, o, plan.Decider, string(in.Plan), req, func(s plan.State, m *domain.Meta) (orders[plan.Command], error) {
		var err error
		if s.Exists() && ask.Actor == s.Appraiser {
			err = o.asAppraiserToday(ctx, ask.Actor, s, m)
		} else {
			m.Authority, err = o.needRole(ctx, ask.Actor, person.PersonnelAgency)
		}
		return func(*words) []plan.Command {
			return []plan.Command{plan.Close{LastDay: in.LastDay, Cause: in.Cause}}
		}, err
	})
}
