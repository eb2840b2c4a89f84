package main

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/jejak-kinerja/jejak/api/availability"
	"github.com/jejak-kinerja/jejak/api/health"
	"github.com/jejak-kinerja/jejak/commands"
	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/internal/clock"
	"github.com/jejak-kinerja/jejak/internal/eventlog"
	"github.com/jejak-kinerja/jejak/projections/audittrail"
	"github.com/jejak-kinerja/jejak/projections/engine"
)

// newWatch watches the event store for everything that asks whether it is ready.
func (r *rooms) newWatch() *availability.Watch {
	return availability.New(availability.Options{
		Head: r.head,
		Shown: func(position uint64) bool {
			return r.engine != nil && !slices.ContainsFunc(r.engine.Names(), func(name string) bool { return r.engine.Position(name) < position })
		},
		Newest: func(ctx context.Context) (time.Time, error) { return audittrail.Newest(ctx, r.pool) },
		Clock:  clock.Now, Log: r.log,
	})
}

// logHead gives the newest position of the log, or fails at once.
func (r *rooms) logHead(ctx context.Context) (uint64, error) {
	return availability.Ask(r.watch, func() (uint64, error) { return r.events.Head(ctx) })
}

// nearEnd says whether a position is near the end of the log, or fails at once.
func (r *rooms) nearEnd(ctx context.Context, position uint64) (bool, error) {
	return availability.Ask(r.watch, func() (bool, error) { return r.events.NearEnd(ctx, position) })
}

// lookBeyond looks at the log beyond a position, also where it is not the read
// models'; it fails at once while the store is known to be away.
func (r *rooms) lookBeyond(ctx context.Context, position uint64) (engine.Beyond, error) {
	if s := r.watch.State(); s.Condition == availability.Away {
		return engine.Beyond{}, s.Err()
	}
	return r.events.LookBeyond(ctx, position)
}

// rightLogDo is what to do about a log that is not that of the database.
const rightLogDo = "put the right store back, or jejak adopt takes this one: see the runbook, The event store holds another log"

// lookAtStore asks the event store, unless it is known not to be ready.
func (r *rooms) lookAtStore(ctx context.Context) (health.Finding, error) {
	_, err := r.logHead(ctx)
	found := health.Finding{}
	if s := r.watch.State(); s.Condition != availability.Ready {
		found.Detail = string(s.Condition) + " since " + s.Since.UTC().Format(time.RFC3339)
		if s.Condition == availability.Refused {
			found.Do = rightLogDo
		}
	}
	return found, err
}

// logReadable fails at once while the log is known not to be readable.
func (r *rooms) logReadable() error {
	_, err := availability.Read(r.watch, func() (struct{}, error) { return struct{}{}, nil })
	return err
}

// logStreams reads streams from the log itself, for somebody who stores nothing.
type logStreams struct {
	log   *eventlog.Log
	watch *availability.Watch
}

// Load reads a stream, or refuses at once.
func (s logStreams) Load(ctx context.Context, stream string) ([]domain.Recorded, error) {
	return availability.Read(s.watch, func() ([]domain.Recorded, error) { return s.log.Load(ctx, stream) })
}

// lookup is for pages and the API, which go on while the event store is away: it
// looks into the audit trail, and into the log only where the trail lacks a fact.
func (r *rooms) lookup() commands.Lookup {
	streams := shownStreams{audittrail.Streams{Read: r.pool, Catalog: r.catalog}, logStreams{r.events, r.watch}}
	return commands.Lookup{Streams: streams, Clock: clock.Now, Zone: r.config.location}
}

type shownStreams struct{ trail, log commands.Streams }

// Load reads a stream.
func (s shownStreams) Load(ctx context.Context, stream string) ([]domain.Recorded, error) {
	facts, err := s.trail.Load(ctx, stream)
	if errors.Is(err, audittrail.ErrIncomplete) {
		return s.log.Load(ctx, stream)
	}
	return facts, err
}
