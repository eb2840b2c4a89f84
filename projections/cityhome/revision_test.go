package cityhome

import (
	"strings"
	"testing"

	"github.com/jejak-kinerja/jejak/internal/pgrun/pgtest"
	"github.com/jejak-kinerja/jejak/projections/projectiontest"
)

// TestAnIndicatorTellsTheRevisionItShows holds every indicator to the last fact of
// its stream, whether its rows came about fact by fact or from the whole history.
func TestAnIndicatorTellsTheRevisionItShows(t *testing.T) {
	facts := projectiontest.History(t, 4, projectiontest.Size{People: 12, Units: 3, Steps: 600})
	pool := projectiontest.Open(t, pgtest.URL(t), Projection())
	half := len(facts) / 2
	projectiontest.Apply(t, pool, facts[:half], Projection())
	for i := half; i < len(facts); i++ {
		projectiontest.Apply(t, pool, facts[i:i+1], Projection())
	}
	last := map[string]uint64{}
	for _, f := range facts {
		if id, ok := strings.CutPrefix(f.Stream, "indicator-"); ok {
			last[id] = f.Revision
		}
	}
	indicators, err := Indicators(t.Context(), pool)
	if err != nil {
		t.Fatal(err)
	}
	later := 0
	for _, i := range indicators {
		want := last[string(i.Indicator)]
		if i.Revision != want {
			t.Errorf("%s shows revision %d, want %d", i.Indicator, i.Revision, want)
		}
		if want > 0 {
			later++
		}
	}
	if len(indicators) != len(last) || later < 1 {
		t.Fatalf("%d indicators of %d, %d with a history: nothing was proved", len(indicators), len(last), later)
	}
}
