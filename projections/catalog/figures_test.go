package catalog_test

import (
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"pgregory.net/rapid"

	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/appraisal"
	"github.com/jejak-kinerja/jejak/internal/pgrun/pgtest"
	"github.com/jejak-kinerja/jejak/projections"
	"github.com/jejak-kinerja/jejak/projections/audittrail"
	"github.com/jejak-kinerja/jejak/projections/catalog"
	"github.com/jejak-kinerja/jejak/projections/cityhome"
	"github.com/jejak-kinerja/jejak/projections/personpage"
	"github.com/jejak-kinerja/jejak/projections/projectiontest"
	"github.com/jejak-kinerja/jejak/projections/unitpage"
)

// figures are all counts that pages show, each with the trail of its facts.
type figures struct {
	t     testing.TB
	pool  *pgxpool.Pool
	seen  int
	above int // figures that are not zero
}

func (f *figures) check(what string, figure int64, trail projections.Trail) {
	f.t.Helper()
	tally := must(audittrail.Count(f.t.Context(), f.pool, trail))
	if tally.Facts != figure || tally.More {
		f.t.Errorf("%s is %d, its trail has %d facts: %s", what, figure, tally.Facts, trail.Query().Encode())
	}
	f.seen++
	if figure > 0 {
		f.above++
	}
}

func (f *figures) city(on domain.Date) {
	t, q := f.t, f.pool
	ctx := t.Context()
	for _, i := range must(cityhome.Indicators(ctx, q)) {
		for _, p := range i.Points {
			f.check("facts of a point", p.Facts, p.Trail())
		}
	}
	for _, year := range must(cityhome.PredicateYears(ctx, q)) {
		for _, kind := range []appraisal.Kind{appraisal.Annual, appraisal.Periodic} {
			for _, c := range must(cityhome.Predicates(ctx, q, year, kind)) {
				f.check("the city's predicates", c.Appraisals, c.Trail())
			}
			for _, c := range must(cityhome.PredicatesByUnit(ctx, q, year, kind)) {
				f.check("a unit's predicates", c.Appraisals, c.Trail())
			}
		}
	}
	for _, unit := range []domain.UnitID{"", "u1"} {
		for _, w := range must(cityhome.Weeks(ctx, q, unit, on, 20)) {
			f.check("reports of a week", w.Reports, w.ReportsTrail())
			f.check("feedback of a week", w.Feedback, w.FeedbackTrail())
		}
	}
	for _, days := range []int{0, 7, 30} {
		city, units, err := cityhome.SilentCounts(ctx, q, on, days)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range append(units, city) {
			f.check("silent staff", c.Silent, c.Trail())
			f.check("staff", c.Staff, c.StaffTrail())
			listed, err := cityhome.SilentStaff(ctx, q, on, days, c.Unit, projections.Page{Limit: projections.MaxPageRows})
			if err != nil || int64(len(listed.Items)) != c.Silent {
				t.Errorf("%d silent people are listed in %q, %d counted, %v", len(listed.Items), c.Unit, c.Silent, err)
			}
		}
	}
}

func (f *figures) unit(unit domain.UnitID, on domain.Date) {
	t, q := f.t, f.pool
	ctx := t.Context()
	for _, c := range must(unitpage.StaffCounts(ctx, q, on, unit)) {
		f.check("staff by employment", c.People, c.Trail())
	}
	for _, year := range []string{"2025", "2026"} {
		for _, c := range must(unitpage.Plans(ctx, q, unit, year)) {
			f.check("plans by status", c.Plans, c.Trail())
		}
		for _, c := range must(unitpage.Predicates(ctx, q, unit, year)) {
			f.check("predicates of a unit", c.Appraisals, c.Trail())
		}
	}
	for _, w := range must(unitpage.Weeks(ctx, q, unit, on, 12)) {
		f.check("reports of a unit's week", w.Reports, w.ReportsTrail())
		f.check("feedback of a unit's week", w.Feedback, w.FeedbackTrail())
	}
	silent := must(unitpage.CountSilent(ctx, q, on, 14, unit))
	f.check("silent staff of a unit", silent.Silent, silent.Trail())
	f.check("staff of a unit", silent.Staff, silent.StaffTrail())
	waiting := must(unitpage.CountWaiting(ctx, q, unit))
	f.check("waiting reports", waiting.Reports, waiting.Trail())
	listed, err := unitpage.WaitingReports(ctx, q, unit, projections.Page{Limit: projections.MaxPageRows})
	if err != nil || int64(len(listed.Items)) != waiting.Reports {
		t.Errorf("%d waiting reports are listed, %d counted, %v", len(listed.Items), waiting.Reports, err)
	}
}

func (f *figures) person(id domain.PersonID) {
	t, q := f.t, f.pool
	for _, p := range must(personpage.Plans(t.Context(), q, id)) {
		f.check("facts of a plan", int64(p.Revision)+1, p.Trail())
		for _, r := range must(personpage.ProgressOf(t.Context(), q, p.Plan)) {
			f.check("reports on a result", r.Reports, r.Trail())
		}
	}
	for _, a := range must(personpage.Appraisals(t.Context(), q, id)) {
		f.check("facts of an appraisal", int64(a.Revision)+1, a.Trail())
	}
	for _, r := range must(personpage.Reports(t.Context(), q, id, projections.Page{})).Items {
		f.check("facts of a report", int64(r.Revision)+1, r.Trail())
	}
}

// must unpacks an answer; a panic ends the test with its stack.
func must[T any](answer T, err error) T {
	if err != nil {
		panic(err)
	}
	return answer
}

func TestEveryFigureHasExactlyTheFactsOfItsTrail(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		size := projectiontest.Size{
			People: rapid.IntRange(1, 15).Draw(rt, "people"), Units: rapid.IntRange(2, 4).Draw(rt, "units"),
			Steps: rapid.IntRange(0, 300).Draw(rt, "steps"), Pace: time.Duration(rapid.IntRange(1, 20).Draw(rt, "hours")) * time.Hour,
		}
		facts := projectiontest.History(t, rapid.Uint64().Draw(rt, "seed"), size)
		pool := projectiontest.Open(t, pgtest.URL(t), catalog.All()...)
		projectiontest.Apply(t, pool, facts, catalog.All()...)
		f := &figures{t: t, pool: pool}
		last := projections.Day(facts[len(facts)-1].Meta.RecordedAt)
		for _, on := range []domain.Date{last, last.AddDays(-11), last.AddDays(40)} {
			f.city(on)
			f.unit("u0", on)
			f.unit("u1", on)
		}
		f.person("p0")
		if t.Failed() {
			rt.Fatalf("figures and trails differ")
		}
		pool.Close()
	})
}
