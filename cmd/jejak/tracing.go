package main

import (
	"context"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"time"

	"go.opentelemetry.io/otel/attribute"

	"github.com/jejak-kinerja/jejak/commands"
	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/internal/clock"
	"github.com/jejak-kinerja/jejak/internal/telemetry"
	"github.com/jejak-kinerja/jejak/projections/engine"
)

const (
	// traceFresh is how old a fact may be for the work on it to belong to the trace
	// that stored it. A read model that is filled anew is no part of last year's.
	traceFresh = 10 * time.Minute

	// tracingEnd bounds sending the last spans, should the collector be away.
	tracingEnd = 2 * time.Second
)

// kindOf names the kind of an error in a span; texts of errors stay in the log.
func kindOf(err error) string {
	if slug := domain.SlugOf(err); slug != "" {
		return slug
	}
	return "internal"
}

// quiet are asked all the time, by machines; live pages and the feed last for an hour.
var quiet = []string{"/healthz", "/readyz", "/metrics", "/version", "/aset/", "/langsung", "/v1/events"}

func worthTracing(r *http.Request) bool {
	return !slices.ContainsFunc(quiet, func(path string) bool { return strings.HasPrefix(r.URL.Path, path) })
}

// tracedStore puts every append that is part of a trace into a span, and the
// span's traceparent into the metadata of its events.
type tracedStore struct {
	commands.Store
	tracing *telemetry.Tracing
}

// traced is the store itself when nobody traces.
func (r *rooms) traced(s commands.Store) commands.Store {
	if r.tracing == nil {
		return s
	}
	return tracedStore{s, r.tracing}
}

// Append stores in a span.
func (t tracedStore) Append(ctx context.Context, stream string, after int64, events []commands.NewEvent) (commands.Place, error) {
	if !t.tracing.On(ctx) {
		return t.Store.Append(ctx, stream, after, events)
	}
	category, _, _ := strings.Cut(stream, "-")
	ctx, end := t.tracing.Call(ctx, "append "+category, attribute.String("jejak.category", category), attribute.Int("jejak.events", len(events)))
	events = slices.Clone(events)
	parent := t.tracing.Parent(ctx)
	for i := range events {
		events[i].Meta.Trace = parent
	}
	place, err := t.Store.Append(ctx, stream, after, events)
	end(err)
	return place, err
}

// traceCalls lets the node go on with the traces of its callers.
func traceCalls(tracing *telemetry.Tracing) func(ctx context.Context, call, parent string) func(error) {
	if tracing == nil {
		return nil
	}
	return func(ctx context.Context, call, parent string) func(error) {
		_, end := tracing.Answer(ctx, "eventstore "+call, parent)
		return end
	}
}

// traceFacts puts work on facts into the traces that stored them.
func (r *rooms) traceFacts(work string) func(ctx context.Context, projection string, facts []engine.Fact) (context.Context, func(error)) {
	if r.tracing == nil {
		return nil
	}
	return func(ctx context.Context, projection string, facts []engine.Fact) (context.Context, func(error)) {
		oldest := clock.Now().Add(-traceFresh)
		var parents []string
		for i := range facts {
			if parent := facts[i].Meta.Trace; parent != "" && facts[i].StoredAt.After(oldest) {
				parents = append(parents, parent)
			}
		}
		if len(parents) == 0 {
			return ctx, func(error) {}
		}
		first, last := facts[0].Position, facts[len(facts)-1].Position
		return r.tracing.Work(ctx, work+" "+projection, parents, attribute.String("jejak.projection", projection),
			attribute.Int("jejak.facts", len(facts)), attribute.Int64("jejak.position.first", int64(first)), attribute.Int64("jejak.position.last", int64(last)))
	}
}

// startTracing gives nil when nobody traces.
func startTracing(ctx context.Context, log *slog.Logger) (*telemetry.Tracing, error) {
	if !telemetry.TracingWanted() {
		return nil, nil
	}
	tracing, err := telemetry.StartTracing(ctx, thisRelease().build(), kindOf, log)
	if err != nil {
		return nil, &exitError{exitUsage, err}
	}
	return tracing, nil
}

// endTracing sends the last spans. That they are lost is no failure of the program.
func endTracing(ctx context.Context, tracing *telemetry.Tracing, log *slog.Logger) {
	if tracing == nil {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, tracingEnd)
	defer cancel()
	if err := tracing.Close(ctx); err != nil {
		log.Warn("the last traces are lost", slog.Any("error", err))
	}
}
