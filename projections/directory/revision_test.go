package directory

import (
	"strings"
	"testing"

	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/internal/pgrun/pgtest"
	"github.com/jejak-kinerja/jejak/projections/projectiontest"
)

// TestARowTellsTheRevisionItShows holds every person and unit to the last fact of
// their stream, whether the row came about fact by fact or from the whole history.
func TestARowTellsTheRevisionItShows(t *testing.T) {
	facts := projectiontest.History(t, 4, projectiontest.Size{People: 12, Units: 3, Steps: 600})
	pool := projectiontest.Open(t, pgtest.URL(t), Projection())
	half := len(facts) / 2
	projectiontest.Apply(t, pool, facts[:half], Projection())
	for i := half; i < len(facts); i++ {
		projectiontest.Apply(t, pool, facts[i:i+1], Projection())
	}
	last := map[string]uint64{}
	for _, f := range facts {
		last[f.Stream] = f.Revision
	}
	today := domain.Date("2099-01-01")
	rows, later := 0, 0
	for stream, want := range last {
		category, id, _ := strings.Cut(stream, "-")
		var got uint64
		switch category {
		case "person":
			p, err := FindPerson(t.Context(), pool, today, domain.PersonID(id))
			if err != nil {
				t.Fatal(err)
			}
			got = p.Revision
		case "unit":
			u, err := FindUnit(t.Context(), pool, today, domain.UnitID(id))
			if err != nil {
				t.Fatal(err)
			}
			got = u.Revision
		default:
			continue
		}
		rows++
		if want > 2 {
			later++
		}
		if got != want {
			t.Errorf("%s shows revision %d, want %d", stream, got, want)
		}
	}
	if rows < 15 || later == 0 {
		t.Fatalf("%d rows, %d with a history: nothing was proved", rows, later)
	}
}
