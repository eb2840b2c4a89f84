package catalog_test

import (
	"testing"

	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/person"
	"github.com/jejak-kinerja/jejak/internal/pgrun/pgtest"
	"github.com/jejak-kinerja/jejak/projections"
	"github.com/jejak-kinerja/jejak/projections/audittrail"
	"github.com/jejak-kinerja/jejak/projections/catalog"
	"github.com/jejak-kinerja/jejak/projections/directory"
	"github.com/jejak-kinerja/jejak/projections/projectiontest"
	"github.com/jejak-kinerja/jejak/projections/unitpage"
)

// All who say where somebody works on a day must say the same.
func TestTheMainPostOfADayIsTheOneAssignedLast(t *testing.T) {
	post := func(key string, unit domain.UnitID, acting domain.Capacity, from domain.Date) person.PostAssigned {
		return person.PostAssigned{Post: key, Title: "Analis", Level: person.Executive, Unit: unit, Acting: acting, From: from}
	}
	for name, history := range map[string][]person.Event{
		"decided later for an earlier day": {
			post("p1", "u1", "", "2026-01-05"),
			post("p2", "u2", "", "2026-01-20"), // from a later day on
			post("p3", "u3", "", "2026-01-15"), // decided later, for an earlier day
			post("p4", "u4", domain.ActingVacant, "2026-01-15"),
			person.PostEnded{Post: "p3", LastDay: "2026-01-31"},
			person.Separated{LastDay: "2026-03-31", Cause: person.Retired},
		},
		"begun before the last day on file of the one before": {
			post("p1", "u1", "", "2026-01-05"),
			person.PostEnded{Post: "p1", LastDay: "2026-12-31"},
			post("p2", "u2", "", "2026-01-20"),
			person.PostEnded{Post: "p2", LastDay: "2026-01-31"},
		},
	} {
		t.Run(name, func(t *testing.T) { staffAgrees(t, history) })
	}
}

func staffAgrees(t *testing.T, history []person.Event) {
	l := projectiontest.New(t)
	l.Add("person-clerk", "", person.Registered{Person: "clerk", Employment: person.PNS})
	for _, e := range history {
		l.Add("person-clerk", "", e)
	}
	pool := projectiontest.Open(t, pgtest.URL(t), catalog.All()...)
	projectiontest.Apply(t, pool, l.Facts, catalog.All()...)

	var state person.State
	for _, f := range l.Facts {
		state = person.Evolve(state, f.Body.(person.Event))
	}
	for _, on := range []domain.Date{"2026-01-04", "2026-01-05", "2026-01-14", "2026-01-15", "2026-01-20", "2026-01-31", "2026-02-01", "2026-03-31", "2026-04-01"} {
		main, _ := state.MainPostOn(on)
		if standing := must(directory.FindStanding(t.Context(), pool, on, "clerk")); standing.Unit != main.Unit {
			t.Errorf("on %s the clerk stands in %q, want %q", on, standing.Unit, main.Unit)
		}
		for _, unit := range []domain.UnitID{"u1", "u2", "u3", "u4"} {
			want := 0
			if main.Unit == unit && state.ServingOn(on) {
				want = 1
			}
			if got := len(must(directory.Staff(t.Context(), pool, on, unit, projections.Page{})).Items); got != want {
				t.Errorf("on %s the directory has %d people in %s, want %d", on, got, unit, want)
			}
			if got := len(must(unitpage.StaffCounts(t.Context(), pool, on, unit))); got != want {
				t.Errorf("on %s the unit page has %d people in %s, want %d", on, got, unit, want)
			}
			if got := must(audittrail.Count(t.Context(), pool, projections.Trail{StaffOn: on, Unit: unit})); got.Facts != int64(want) {
				t.Errorf("on %s the audit trail has %d people in %s, want %d", on, got.Facts, unit, want)
			}
		}
	}
}
