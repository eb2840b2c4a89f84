package web

import (
	"context"
	"maps"
	"net/url"
	"slices"
	"strings"

	"github.com/jejak-kinerja/jejak/api/caller"
	"github.com/jejak-kinerja/jejak/api/words"
	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/catalog"
	"github.com/jejak-kinerja/jejak/projections"
	"github.com/jejak-kinerja/jejak/projections/cityhome"
	"github.com/jejak-kinerja/jejak/projections/directory"
)

// categories are the kinds of streams, in the order of the filter.
var categories = []string{"progress", "feedback", "plan", "appraisal", "person", "unit", "indicator", "policy", "bkn", "import"}

// fieldFilters have a field in the form; the others only come with links of figures.
var fieldFilters = []string{"category", "name", "unit", "subject", "actor", "indicator", "stream", "day_from", "day_until", "as_of"}

// trailChoices is what the filter's fields offer.
type trailChoices struct {
	Names      []option
	Units      []option
	Indicators []option
	// people to choose from: oneself, those the filter names already, and the staff
	// of the unit chosen, or one's own.
	people []domain.PersonID
}

func (s *Site) trailChoices(ctx context.Context, tr projections.Trail) (c trailChoices, err error) {
	known, err := catalog.Ledger()
	if err != nil {
		return c, err
	}
	all := option{"", t(ctx, words.TrailAny)}
	c.Names, c.Units, c.Indicators = []option{all}, []option{all}, []option{all}
	for _, name := range known.Names() {
		category, _, _ := strings.Cut(name, ".")
		if tr.Category == "" || tr.Category == category {
			c.Names = append(c.Names, option{name, words.Of(ctx).Event(name)})
		}
	}
	units, err := directory.Units(ctx, s.Read, s.today())
	if err != nil {
		return c, err
	}
	for _, u := range units {
		c.Units = append(c.Units, option{string(u.Unit), u.Name})
	}
	indicators, err := cityhome.Indicators(ctx, s.Read)
	if err != nil {
		return c, err
	}
	for _, i := range indicators {
		c.Indicators = append(c.Indicators, option{string(i.Indicator), i.Name})
	}
	c.people, err = s.trailPeople(ctx, tr)
	return c, err
}

func (s *Site) trailPeople(ctx context.Context, tr projections.Trail) ([]domain.PersonID, error) {
	who := caller.From(ctx)
	if !who.Known() {
		return nil, nil
	}
	people := []domain.PersonID{who.Person, tr.Subject, tr.Actor}
	unit := tr.Unit
	if unit == "" {
		unit = who.Unit
	}
	page := projections.Page{Limit: projections.MaxPageRows}
	if unit != "" {
		staff, err := directory.Staff(ctx, s.Read, s.today(), unit, page)
		if err != nil {
			return nil, err
		}
		for _, p := range staff.Items {
			people = append(people, p.Person)
		}
	}
	team, err := directory.Subordinates(ctx, s.Read, s.today(), who.Person, page)
	if err != nil {
		return nil, err
	}
	for _, p := range team.Items {
		people = append(people, p.Person)
	}
	slices.Sort(people)
	return slices.DeleteFunc(slices.Compact(people), func(p domain.PersonID) bool { return p == "" || p == who.Person }), nil
}

// peopleOptions are the people by name, oneself first.
func (c trailChoices) peopleOptions(ctx context.Context) []option {
	options := make([]option, len(c.people))
	for i, p := range c.people {
		options[i] = option{string(p), nameOf(ctx, p)}
	}
	slices.SortFunc(options, func(a, b option) int { return strings.Compare(a.Text, b.Text) })
	head := []option{{"", t(ctx, words.TrailAny)}}
	if me := caller.From(ctx).Person; me != "" {
		head = append(head, option{string(me), t(ctx, words.AppYou)})
	}
	return append(head, options...)
}

// kept are filters that came with a link and have no field of their own.
func (m trailModel) kept() url.Values {
	q := m.Trail.Query()
	for _, name := range fieldFilters {
		if name != "name" || len(m.Trail.Names) < 2 {
			q.Del(name)
		}
	}
	return q
}

// oneName is the name filter's choice, when there is just one.
func (m trailModel) oneName() string {
	if len(m.Trail.Names) == 1 {
		return m.Trail.Names[0]
	}
	return ""
}

// chip is one filter that is set, and the way to take it off.
type chip struct {
	Text, Without string
}

// chips lists the filters that are set. Those that came with a figure and belong
// together say so once.
func (m trailModel) chips(ctx context.Context) []chip {
	if m.Own {
		return nil
	}
	q := m.Trail.Query()
	var chips []chip
	for _, name := range slices.Sorted(maps.Keys(q)) {
		rest := maps.Clone(q)
		rest.Del(name)
		if name == "slot" {
			rest.Del("value")
		}
		if name == "silent_on" {
			rest.Del("silent_days")
		}
		if m.Oldest {
			rest.Set("urut", older)
		}
		text := words.Of(ctx).Label("filter", name)
		if said := m.says(ctx, name, q[name]); said != "" {
			text += ": " + said
		}
		chips = append(chips, chip{text, "/jejak?" + rest.Encode()})
	}
	return chips
}

// says writes the value of a filter for people.
func (m trailModel) says(ctx context.Context, name string, values []string) string {
	w := words.Of(ctx)
	v := values[0]
	switch name {
	case "actor", "subject":
		return nameOf(ctx, domain.PersonID(v))
	case "unit":
		return textOf(m.Units, v)
	case "indicator":
		return textOf(m.Indicators, v)
	case "day_from", "day_until", "as_of", "staff_on", "silent_on":
		return w.ShortDay(domain.Date(v))
	case "category", "capacity", "source", "employment", "slot":
		return w.Label(name, v)
	case "name":
		said := make([]string, len(values))
		for i, n := range values {
			said[i] = w.Event(n)
		}
		return strings.Join(said, ", ")
	case "value", "kind":
		return saidValue(ctx, v)
	}
	return v
}

// saidValue writes what a fact says in one word, whatever kind of word it is.
func saidValue(ctx context.Context, v string) string {
	for _, family := range []string{"predicate", "plan-status", "rating", "tone", "value", "appraisal-kind", "employment", "role", "turn"} {
		if said := words.Of(ctx).Label(family, v); said != v {
			return said
		}
	}
	return v
}

func textOf(options []option, value string) string {
	for _, o := range options {
		if o.Value == value {
			return o.Text
		}
	}
	return value
}

// older is the value of the order's field for the oldest first.
const older = "lama"

func order(oldest bool) string {
	if oldest {
		return older
	}
	return ""
}

func orderOptions(ctx context.Context) []option {
	return []option{{"", t(ctx, words.TrailNewest)}, {older, t(ctx, words.TrailOldest)}}
}

func categoryOptions(ctx context.Context) []option {
	return append([]option{{"", t(ctx, words.TrailAny)}}, labelled(ctx, "category", categories)...)
}
