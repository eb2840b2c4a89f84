package catalog_test

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/indicator"
	"github.com/jejak-kinerja/jejak/internal/pgrun/pgtest"
	"github.com/jejak-kinerja/jejak/projections/catalog"
	"github.com/jejak-kinerja/jejak/projections/cityhome"
	"github.com/jejak-kinerja/jejak/projections/projectiontest"
)

// point tells what the stream of an indicator says of a period.
func point(points map[indicator.Period]cityhome.Point, f domain.Recorded, id domain.IndicatorID) {
	say := func(period indicator.Period, change func(p *cityhome.Point)) {
		p := points[period]
		change(&p)
		p.Indicator, p.Period, p.Position, p.Facts = id, period, f.Position, p.Facts+1
		points[period] = p
	}
	switch e := f.Body.(type) {
	case indicator.TargetSet:
		say(e.Period, func(p *cityhome.Point) { p.Target, p.TargetSource = &e.Value, &e.Source })
	case indicator.TargetRevised:
		say(e.Period, func(p *cityhome.Point) { p.Target, p.TargetSource, p.TargetWas = &e.Value, &e.Source, &e.Old })
	case indicator.RealisationReported:
		say(e.Period, func(p *cityhome.Point) { p.Value, p.ValueSource = &e.Value, &e.Source })
	case indicator.RealisationCorrected:
		say(e.Period, func(p *cityhome.Point) { p.Value, p.ValueSource, p.ValueWas = &e.Value, &e.Source, &e.Old })
	case indicator.InconsistencyNoted:
		say(e.Period, func(p *cityhome.Point) { p.Notes = append(p.Notes, cityhome.Note{Note: e.Note, Source: e.Source}) })
	}
}

func TestTheIndicatorsSayWhatTheirStreamsSay(t *testing.T) {
	facts := projectiontest.History(t, 17, projectiontest.Size{People: 2, Units: 1, Indicators: 5, Steps: 3_000, Pace: time.Hour})
	source := indicator.Source{Title: "Laporan \"kinerja\"\n2025", Where: "hlm. 3", Note: "angka sementara"}
	l := projectiontest.New(t)
	l.Facts = facts
	l.Add("indicator-i0", "p0", indicator.TargetSet{Period: "2031", Value: 1, Source: source})
	l.Add("indicator-i0", "p0", indicator.InconsistencyNoted{Period: "2031", Note: "Baris satu\nbaris dua", Source: source})
	l.Add("indicator-none", "p0", indicator.Defined{Indicator: "none", Name: "Belum ada angka", Measure: "%", Direction: indicator.LowerIsBetter, Owner: "u0"})
	pool := projectiontest.Open(t, pgtest.URL(t), catalog.All()...)
	projectiontest.Apply(t, pool, l.Facts, catalog.All()...)

	told := map[domain.IndicatorID]map[indicator.Period]cityhome.Point{}
	for _, f := range l.Facts {
		if id, ok := strings.CutPrefix(f.Stream, "indicator-"); ok {
			of := domain.IndicatorID(id)
			if told[of] == nil {
				told[of] = map[indicator.Period]cityhome.Point{}
			}
			point(told[of], f, of)
		}
	}
	listed := must(cityhome.Indicators(t.Context(), pool))
	if len(listed) != 6 || len(told) != 6 {
		t.Fatalf("%d indicators, the streams say %d", len(listed), len(told))
	}
	for _, i := range listed {
		if len(i.Points) != len(told[i.Indicator]) {
			t.Errorf("%s has %d points, its stream says %d", i.Indicator, len(i.Points), len(told[i.Indicator]))
		}
		for n, p := range i.Points {
			if n > 0 && i.Points[n-1].Period >= p.Period {
				t.Errorf("%s: %s comes after %s", i.Indicator, p.Period, i.Points[n-1].Period)
			}
			if want := told[i.Indicator][p.Period]; !reflect.DeepEqual(p, want) {
				t.Errorf("%s in %s\n%+v, its stream says\n%+v", i.Indicator, p.Period, p, want)
			}
		}
	}
}
