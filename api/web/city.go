package web

import (
	"context"
	"net/http"
	"slices"

	"github.com/jejak-kinerja/jejak/api/caller"
	"github.com/jejak-kinerja/jejak/api/words"
	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/appraisal"
	"github.com/jejak-kinerja/jejak/projections/cityhome"
	"github.com/jejak-kinerja/jejak/projections/directory"
)

const (
	// publicCell is the smallest group of people whose figure the public may see.
	publicCell = 10
	// cityWeeks is how many weeks the city page looks back: a quarter.
	cityWeeks = 13
	// unitsListed is how many units the list of silent staff names.
	unitsListed = 8
)

// cityModel is what the city page shows.
type cityModel struct {
	// Aimed have a target somewhere; Context are to know, not to reach; Single are
	// known only once.
	Aimed, Context, Single []cityhome.Indicator
	Year                   string
	Kind                   appraisal.Kind
	Predicates             []cityhome.PredicateCount
	Weeks                  []cityhome.Week
	Silent                 cityhome.SilentCount
	SilentUnits            []cityhome.SilentCount
	UnitNames              map[domain.UnitID]string
	// Public hides figures about small groups.
	Public bool
}

func (s *Site) city(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	m, err := s.cityModel(ctx)
	if err != nil {
		return err
	}
	viewOf(ctx).follow = []string{cityhome.Name}
	return s.show(w, r, http.StatusOK, t(ctx, words.CityTitle), cityPage(m))
}

func (s *Site) cityModel(ctx context.Context) (m cityModel, err error) {
	on := s.today()
	m.Public = !caller.From(ctx).Known()
	indicators, err := cityhome.Indicators(ctx, s.Read)
	if err != nil {
		return m, err
	}
	for _, i := range indicators {
		if slices.ContainsFunc(i.Points, func(p cityhome.Point) bool { return p.Target != nil }) {
			m.Aimed = append(m.Aimed, i)
		} else if series(i) {
			m.Context = append(m.Context, i)
		} else {
			m.Single = append(m.Single, i)
		}
	}
	if err := s.cityPredicates(ctx, &m); err != nil {
		return m, err
	}
	if m.Weeks, err = cityhome.Weeks(ctx, s.Read, "", on, cityWeeks); err != nil {
		return m, err
	}
	days, err := s.silentDays(ctx)
	if err != nil {
		return m, err
	}
	if m.Silent, m.SilentUnits, err = cityhome.SilentCounts(ctx, s.Read, on, days); err != nil {
		return m, err
	}
	slices.SortStableFunc(m.SilentUnits, func(a, b cityhome.SilentCount) int { return int(b.Silent - a.Silent) })
	m.SilentUnits = slices.DeleteFunc(m.SilentUnits, func(c cityhome.SilentCount) bool { return c.Silent == 0 })
	m.SilentUnits = m.SilentUnits[:min(len(m.SilentUnits), unitsListed)]
	units, err := directory.Units(ctx, s.Read, on)
	m.UnitNames = map[domain.UnitID]string{}
	for _, u := range units {
		m.UnitNames[u.Unit] = u.Name
	}
	return m, err
}

// cityPredicates takes the latest year, annual appraisals before periodic ones.
func (s *Site) cityPredicates(ctx context.Context, m *cityModel) error {
	years, err := cityhome.PredicateYears(ctx, s.Read)
	if err != nil || len(years) == 0 {
		return err
	}
	m.Year = slices.Max(years)
	for _, kind := range []appraisal.Kind{appraisal.Annual, appraisal.Periodic} {
		m.Kind = kind
		counts, err := cityhome.Predicates(ctx, s.Read, m.Year, kind)
		if err != nil {
			return err
		}
		if m.Predicates = everyPredicate(counts, m.Year, kind); sumPredicates(counts) > 0 {
			return nil
		}
	}
	return nil
}

// everyPredicate lists all outcomes from high to low, so that each keeps its place
// and colour; one that nobody has counts zero.
func everyPredicate(counts []cityhome.PredicateCount, year string, kind appraisal.Kind) []cityhome.PredicateCount {
	every := make([]cityhome.PredicateCount, len(appraisal.Predicates))
	for i, p := range appraisal.Predicates {
		every[i] = cityhome.PredicateCount{Year: year, Kind: kind, Predicate: p}
		if n := slices.IndexFunc(counts, func(c cityhome.PredicateCount) bool { return c.Predicate == p }); n >= 0 {
			every[i] = counts[n]
		}
	}
	return every
}

func sumPredicates(counts []cityhome.PredicateCount) (n int64) {
	for _, c := range counts {
		n += c.Appraisals
	}
	return n
}

// silentDays is the policy's number valid today.
func (s *Site) silentDays(ctx context.Context) (int, error) {
	n, err := s.numbers(ctx)
	if err != nil {
		return 0, err
	}
	return n.SilentDays, nil
}

// people writes a figure about people; the public is not told about small groups,
// nor about a part that leaves a small group over.
func (m cityModel) people(ctx context.Context, n int64, of ...int64) string {
	if len(of) > 0 && m.hidden(of[0]-n) {
		return t(ctx, words.CityNearlyAll)
	}
	if m.hidden(n) {
		return t(ctx, words.CitySmallCell, "count", publicCell)
	}
	return words.Of(ctx).Count(n)
}

func (m cityModel) hidden(n int64) bool { return m.Public && n > 0 && n < publicCell }

// hidesSome says whether any predicate's figure is hidden; then no total is shown
// either, from which it could be told.
func (m cityModel) hidesSome() bool {
	return slices.ContainsFunc(m.Predicates, func(c cityhome.PredicateCount) bool { return m.hidden(c.Appraisals) })
}
