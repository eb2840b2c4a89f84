package main

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/jejak-kinerja/jejak/api/availability"
	"github.com/jejak-kinerja/jejak/internal/logwatch"
	"github.com/jejak-kinerja/jejak/internal/telemetry"
	"github.com/jejak-kinerja/jejak/projections/engine"
)

// survey asks for the metrics what no event of this process tells: how far the read
// models are behind the log, what other processes do to them, and when the ledger
// was last verified and backed up. What cannot be asked is left out.
func (r *rooms) survey(ctx context.Context) telemetry.Survey {
	s := telemetry.Survey{Leases: map[string]bool{}, Works: map[string]time.Time{}}
	for _, name := range r.engine.Names() {
		s.Leases[name] = r.engine.Leading(name)
	}
	state := r.watch.State()
	for _, c := range availability.Conditions {
		r.metrics.EventStore(string(c), c == state.Condition)
	}
	var asking sync.WaitGroup
	asking.Go(func() {
		sight := r.lags.Look(ctx)
		s.Stores = map[string]bool{"database": sight.Database == nil, "eventstore": sight.Log == nil}
		for store, err := range map[string]error{"database": sight.Database, "eventstore": sight.Log} {
			if err != nil {
				r.log.WarnContext(ctx, "the metrics do not know how the read models fare", slog.String("store", store), slog.Any("error", err))
			}
		}
		if found := r.logs.Found().State; sight.Log == nil && found != logwatch.Unknown {
			s.LogStates = map[string]bool{}
			for _, state := range logwatch.States {
				s.LogStates[string(state)] = state == found
			}
		}
		for _, lag := range sight.Models {
			s.Models = append(s.Models, measure(lag, sight.Database == nil))
		}
	})
	asking.Go(func() {
		for _, work := range []string{verifyWork, backupWork} {
			at, _, err := lastOK(ctx, r.pool, work)
			if err != nil {
				r.log.WarnContext(ctx, "the metrics do not know when a work last ended well", slog.String("work", work), slog.Any("error", err))
				continue
			}
			s.Works[work] = at
		}
	})
	asking.Go(func() {
		outside, err := logwatch.ReadOutside(ctx, r.pool)
		if err != nil {
			r.log.WarnContext(ctx, "the metrics do not know what outsiders did to the log", slog.Any("error", err))
			return
		}
		s.StreamsCut, s.EventsForeign = new(int64(len(outside.Cut))), &outside.ForeignTotal
	})
	asking.Wait()
	return s
}

// measure gives the metrics of one read model; there says that its standing is one
// of now.
func measure(lag engine.Lag, there bool) telemetry.Model {
	m := telemetry.Model{Projection: lag.Projection}
	if lag.Measured {
		m.Lag = &lag.Age
	}
	if lag.Known && lag.Behind.Known() {
		m.LagEvents = new(int64(lag.Behind))
	}
	if !there {
		return m
	}
	m.Position, m.Parked, m.Led = &lag.Position, &lag.Parked, &lag.Led
	if part, known := lag.Rebuilt(); known {
		m.Rebuilt = &part
	}
	return m
}
