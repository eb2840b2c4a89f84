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
	maxResubscription   = time.Second // a store that has come back is heard within it
)

// errSilent ends a subscription that heard nothing while there was something.
var errSilent = errors.New("the subscription fell silent")

// follower feeds one Subscription.
type follower struct {
	log   *Log
	items chan<- item
	event uint64 // position of the last event that was handed over, or of the start
	id    string // of that event; "" while it is not known
	last  uint64 // position up to which nothing more is expected: event, or a checkpoint after it
	live  bool   // the store said that it has sent everything
}

// follow keeps a subscription running until ctx ends, or its position turns out to
// be none of the log.
func (f *follower) follow(ctx context.Context) error {
	pause := firstResubscription
	for {
		before := f.last
		err := f.once(ctx)
		if ctx.Err() != nil {
			return ErrSubscriptionClosed
		}
		f.live = false
		if errors.Is(err, ErrNotAPlace) {
			if f.last == f.event {
				return fmt.Errorf("follow the log after %d: %w", f.event, err)
			}
			f.last = f.event // the checkpoint was none; the event before it is
			continue
		}
		if f.last > before {
			pause = firstResubscription
		}
		f.log.log.Warn("the event store's subscription broke", slog.Any("error", err), slog.Uint64("position", f.last), slog.Duration("pause", pause))
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return ErrSubscriptionClosed
		}
		pause = min(2*pause, maxResubscription)
	}
}

// once runs one subscription of the library to its end.
func (f *follower) once(ctx context.Context) error {
	if err := f.checkStart(ctx); err != nil {
		return err
	}
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
		err := listen(f.log.gate.cluster.dialer.login.sign(ctx), link.client, f.last, heard)
		if ctx.Err() == nil {
			f.log.gate.judge(link, err)
		}
		done <- err
	}()
	err = f.relay(ctx, link.retired, heard, done)
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

// checkStart refuses to follow from where the log has nothing: the store would
// confirm the subscription, call it caught up, and keep back every event up to there.
func (f *follower) checkStart(ctx context.Context) error {
	if f.last == 0 {
		return nil
	}
	if err := f.checkLast(ctx); err != nil {
		return err
	}
	page, err := f.log.page(ctx, f.last, 1, false)
	if err != nil {
		return err
	}
	if len(page) > 0 && page[0].Position.Commit == f.event {
		f.id = page[0].EventID.String()
	}
	return checkAhead(page, f.last)
}

// checkLast refuses to go on in a log that does not have the event that was handed
// over last: another store stands there now, or an older state of the same one.
func (f *follower) checkLast(ctx context.Context) error {
	if f.id == "" {
		return nil
	}
	held, ok, err := f.log.RawAt(ctx, f.event, f.event)
	if err != nil || ok && held.ID == f.id {
		return err
	}
	f.last = f.event // no checkpoint after it counts either
	return fmt.Errorf("the event %s is no longer at position %d: %w", f.id, f.event, ErrNotAPlace)
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

// relay hands on what is heard, until the link is retired, and grows suspicious of silence. The time in
// which the consumer is busy does not count as silence.
func (f *follower) relay(ctx context.Context, retired <-chan struct{}, heard <-chan *esdb.SubscriptionEvent, done chan error) error {
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
			return fmt.Errorf("the store ended it: %w", fault(ctx, err))
		case <-retired:
			return errLeft
		case <-silence.C:
			missed, err := f.log.ReadAll(ctx, f.last, 1, false)
			if ctx.Err() != nil {
				return ctx.Err()
			}
			if errors.Is(err, ErrNotAPlace) {
				return err
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

// hand gives the consumer one word of the store. Only the place of an event is
// certain, so only events decide which ones are new. A checkpoint is believed when
// it can lie in the log: a store that has not met an event yet names 0, or a number
// beyond all positions.
func (f *follower) hand(ctx context.Context, event *esdb.SubscriptionEvent) error {
	next := item{position: f.last, caughtUp: f.live}
	switch {
	case event.EventAppeared != nil:
		e := event.EventAppeared.OriginalEvent()
		if e == nil || system(e) || e.Position.Commit <= f.event {
			return nil
		}
		entry := f.log.entry(e)
		next.entry, next.position = &entry, entry.Position
	case event.CheckPointReached != nil:
		if next.position = event.CheckPointReached.Commit; next.position <= f.last || next.position > maxPosition {
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
		if next.entry != nil {
			f.event, f.id = next.position, string(next.entry.ID)
		}
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
