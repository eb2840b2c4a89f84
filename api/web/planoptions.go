package web

import (
	"slices"

	"github.com/jejak-kinerja/jejak/api/words"
	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/plan"
)

// aspectTitle is what the official form calls the column: leaders have perspectives.
func aspectTitle(p plan.State) words.Key {
	if p.Leader {
		return words.PlanPerspective
	}
	return words.PlanAspect
}

// withPresent keeps, among the choices, what the result serves now, though it may
// no longer be offered: saving a wording must not cut the link.
func withPresent(m planModel, r plan.Result) []option {
	now := servesValue(r.Serves)
	if slices.ContainsFunc(m.Choices, func(o option) bool { return o.Value == now }) {
		return m.Choices
	}
	return append(slices.Clone(m.Choices), option{now, m.Served[r.Serves].Text})
}

// expectedNow fills the form of expectations: value and text in turn.
func expectedNow(c plan.Content) []string {
	var known []string
	for _, v := range domain.Values {
		known = append(known, string(v), c.Expected(v))
	}
	return known
}
