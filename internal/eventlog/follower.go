package eventlog

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
)

const (
	// searchWindow events are looked at by the store between two checkpoints of a
	// subscription, so that a long run of system events does not look like silence.
	searchWindow = 1_000

	firstResubscription = 100 * time.Millisecond
	maxResubscription   = 5 * time.Second
)

// errSilent ends a subscription that heard nothing while there was something.
var errSilent = errors.New("the subscription fell silent")

// follower feeds one Subscription.
type follower struct {
	log   *Log
	items chan<- item
	last  uint64 // position up to which everything was handed over
	live  bool   // the end of the log was reached
}

// follow keeps a subscription running until ctx ends.
func (f *follower) follow(ctx context.Context) {
	pause := firstResubscription
	for {
		before := f.last
		err := f.once(ctx)
		if ctx.Err() != nil {
			return
		}
		f.live = false
		if f.last > before {
			pause = firstResubscription
		}
		f.log.log.Warn("the event store's subscription broke", slog.Any("error", err), slog.Uint64("position", f.last), slog.Duration("pause", pause))
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return
		}
		pause = min(2*pause, maxResubscription)
	}
}

// once runs one subscription of the library to its end.
func (f *follower) once(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	waiting, stop := context.WithTimeout(ctx, f.log.callTimeout)
	link, err := f.log.gate.acquire(waiting)
	stop()
	if err != nil {
		cancel()
		return err
	}
	heard := make(chan *esdb.SubscriptionEvent)
	done := make(chan error, 1)
	go func() {
		defer f.log.gate.release(link)
		err := listen(ctx, link.client, f.last, heard)
		if broken(err) {
			f.log.gate.retire(link)
		}
		done <- err
	}()
	err = f.relay(ctx, heard, done)
	if errors.Is(err, errSilent) {
		f.log.gate.retire(link)
	}
	cancel()
	select { // a library call that ignores its context is left behind, not waited for
	case <-done:
	case <-time.After(f.log.callTimeout):
	}
	return err
}

// listen receives what the store sends; back-pressure reaches the store, as the
// stream is read no faster than heard is.
func listen(ctx context.Context, client *esdb.Client, after uint64, heard chan<- *esdb.SubscriptionEvent) error {
	_, err := guarded(func() (struct{}, error) {
		options := esdb.SubscribeToAllOptions{
			From: esdb.Start{}, Filter: esdb.ExcludeSystemEventsFilter(), MaxSearchWindow: searchWindow, CheckpointInterval: 1,
		}
		if after > 0 {
			options.From = esdb.Position{Commit: after, Prepare: after}
		}
		subscription, err := client.SubscribeToAll(ctx, options)
		if err != nil {
			return struct{}{}, err
		}
		defer subscription.Close() //nolint:errcheck // it cannot fail
		for {
			event := subscription.Recv()
			if event.SubscriptionDropped != nil {
				return struct{}{}, event.SubscriptionDropped.Error
			}
			select {
			case heard <- event:
			case <-ctx.Done():
				return struct{}{}, ctx.Err()
			}
		}
	})
	return err
}

// relay hands on what is heard, and grows suspicious of silence. The time in
// which the consumer is busy does not count as silence.
func (f *follower) relay(ctx context.Context, heard <-chan *esdb.SubscriptionEvent, done chan error) error {
	silence := time.NewTimer(f.log.silenceTimeout)
	defer silence.Stop()
	for {
		select {
		case event := <-heard:
			if err := f.hand(ctx, event); err != nil {
				return err
			}
		case err := <-done:
			done <- err
			return fmt.Errorf("the store ended it: %w", err)
		case <-silence.C:
			missed, err := f.log.ReadAll(ctx, f.last, 1, false)
			if ctx.Err() != nil {
				return ctx.Err()
			}
			if err != nil {
				return fmt.Errorf("%w: %w", errSilent, err)
			}
			select {
			case event := <-heard: // it came while we looked
				if err := f.hand(ctx, event); err != nil {
					return err
				}
			default:
				if len(missed) > 0 {
					return fmt.Errorf("%w, but position %d was reached", errSilent, missed[0].Position)
				}
			}
		case <-ctx.Done():
			return ctx.Err()
		}
		silence.Reset(f.log.silenceTimeout)
	}
}

// hand gives the consumer one word of the store.
func (f *follower) hand(ctx context.Context, event *esdb.SubscriptionEvent) error {
	next := item{position: f.last, caughtUp: f.live}
	switch {
	case event.EventAppeared != nil:
		e := event.EventAppeared.OriginalEvent()
		if e == nil || system(e) || e.Position.Commit <= f.last {
			return nil
		}
		entry := f.log.entry(e)
		next.entry, next.position = &entry, entry.Position
	case event.CheckPointReached != nil:
		if next.position = event.CheckPointReached.Commit; next.position <= f.last {
			return nil
		}
	case event.CaughtUp != nil:
		next.caughtUp = true
	case event.FellBehind != nil:
		next.caughtUp = false
	}
	select {
	case f.items <- next:
		f.last, f.live = next.position, next.caughtUp
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
