package web

import (
	"context"
	"net/http"
	"slices"

	"github.com/jejak-kinerja/jejak/api/web/chart"
	"github.com/jejak-kinerja/jejak/api/words"
	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/appraisal"
	"github.com/jejak-kinerja/jejak/projections"
	"github.com/jejak-kinerja/jejak/projections/directory"
	"github.com/jejak-kinerja/jejak/projections/unitpage"
)

// branch is a unit with those below it.
type branch struct {
	directory.Unit
	Parts []branch
}

func (s *Site) units(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	units, err := directory.Units(ctx, s.Read, s.today())
	if err != nil {
		return err
	}
	g := gather()
	for _, u := range units {
		g.person(u.Head)
	}
	if err := s.reveal(ctx, g); err != nil {
		return err
	}
	viewOf(ctx).follow = []string{directory.Name}
	return s.show(w, r, http.StatusOK, t(ctx, words.UnitTitle), unitList(tree(units)))
}

// maxDepth bounds the tree: a circle in the data must not hang the page.
const maxDepth = 8

// tree puts units under their parents; those without one on file come first.
func tree(units []directory.Unit) []branch {
	known, below := map[domain.UnitID]bool{}, map[domain.UnitID][]directory.Unit{}
	for _, u := range units {
		known[u.Unit] = true
		below[u.Parent] = append(below[u.Parent], u)
	}
	var grow func(units []directory.Unit, depth int) []branch
	grow = func(units []directory.Unit, depth int) (out []branch) {
		for _, u := range units {
			b := branch{Unit: u}
			if depth < maxDepth {
				b.Parts = grow(below[u.Unit], depth+1)
			}
			out = append(out, b)
		}
		return out
	}
	return grow(slices.DeleteFunc(slices.Clone(units), func(u directory.Unit) bool { return known[u.Parent] }), 0)
}

// headOf writes who leads a unit, and how when it is not in their own post.
func headOf(ctx context.Context, u directory.Unit) string {
	name := nameOf(ctx, u.Head)
	if u.Capacity == "" || u.Capacity == domain.Definitive {
		return name
	}
	return t(ctx, words.UnitActing, "name", name, "capacity", label(ctx, "capacity", u.Capacity))
}

// unitMarks makes the marks of a unit's weeks.
func unitMarks(ctx context.Context, weeks []unitpage.Week, feedback bool) []chart.Mark {
	marks := make([]chart.Mark, len(weeks))
	for i, w := range weeks {
		n, href := w.Reports, trailHref(w.ReportsTrail())
		if feedback {
			n, href = w.Feedback, trailHref(w.FeedbackTrail())
		}
		day := words.Of(ctx).DayAndMonth(w.Monday)
		marks[i] = chart.Mark{Label: t(ctx, words.CityWeekOf, "day", day), Short: day, Value: float64(n), Known: true, Shown: words.Of(ctx).Count(n), Href: href}
	}
	return marks
}

// predicateParts makes the parts of the distribution, from high to low.
func (m unitModel) predicateParts(ctx context.Context) []chart.Mark {
	marks := make([]chart.Mark, len(appraisal.Predicates))
	for i, p := range appraisal.Predicates {
		c := unitpage.PredicateCount{Unit: m.Unit.Unit, Year: m.Year, Kind: m.Kind, Predicate: p}
		if n := slices.IndexFunc(m.Predicates, func(c unitpage.PredicateCount) bool { return c.Predicate == p }); n >= 0 {
			c = m.Predicates[n]
		}
		marks[i] = chart.Mark{Label: label(ctx, "predicate", p), Known: true, Value: float64(c.Appraisals), Shown: words.Of(ctx).Count(c.Appraisals), Href: trailHref(c.Trail())}
	}
	return marks
}

// staffed counts the staff of every kind of service.
func (m unitModel) staffed() (n int64) {
	for _, c := range m.Counts {
		n += c.People
	}
	return n
}

// staffTrail lists the assignments of the whole staff.
func (m unitModel) staffTrail() projections.Trail {
	tr := projections.Trail{Unit: m.Unit.Unit}
	if len(m.Counts) > 0 {
		tr.StaffOn = m.Counts[0].On
	}
	return tr
}
