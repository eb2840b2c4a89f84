package v1

import (
	"context"

	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/indicator"
	"github.com/jejak-kinerja/jejak/projections/cityhome"
)

// CityIndicator is one indicator of the city with its points in the order of time.
type CityIndicator struct {
	Indicator domain.IndicatorID  `json:"indicator"`
	Name      string              `json:"name"`
	Measure   string              `json:"measure"`
	Direction indicator.Direction `json:"direction" enum:"higher,lower,context"`
	Owner     domain.UnitID       `json:"owner,omitempty"`
	Points    []Point             `json:"points"`
	Position  uint64              `json:"position"`
}

// Point is what is known of an indicator in one period.
type Point struct {
	Period       indicator.Period `json:"period"`
	Target       *domain.Decimal  `json:"target_hundredths,omitempty"`
	TargetSource *Source          `json:"target_source,omitempty"`
	TargetWas    *domain.Decimal  `json:"target_was_hundredths,omitempty" doc:"Before its last revision"`
	Value        *domain.Decimal  `json:"value_hundredths,omitempty"`
	ValueSource  *Source          `json:"value_source,omitempty"`
	ValueWas     *domain.Decimal  `json:"value_was_hundredths,omitempty" doc:"Before its last correction"`
	Notes        []Note           `json:"notes,omitempty" doc:"Contradictions between sources"`
	Trail        string           `json:"trail" doc:"Where the facts behind it are listed"`
}

// Note is a contradiction between sources.
type Note struct {
	Note   string `json:"note"`
	Source Source `json:"source"`
}

func (k *desk) indicators() {
	k.indicatorWriting()
	read(k, operation{id: "list-indicators", path: "/v1/indicators", tag: "indicators", summary: "All indicators of the city with their points"},
		func(ctx context.Context, in *struct{ Reading }) (*Page[CityIndicator], error) {
			fresh, err := k.await(ctx, in.MinPosition)
			if err != nil {
				return nil, err
			}
			rows, err := cityhome.Indicators(ctx, k.Read)
			if err != nil {
				return nil, err
			}
			views := make([]CityIndicator, len(rows))
			for i, r := range rows {
				views[i] = cityIndicator(r)
			}
			return all(views, fresh), nil
		})
	read(k, operation{id: "get-indicator", path: "/v1/indicators/{indicator}", tag: "indicators", summary: "One indicator with its points"},
		func(ctx context.Context, in *struct {
			Reading
			IndicatorPath
		}) (*One[CityIndicator], error) {
			fresh, err := k.await(ctx, in.MinPosition)
			if err != nil {
				return nil, err
			}
			rows, err := cityhome.Indicators(ctx, k.Read)
			if err != nil {
				return nil, err
			}
			for _, r := range rows {
				if r.Indicator == in.Indicator {
					return &One[CityIndicator]{Fresh: fresh, ETag: revision(r.Revision), Body: cityIndicator(r)}, nil
				}
			}
			return nil, domain.Missing("indicator-unknown", "no such indicator")
		})
}

func cityIndicator(r cityhome.Indicator) CityIndicator {
	view := CityIndicator{Indicator: r.Indicator, Name: r.Name, Measure: r.Measure, Direction: r.Direction, Owner: r.Owner,
		Points: []Point{}, Position: r.Position}
	for _, p := range r.Points {
		point := Point{Period: p.Period, Target: p.Target, TargetSource: (*Source)(p.TargetSource), TargetWas: p.TargetWas,
			Value: p.Value, ValueSource: (*Source)(p.ValueSource), ValueWas: p.ValueWas, Trail: trailOf(p.Trail())}
		for _, n := range p.Notes {
			point.Notes = append(point.Notes, Note{Note: n.Note, Source: Source(n.Source)})
		}
		view.Points = append(view.Points, point)
	}
	return view
}
