package unit

import (
	"slices"

	"github.com/jejak-kinerja/jejak/domain"
)

// Naming is the unit's name from a day on.
type Naming struct {
	Name string
	From domain.Date
}

// Head is one mandate to lead the unit: definitive, plt or plh.
type Head struct {
	Person   domain.PersonID
	Capacity domain.Capacity
	Span     domain.Span
}

// State is what the facts say about one unit.
type State struct {
	Unit    domain.UnitID
	Code    string
	Kind    Kind
	Parent  domain.UnitID
	From    domain.Date
	Origin  string
	Names   []Naming
	Aliases []string
	Heads   []Head
	LastDay domain.Date
}

// Exists says whether the unit was established.
func (s State) Exists() bool { return s.Unit != "" }

// Closed says whether the unit's end is on file.
func (s State) Closed() bool { return s.LastDay != "" }

// NameOn gives the name on a day; empty before the first.
func (s State) NameOn(d domain.Date) string {
	var name string
	var since domain.Date
	for _, n := range s.Names {
		if n.From <= d && n.From >= since {
			name, since = n.Name, n.From
		}
	}
	return name
}

// HeadOn says who leads the unit on a day and in which capacity: whoever acts,
// before the definitive head; of several the one named last. False when the post
// is vacant and nobody acts, and after the unit's last day.
func (s State) HeadOn(d domain.Date) (Head, bool) {
	if s.Closed() && d > s.LastDay {
		return Head{}, false
	}
	var definitive Head
	for _, h := range slices.Backward(s.Heads) {
		switch {
		case !h.Span.Holds(d):
			continue
		case h.Capacity != domain.Definitive:
			return h, true
		case definitive.Person == "":
			definitive = h
		}
	}
	return definitive, definitive.Person != ""
}

// Leads says whether a person heads the unit on a day, in any capacity: the holder
// too while somebody acts for them.
func (s State) Leads(p domain.PersonID, d domain.Date) bool {
	if s.Closed() && d > s.LastDay {
		return false
	}
	return slices.ContainsFunc(s.Heads, func(h Head) bool { return h.Person == p && h.Span.Holds(d) })
}

// Evolve moves the state on by one fact.
func Evolve(s State, event Event) State {
	switch e := event.(type) {
	case Established:
		s.Unit, s.Code, s.Kind, s.Parent, s.From, s.Origin = e.Unit, e.Code, e.Kind, e.Parent, e.From, e.Origin
		s.Names = append(slices.Clone(s.Names), Naming{e.Name, e.From})
	case Renamed:
		s.Names = append(slices.Clone(s.Names), Naming{e.Name, e.From})
	case CodeAliased:
		s.Aliases = append(slices.Clone(s.Aliases), e.Alias)
	case HeadAppointed:
		s.Heads = endHeads(s.Heads, e.From.AddDays(-1), func(h Head) bool { return h.Capacity == domain.Definitive })
		s.Heads = append(s.Heads, Head{e.Person, domain.Definitive, domain.Span{From: e.From}})
	case HeadReleased:
		s.Heads = endHeads(s.Heads, e.LastDay, func(h Head) bool {
			return h.Capacity == domain.Definitive && h.Person == e.Person
		})
	case ActingHeadAssigned:
		s.Heads = append(slices.Clone(s.Heads), Head(e))
	case ActingHeadEnded:
		s.Heads = endHeads(s.Heads, e.LastDay, func(h Head) bool {
			return h.Capacity != domain.Definitive && h.Person == e.Person
		})
	case Closed:
		s.LastDay = e.LastDay
	}
	return s
}

// endHeads gives a copy in which the chosen mandates that reach beyond the last
// day end on it; those that begin later are left alone.
func endHeads(heads []Head, lastDay domain.Date, chosen func(Head) bool) []Head {
	heads = slices.Clone(heads)
	for i, h := range heads {
		if chosen(h) && h.Span.Holds(lastDay) {
			heads[i].Span.Until = lastDay
		}
	}
	return heads
}
