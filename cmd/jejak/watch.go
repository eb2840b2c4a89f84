package main

import (
	"context"
	"slices"
	"time"

	"github.com/jejak-kinerja/jejak/api/availability"
	"github.com/jejak-kinerja/jejak/api/health"
	"github.com/jejak-kinerja/jejak/internal/clock"
	"github.com/jejak-kinerja/jejak/projections/audittrail"
)

// newWatch watches the event store for everything that asks whether it is ready.
func (r *rooms) newWatch() *availability.Watch {
	return availability.New(availability.Options{
		Head: r.events.Head,
		Shown: func(position uint64) bool {
			return !slices.ContainsFunc(r.engine.Names(), func(name string) bool { return r.engine.Position(name) < position })
		},
		Newest: func(ctx context.Context) (time.Time, error) { return audittrail.Newest(ctx, r.pool) },
		Clock:  clock.Now, Log: r.log,
	})
}

// lookAtStore asks the event store, unless it is known not to be ready.
func (r *rooms) lookAtStore(ctx context.Context) (health.Finding, error) {
	_, err := availability.Ask(r.watch, func() (uint64, error) { return r.events.Head(ctx) })
	found := health.Finding{}
	if s := r.watch.State(); s.Condition != availability.Ready {
		found.Detail = string(s.Condition) + " since " + s.Since.UTC().Format(time.RFC3339)
	}
	return found, err
}
