package main

import (
	"context"
	"errors"
	"iter"
	"sync"

	"github.com/jejak-kinerja/jejak/api/availability"
	"github.com/jejak-kinerja/jejak/api/feed"
	"github.com/jejak-kinerja/jejak/internal/bus"
	"github.com/jejak-kinerja/jejak/internal/eventlog"
	"github.com/jejak-kinerja/jejak/projections/engine"
)

// carry brings facts from the log to every projection until ctx ends, and keeps
// the leases that it takes to write them. When the log turns out not to be the one
// of the read models, or another one is adopted, it begins anew at the checkpoints.
func (r *rooms) carry(ctx context.Context) error {
	ctx, stop := context.WithCancel(ctx)
	var keeping sync.WaitGroup
	keeping.Go(func() { r.engine.KeepLeases(ctx) })
	defer keeping.Wait()
	defer stop()
	for {
		running, end := r.untilChanged(ctx)
		err := r.carryOne(running)
		end()
		if err != nil || ctx.Err() != nil {
			return err
		}
	}
}

// untilChanged gives a context that ends when the log is another one than now.
func (r *rooms) untilChanged(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(ctx)
	changed := r.logs.Changed()
	go func() {
		defer cancel()
		select {
		case <-changed:
		case <-ctx.Done():
		}
	}()
	return ctx, cancel
}

// carryOne follows one log.
func (r *rooms) carryOne(ctx context.Context) error {
	var handlers []bus.Handler
	for _, name := range r.engine.Names() {
		handlers = append(handlers, bus.Handler{
			Name: name,
			Checkpoint: func(ctx context.Context) (bus.Checkpoint, error) {
				at, err := r.engine.Reached(ctx, name)
				return bus.Checkpoint{Position: at.Position, Facts: uint64(max(at.Facts, 0)), Counted: at.Facts.Known()}, err
			},
			Handle: func(ctx context.Context, after uint64, facts []bus.Fact) error {
				return r.engine.Handle(ctx, name, after, facts)
			},
		})
	}
	return bus.Run(ctx, bus.Options{Source: factSource{r}, Handlers: handlers, Outage: func(err error) bool { return errors.Is(err, engine.ErrOutage) },
		Trace: r.traceFacts("process"), Log: r.log, Registerer: r.metrics.Registerer()})
}

// factSource gives the bus the log.
type factSource struct{ rooms *rooms }

// Subscribe follows the log, once it is known to be the right one.
func (s factSource) Subscribe(ctx context.Context, after uint64) (bus.Stream, error) {
	if err := s.rooms.rightLog(ctx); err != nil {
		return nil, err
	}
	sub, err := s.rooms.events.Subscribe(ctx, after)
	if err != nil {
		return nil, err
	}
	return factStream{sub}, nil
}

type factStream struct{ sub *eventlog.Subscription }

// Next gives what is there, at least one fact.
func (s factStream) Next(ctx context.Context) ([]bus.Fact, error) {
	for {
		batch, err := s.sub.Next(ctx)
		if err != nil {
			return nil, err
		}
		if len(batch.Entries) > 0 {
			return factsOf(batch.Entries), nil
		}
	}
}

// Close ends the subscription.
func (s factStream) Close() error {
	s.sub.Close()
	return nil
}

func factsOf(entries []eventlog.Entry) []bus.Fact {
	facts := make([]bus.Fact, len(entries))
	for n, e := range entries {
		facts[n] = bus.Fact(e)
	}
	return facts
}

// readFacts gives the whole log after a position, for a rebuild.
func (r *rooms) readFacts(ctx context.Context, after uint64) iter.Seq2[[]engine.Fact, error] {
	return func(yield func([]engine.Fact, error) bool) {
		for entries, err := range r.events.Pages(ctx, after) {
			if !yield(factsOf(entries), err) {
				return
			}
		}
	}
}

// feedSource gives the event feed the log.
type feedSource struct {
	log   *eventlog.Log
	watch *availability.Watch
	rooms *rooms
}

// ReadAll gives a page.
func (s feedSource) ReadAll(ctx context.Context, after uint64, limit int) ([]feed.Entry, error) {
	entries, err := availability.Read(s.watch, func() ([]eventlog.Entry, error) { return s.log.ReadAll(ctx, after, limit, false) })
	return feedEntries(entries), err
}

// Find looks for an event from the end on.
func (s feedSource) Find(ctx context.Context, id string, among int) (position uint64, ok bool, err error) {
	ok, err = availability.Read(s.watch, func() (bool, error) {
		position, ok, err = s.log.FindEvent(ctx, id, among, func(int) {})
		return ok, err
	})
	return position, ok, err
}

// Head gives the newest position.
func (s feedSource) Head(ctx context.Context) (uint64, error) { return s.log.Head(ctx) }

// Subscribe follows the log while it is the read models'.
func (s feedSource) Subscribe(ctx context.Context, after uint64) (feed.Subscription, error) {
	ctx, end := s.rooms.untilChanged(ctx)
	if err := s.rooms.rightLog(ctx); err != nil {
		end()
		return nil, err
	}
	sub, err := s.log.Subscribe(ctx, after)
	if err != nil {
		end()
		return nil, err
	}
	return feedSubscription{sub, end}, nil
}

type feedSubscription struct {
	*eventlog.Subscription
	end context.CancelFunc
}

// Close ends the subscription.
func (s feedSubscription) Close() {
	s.end()
	s.Subscription.Close()
}

// Next gives what is new, perhaps nothing.
func (s feedSubscription) Next(ctx context.Context) ([]feed.Entry, error) {
	batch, err := s.Subscription.Next(ctx)
	return feedEntries(batch.Entries), err
}

func feedEntries(entries []eventlog.Entry) []feed.Entry {
	out := make([]feed.Entry, len(entries))
	for n, e := range entries {
		out[n] = feed.Entry(e)
	}
	return out
}
