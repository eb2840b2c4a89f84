package demo

import (
	"context"
	"fmt"
	"time"

	"github.com/jejak-kinerja/jejak/commands"
	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/plan"
)

// result is a result of one's plan and the duty it was made from.
type result struct {
	id domain.ResultID
	duty
}

// How many of a hundred plans take a turn.
const (
	returnedPercent  = 8
	unsignedPercent  = 3
	reopenedPercent  = 2
	minResults       = 2
	dialogueFirstDay = 5
)

// openPlan opens the year's plan; others link to it afterwards.
func (c *city) openPlan(ctx context.Context, m member) error {
	t := c.workday(rngOf(c.options.Seed+1, m.index), c.year(), time.January, dialogueFirstDay)
	if !c.past(t) {
		return nil
	}
	out, err := c.at(t).OpenPlan(ctx, c.ask(m.id, "plan", m.index), commands.OpenPlan{})
	if err != nil {
		return fmt.Errorf("open the plan of invented person %d: %w", m.index, err)
	}
	c.plans[m.index] = domain.PlanID(out.ID())
	return nil
}

// agree writes the plan, submits it and has it signed.
func (l *life) agree(ctx context.Context) error {
	if l.plan == "" {
		return nil
	}
	t := l.workday(l.rng, l.year(), time.January, dialogueFirstDay+2+l.rng.IntN(6))
	if !l.past(t) {
		return nil
	}
	if _, err := l.at(t).EditPlan(ctx, l.ask(l.id, "content", l.index), l.plan, l.content()); err != nil {
		return err
	}
	if t = l.later(l.rng, t, 1); !l.past(t) {
		return nil
	}
	return l.sign(ctx, t)
}

// content is two or three results of the unit's theme, each with its indicator,
// in the service of the superior's results.
func (l *life) content() []commands.PlanEdit {
	duties := themeOf(string(l.unit), l.leader())
	count := min(len(duties), minResults+l.rng.IntN(2))
	var edits []commands.PlanEdit
	for k, d := range duties[:count] {
		id := domain.ResultID(idOf(l.options.Seed, "result", l.index, k))
		l.results = append(l.results, result{id, d})
		edits = append(edits,
			plan.AddResult{Result: id, Kind: plan.Main, Wording: d.result, Serves: l.serves(k)},
			plan.SetIndicator{Result: id, Key: "i1", Wording: d.indicator, Aspect: d.aspect, Target: domain.Whole(d.target), Measure: d.measure})
	}
	value := pick(l.rng, domain.Values)
	return append(edits, plan.ExpectBehaviour{Value: value, Expectation: "Menjadi contoh bagi rekan kerja dalam melayani"})
}

// serves links to the superior's result of the same rank.
func (l *life) serves(k int) plan.Serves {
	if l.member.superior == none || l.plans[l.member.superior] == "" {
		return plan.Serves{}
	}
	above := l.members[l.member.superior]
	k %= minResults // everybody has that many
	return plan.Serves{Plan: l.plans[above.index], Result: domain.ResultID(idOf(l.options.Seed, "result", above.index, k))}
}

// sign goes from submission to establishment, for some with a detour.
func (l *life) sign(ctx context.Context, t time.Time) error {
	submit := func(n int) error {
		_, err := l.at(t).SubmitPlan(ctx, l.ask(l.id, "submit", l.index, n), commands.SubmitPlan{Plan: l.plan})
		return err
	}
	if err := submit(0); err != nil || l.superior == "" {
		return err
	}
	if t = l.later(l.rng, t, 1+l.rng.IntN(4)); !l.past(t) || l.chance(unsignedPercent) {
		return nil
	}
	if l.chance(returnedPercent) {
		in := commands.ReturnPlan{Plan: l.plan, Reason: pick(l.rng, returns)}
		if _, err := l.at(t).ReturnPlan(ctx, l.ask(l.superior, "return", l.index), in); err != nil {
			return err
		}
		if t = l.later(l.rng, t, 2); !l.past(t) {
			return nil
		}
		if err := submit(1); err != nil {
			return err
		}
		if t = l.later(l.rng, t, 1); !l.past(t) {
			return nil
		}
	}
	if err := l.countersign(ctx, t, 0); err != nil {
		return err
	}
	t = l.workday(l.rng, l.year(), time.July, 6+l.rng.IntN(10))
	if !l.chance(reopenedPercent) || !l.past(l.later(l.rng, t, 8)) {
		return nil
	}
	return l.reopen(ctx, t)
}

// reopen changes an established plan in the middle of the year.
func (l *life) reopen(ctx context.Context, t time.Time) error {
	in := commands.WithdrawSignature{Plan: l.plan, Reason: pick(l.rng, withdrawals)}
	if _, err := l.at(t).WithdrawSignature(ctx, l.ask(l.id, "withdraw", l.index), in); err != nil {
		return err
	}
	first := l.results[0]
	t = l.later(l.rng, t, 2)
	edit := plan.SetIndicator{Result: first.id, Key: "i1", Wording: first.indicator, Aspect: first.aspect,
		Target: domain.Whole(first.target + first.target/10), Measure: first.measure}
	if _, err := l.at(t).EditPlan(ctx, l.ask(l.id, "amend", l.index), l.plan, []commands.PlanEdit{edit}); err != nil {
		return err
	}
	if _, err := l.at(t).SubmitPlan(ctx, l.ask(l.id, "submit", l.index, 2), commands.SubmitPlan{Plan: l.plan}); err != nil {
		return err
	}
	return l.countersign(ctx, l.later(l.rng, t, 3), 1)
}

// countersign is the appraiser's signature on what the employee signed.
func (l *life) countersign(ctx context.Context, t time.Time, n int) error {
	office, ask := l.at(t), l.ask(l.superior, "sign", l.index, n)
	history, err := office.Store.Load(ctx, plan.Decider.Stream(string(l.plan)))
	if err != nil {
		return err
	}
	content := ""
	for _, r := range history {
		if r.Meta.Command == ask.Key {
			return nil // an earlier run came this far
		}
		if signed, ok := r.Body.(plan.SignedByEmployee); ok {
			content = signed.Content
		}
	}
	_, err = office.SignPlan(ctx, ask, commands.SignPlan{Plan: l.plan, Content: content})
	return err
}
