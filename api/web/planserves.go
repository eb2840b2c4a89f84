package web

import (
	"context"
	"strings"

	"github.com/jejak-kinerja/jejak/api/caller"
	"github.com/jejak-kinerja/jejak/api/words"
	"github.com/jejak-kinerja/jejak/commands"
	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/person"
	"github.com/jejak-kinerja/jejak/domain/plan"
	"github.com/jejak-kinerja/jejak/projections/cityhome"
	"github.com/jejak-kinerja/jejak/projections/personpage"
)

// byIndicator marks, in a form, the choice of an indicator of the city.
const byIndicator = "indikator:"

// servedResult is what a result serves, in words.
type servedResult struct {
	Text string
	// Of is whose result it is; empty for an indicator of the city.
	Of domain.PersonID
	// Href is empty when the caller may not open it.
	Href string
}

// servedBy finds the words of everything that a content serves.
func (s *Site) servedBy(ctx context.Context, c plan.Content) (map[plan.Serves]servedResult, error) {
	served := map[plan.Serves]servedResult{}
	var indicators map[domain.IndicatorID]string
	for _, r := range c.Results {
		if _, known := served[r.Serves]; known || r.Serves == (plan.Serves{}) {
			continue
		}
		if r.Serves.Plan != "" {
			found, err := s.servedPlan(ctx, r.Serves)
			if err != nil {
				return nil, err
			}
			served[r.Serves] = found
			continue
		}
		if indicators == nil {
			all, err := cityhome.Indicators(ctx, s.Read)
			if err != nil {
				return nil, err
			}
			indicators = map[domain.IndicatorID]string{}
			for _, i := range all {
				indicators[i.Indicator] = i.Name
			}
		}
		id := r.Serves.Indicator
		served[r.Serves] = servedResult{Text: t(ctx, words.PlanServesIndicator, "name", indicators[id]), Href: "/kota#i-" + string(id)}
	}
	return served, nil
}

func (s *Site) servedPlan(ctx context.Context, serves plan.Serves) (servedResult, error) {
	p, _, err := commands.State(ctx, s.Lookup.Streams, plan.Decider, string(serves.Plan))
	if err != nil {
		return servedResult{}, err
	}
	r, ok := p.Binding().Result(serves.Result)
	if !ok {
		r, ok = p.Draft.Result(serves.Result)
	}
	if !ok {
		return servedResult{Text: t(ctx, words.PlanServesGone)}, nil
	}
	found := servedResult{Text: r.Wording, Of: p.Person}
	sight, err := s.Lookup.MaySee(ctx, caller.From(ctx).Person, p.Person)
	if err == nil && sight == commands.Full {
		found.Href = planHref(serves.Plan) + "#h-" + string(serves.Result)
	}
	return found, err
}

// servable lists what a result of the plan may serve: the appraiser's results, then
// the city's indicators; for leaders the other way round.
func (s *Site) servable(ctx context.Context, p plan.State) ([]option, error) {
	none := []option{{"", t(ctx, words.PlanServesNone)}}
	var results, goals []option
	if p.Appraiser != "" {
		theirs, found, err := personpage.CurrentPlan(ctx, s.Read, p.Appraiser, max(p.Span.From, min(s.today(), p.Span.Until)))
		if err != nil {
			return nil, err
		}
		for _, r := range theirs.Results {
			if found {
				results = append(results, option{servesValue(plan.Serves{Plan: theirs.Plan, Result: r.Result}), t(ctx, words.PlanServesResult, "wording", r.Wording)})
			}
		}
	}
	indicators, err := cityhome.Indicators(ctx, s.Read)
	if err != nil {
		return nil, err
	}
	for _, i := range indicators {
		goals = append(goals, option{byIndicator + string(i.Indicator), t(ctx, words.PlanServesIndicator, "name", i.Name)})
	}
	if p.Leader {
		return append(append(none, goals...), results...), nil
	}
	return append(append(none, results...), goals...), nil
}

// servesValue is the choice in a form; servesOf reads it back.
func servesValue(v plan.Serves) string {
	switch {
	case v.Indicator != "":
		return byIndicator + string(v.Indicator)
	case v.Plan != "":
		return string(v.Plan) + "/" + string(v.Result)
	}
	return ""
}

func servesOf(value string) plan.Serves {
	if id, ok := strings.CutPrefix(value, byIndicator); ok {
		return plan.Serves{Indicator: domain.IndicatorID(id)}
	}
	p, r, _ := strings.Cut(value, "/")
	return plan.Serves{Plan: domain.PlanID(p), Result: domain.ResultID(r)}
}

// lineBehind finds the superior on file when the plan still names another, and the
// caller is one of those who may let it follow.
func (s *Site) lineBehind(ctx context.Context, m *planModel) error {
	employee, err := s.Lookup.PersonState(ctx, m.Person)
	if err != nil {
		return err
	}
	who := caller.From(ctx)
	superior := employee.SuperiorOn(s.today())
	if superior == "" || superior == m.State.Appraiser || superior == m.Person || m.Status == plan.Ended {
		return nil
	}
	if m.Employee || who.Person == superior || who.Has(person.PersonnelAgency) {
		m.NewAppraiser = superior
	}
	return nil
}
