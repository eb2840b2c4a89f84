package main

import (
	"context"

	"github.com/jejak-kinerja/jejak/api/web"
	"github.com/jejak-kinerja/jejak/internal/clock"
	"github.com/jejak-kinerja/jejak/projections/engine"
)

// operations tells the pages how the read models fare.
func (r *rooms) operations(ctx context.Context) (o web.Operations, err error) {
	parked, err := r.engine.Parked(ctx)
	if err != nil {
		return o, err
	}
	skipped, err := r.engine.Skipped(ctx)
	if err != nil {
		return o, err
	}
	streams := map[string]int64{}
	for _, p := range parked {
		streams[p.Projection]++
		o.Parked = append(o.Parked, parkedOf(p))
	}
	for _, k := range skipped {
		o.Skipped = append(o.Skipped, web.Skipped{Parked: parkedOf(k.Parking), Why: k.Reason, By: k.By, At: k.At})
	}
	sight := r.lags.Look(ctx)
	if sight.Database != nil {
		return o, sight.Database
	}
	for _, lag := range sight.Models {
		m := web.ReadModel{Name: lag.Projection, Position: lag.Position, Parked: streams[lag.Projection],
			Led: lag.Led, Leading: r.engine.Leading(lag.Projection), Known: lag.Known, Behind: int64(lag.Behind)}
		if lag.Measured && lag.Age > 0 {
			m.Since = clock.Now().Add(-lag.Age)
		}
		o.Models = append(o.Models, m)
	}
	return o, nil
}

func parkedOf(p engine.Parking) web.Parked {
	return web.Parked{Projection: p.Projection, Stream: p.Stream, Position: p.Position, Event: p.Name, Reason: p.Reason, Since: p.Since, Waiting: p.Waiting}
}
