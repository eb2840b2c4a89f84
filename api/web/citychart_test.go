package web

import (
	"slices"
	"testing"

	"github.com/jejak-kinerja/jejak/domain/indicator"
	"github.com/jejak-kinerja/jejak/projections/cityhome"
)

func TestAGapInASeriesStaysAGap(t *testing.T) {
	var points []cityhome.Point
	for _, p := range []indicator.Period{"2015", "2017", "2018", "2023-11", "2024-01", "2024-01/2024-04"} {
		points = append(points, cityhome.Point{Period: p})
	}
	years, months := comparable(points)
	for _, c := range []struct {
		got  []cityhome.Point
		want []indicator.Period
	}{{years, []indicator.Period{"2015", "2016", "2017", "2018"}}, {months, []indicator.Period{"2023-11", "2023-12", "2024-01"}}} {
		var periods []indicator.Period
		for _, p := range c.got {
			periods = append(periods, p.Period)
		}
		if !slices.Equal(periods, c.want) {
			t.Errorf("got %v, want %v", periods, c.want)
		}
	}
}
