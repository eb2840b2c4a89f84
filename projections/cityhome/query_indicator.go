package cityhome

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/indicator"
	"github.com/jejak-kinerja/jejak/projections"
)

// indicatorsSQL gives a row for each point, and one without a period for an
// indicator that has none.
const indicatorsSQL = `select i.indicator, i.name, i.measure, i.direction, i.owner, i.position, coalesce(p.period, '') as period,
		p.target, coalesce(p.target_source::text, '') as target_source, p.target_was,
		p.value, coalesce(p.value_source::text, '') as value_source, p.value_was,
		case when p.notes = '[]' then '' else coalesce(p.notes::text, '') end as notes, coalesce(p.facts, 0) as facts, coalesce(p.position, 0) as point, coalesce(p.revision, 0) as revision
	from cityhome_v3_indicator i left join cityhome_v3_point p using (indicator) order by i.indicator, p.period`

type indicatorRow struct {
	Indicator, Name, Measure, Direction, Owner string
	Position                                   uint64
	Period                                     string
	Target                                     *int64
	TargetSource                               string
	TargetWas, Value                           *int64
	ValueSource                                string
	ValueWas                                   *int64
	Notes                                      string
	Facts                                      int64
	Point                                      uint64
	Revision                                   uint64
}

// Indicators gives every indicator with all its points; a city has some dozens.
func Indicators(ctx context.Context, q projections.Querier) ([]Indicator, error) {
	rows, _ := q.Query(ctx, indicatorsSQL)
	found, err := projections.Collect[indicatorRow](rows)
	if err != nil {
		return nil, fmt.Errorf("list the indicators: %w", err)
	}
	indicators, known := []Indicator{}, sources{}
	for _, r := range found {
		if last := len(indicators) - 1; last < 0 || string(indicators[last].Indicator) != r.Indicator {
			indicators = append(indicators, Indicator{Indicator: domain.IndicatorID(r.Indicator), Name: r.Name, Measure: r.Measure,
				Direction: indicator.Direction(r.Direction), Owner: domain.UnitID(r.Owner), Position: r.Position})
		}
		if r.Period == "" {
			continue
		}
		p, err := r.point(known)
		if err != nil {
			return nil, fmt.Errorf("read %s of the indicator %s: %w", r.Period, r.Indicator, err)
		}
		of := &indicators[len(indicators)-1]
		of.Revision = max(of.Revision, r.Revision)
		of.Points = append(of.Points, p)
	}
	return indicators, nil
}

func (r indicatorRow) point(known sources) (p Point, err error) {
	p = Point{Indicator: domain.IndicatorID(r.Indicator), Period: indicator.Period(r.Period),
		Target: (*domain.Decimal)(r.Target), TargetWas: (*domain.Decimal)(r.TargetWas),
		Value: (*domain.Decimal)(r.Value), ValueWas: (*domain.Decimal)(r.ValueWas), Facts: r.Facts, Position: r.Point}
	if p.TargetSource, err = known.read(r.TargetSource); err != nil {
		return p, err
	}
	if p.ValueSource, err = known.read(r.ValueSource); err != nil {
		return p, err
	}
	if r.Notes != "" {
		err = json.Unmarshal([]byte(r.Notes), &p.Notes)
	}
	return p, err
}

// sources are those read so far: one report gives many points.
type sources map[string]*indicator.Source

func (known sources) read(raw string) (*indicator.Source, error) {
	if s, ok := known[raw]; ok || raw == "" {
		return s, nil
	}
	s := &indicator.Source{}
	if err := json.Unmarshal([]byte(raw), s); err != nil {
		return nil, err
	}
	known[raw] = s
	return s, nil
}
