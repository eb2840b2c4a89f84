package eventlog

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"

	"github.com/jejak-kinerja/jejak/commands"
)

func TestASubscriptionTellsTheEndOfAnEmptyLog(t *testing.T) {
	l := connect(t, serve(t).socket)
	s := subscribe(t, l, 0)
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	for {
		b, err := s.Next(ctx)
		if err != nil {
			t.Fatal(err)
		}
		if len(b.Entries) != 0 {
			t.Errorf("entries %v", b.Entries)
		}
		if b.CaughtUp {
			return
		}
	}
}

func TestASubscriptionGivesHistoryThenNews(t *testing.T) {
	l := connect(t, serve(t).socket)
	const n = 3 * MaxBatch
	for first := 0; first < n; first += 500 {
		mustAppend(t, l, "person-a", int64(first)-1, facts(first, 500))
	}
	s := subscribe(t, l, 0)
	entries, last := collect(t, s, n)
	for i, e := range entries {
		if e.Revision != uint64(i) || e.Err != nil {
			t.Fatalf("event %d has revision %d, %v", i, e.Revision, e.Err)
		}
	}
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	for !last.CaughtUp {
		var err error
		if last, err = s.Next(ctx); err != nil {
			t.Fatal(err)
		}
	}
	place := mustAppend(t, l, "person-b", commands.Empty, facts(0, 1))
	entries, last = collect(t, s, 1)
	if len(entries) != 1 || entries[0].Position != place.Position || last.Position < place.Position || !last.CaughtUp {
		t.Errorf("%d entries, %+v; the place was %+v", len(entries), last.Position, place)
	}
}

func TestASubscriptionResumesStrictlyAfterItsPosition(t *testing.T) {
	l := connect(t, serve(t).socket)
	mustAppend(t, l, "person-a", commands.Empty, facts(0, 10))
	first := subscribe(t, l, 0)
	entries, _ := collect(t, first, 10)
	first.Close()
	if _, err := first.Next(t.Context()); !errors.Is(err, ErrSubscriptionClosed) {
		// What was buffered may still be given; the end comes after it.
		for err == nil {
			_, err = first.Next(t.Context())
		}
		if !errors.Is(err, ErrSubscriptionClosed) {
			t.Errorf("a closed subscription says %v", err)
		}
	}
	again, _ := collect(t, subscribe(t, l, entries[6].Position), 3)
	for i, e := range again {
		if e.ID != entries[7+i].ID {
			t.Errorf("event %d is revision %d", i, e.Revision)
		}
	}
}

func TestNextEndsWithItsContext(t *testing.T) {
	l := connect(t, serve(t).socket)
	s := subscribe(t, l, mustAppend(t, l, "person-a", commands.Empty, facts(0, 1)).Position) // nothing comes after it
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	var err error
	for err == nil {
		_, err = s.Next(ctx)
	}
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Error(err)
	}
}

func TestASlowConsumerHoldsTheStreamBackAndLosesNothing(t *testing.T) {
	l := connect(t, serve(t).socket, func(o *Options) { o.SilenceTimeout = 20 * time.Millisecond })
	s := subscribe(t, l, 0)
	const n = 4 * waitingItems
	for first := 0; first < n; first += 500 {
		mustAppend(t, l, "person-a", int64(first)-1, facts(first, 500))
	}
	eventually(t, func() error {
		if len(s.items) < cap(s.items) {
			return fmt.Errorf("%d items wait", len(s.items))
		}
		return nil
	})
	entries, _ := collect(t, s, n)
	for i, e := range entries {
		if e.Revision != uint64(i) {
			t.Fatalf("event %d has revision %d", i, e.Revision)
		}
	}
}

// TestAFrozenConnectionIsNoticed: the connection stays open, but nothing passes.
func TestAFrozenConnectionIsNoticed(t *testing.T) {
	s := serve(t)
	p := stand(t, s.socket)
	direct := connect(t, s.socket)
	l := connect(t, p.socket, func(o *Options) {
		o.SilenceTimeout, o.CallTimeout = 200*time.Millisecond, 500*time.Millisecond
	})
	mustAppend(t, direct, "person-a", commands.Empty, facts(0, 5))
	sub := subscribe(t, l, 0)
	collect(t, sub, 5)
	p.each((*pipe).freeze)
	mustAppend(t, direct, "person-a", 4, facts(5, 5))
	entries, _ := collect(t, sub, 5)
	for i, e := range entries {
		if e.Revision != uint64(5+i) {
			t.Errorf("event %d has revision %d", i, e.Revision)
		}
	}
}

// TestASilentStreamIsGivenUpOnlyWhenThereIsSomethingToHear: the connection
// works, but the store's subscription says nothing.
func TestASilentStreamIsGivenUpOnlyWhenThereIsSomethingToHear(t *testing.T) {
	l := connect(t, serve(t).socket, func(o *Options) { o.SilenceTimeout = 5 * time.Millisecond })
	f := follower{log: l, items: make(chan item)}
	quiet, done := make(chan *esdb.SubscriptionEvent), make(chan error, 1)

	ctx, cancel := brieflyThenCancelled(t)
	defer cancel()
	if err := f.relay(ctx, nil, quiet, done); !errors.Is(err, context.Canceled) || errors.Is(err, errSilent) {
		t.Errorf("an empty log: %v", err)
	}
	place := mustAppend(t, l, "person-a", commands.Empty, facts(0, 1))
	ctx, cancel = context.WithTimeout(t.Context(), patience)
	defer cancel()
	if err := f.relay(ctx, nil, quiet, done); !errors.Is(err, errSilent) {
		t.Errorf("one event: %v", err)
	}
	f.last = place.Position
	ctx, cancel = brieflyThenCancelled(t)
	defer cancel()
	if err := f.relay(ctx, nil, quiet, done); errors.Is(err, errSilent) {
		t.Errorf("everything heard: %v", err)
	}
}

// brieflyThenCancelled ends without a deadline: gRPC sees a deadline pass a moment
// before the context itself does.
func brieflyThenCancelled(t *testing.T) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(100*time.Millisecond, cancel)
	return ctx, cancel
}
