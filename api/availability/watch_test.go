package availability_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jejak-kinerja/jejak/api/availability"
	"github.com/jejak-kinerja/jejak/commands"
	"github.com/jejak-kinerja/jejak/domain"
)

var unreachable = fmt.Errorf("read: %w", &domain.Error{Kind: domain.Unavailable, Slug: "event-store-unreachable"})

// store counts its calls and answers them all alike.
type store struct {
	calls atomic.Int64
	err   error
}

func (s *store) Load(context.Context, string) ([]domain.Recorded, error) {
	s.calls.Add(1)
	return nil, s.err
}

func (s *store) Append(context.Context, string, int64, []commands.NewEvent) (commands.Place, error) {
	s.calls.Add(1)
	return commands.Place{}, s.err
}

// probed is the answer of the store to the watch's own question.
type probed struct {
	head uint64
	err  error
}

func newWatch(t *testing.T, answer *probed, shown uint64, now *time.Time) *availability.Watch {
	t.Helper()
	return availability.New(availability.Options{
		Head:  func(context.Context) (uint64, error) { return answer.head, answer.err },
		Shown: func(position uint64) bool { return position <= shown },
		Clock: func() time.Time { return *now },
		Log:   slog.New(slog.DiscardHandler),
	})
}

func TestOnceAnOutageIsKnownNoCommandReachesTheStore(t *testing.T) {
	answer, now := &probed{head: 7}, time.Now()
	w := newWatch(t, answer, 7, &now)
	inner := &store{err: unreachable}
	guarded := w.Guard(inner)
	if _, err := guarded.Load(t.Context(), "plan-1"); !errors.Is(err, unreachable) {
		t.Fatalf("the first call gives %v", err)
	}
	_, loaded := guarded.Load(t.Context(), "plan-1")
	_, appended := guarded.Append(t.Context(), "plan-1", -1, nil)
	for _, err := range []error{loaded, appended} {
		if domain.KindOf(err) != domain.Unavailable || domain.SlugOf(err) != "event-store-away" {
			t.Errorf("a call in the outage gives %v", err)
		}
	}
	if n := inner.calls.Load(); n != 1 {
		t.Errorf("%d calls reached the store, want the one that noticed", n)
	}
	w.Probe(t.Context())
	if s := w.State(); s.Condition != availability.Ready {
		t.Errorf("after an answer the store is %+v", s)
	}
	inner.err = nil
	if _, err := guarded.Load(t.Context(), "plan-1"); err != nil {
		t.Error(err)
	}
}

func TestACallersOwnHasteIsNoOutage(t *testing.T) {
	now := time.Now()
	w := newWatch(t, &probed{}, 0, &now)
	for _, err := range []error{nil, context.Canceled, context.DeadlineExceeded, commands.ErrMoved, domain.Missing("person-unknown", "none")} {
		w.Heard(err)
		if s := w.State(); s.Condition != availability.Ready {
			t.Errorf("%v makes the store %s", err, s.Condition)
		}
	}
}

func TestARefusalOutlastsAnAbsence(t *testing.T) {
	answer, now := &probed{head: 3}, time.Now()
	w := newWatch(t, answer, 3, &now)
	older := &domain.Error{Kind: domain.Unavailable, Slug: "log-older"}
	w.Refuse(older)
	answer.err = unreachable
	w.Probe(t.Context())
	answer.err = nil
	w.Probe(t.Context())
	if err := w.Err(); !errors.Is(err, older) {
		t.Errorf("the refusal has become %v", err)
	}
	w.Refuse(nil)
	if err := w.Err(); err != nil {
		t.Error(err)
	}
}

func TestAsOfIsTheLastTimeAtWhichEverythingWasShown(t *testing.T) {
	answer, now := &probed{head: 5}, time.Date(2026, 3, 2, 2, 0, 0, 0, time.UTC)
	w := newWatch(t, answer, 5, &now)
	w.Probe(t.Context())
	shown := now
	now, answer.head = now.Add(time.Minute), 6 // not shown yet
	w.Probe(t.Context())
	now, answer.err = now.Add(time.Minute), unreachable
	w.Probe(t.Context())
	s := w.State()
	if s.Condition != availability.Away || !s.AsOf.Equal(shown) || !s.Since.Equal(now) || s.Head != 6 {
		t.Errorf("the state is %+v, want away since %v as of %v", s, now, shown)
	}
}

func TestInABusyCityAsOfIsTheEndOfAMomentAgo(t *testing.T) {
	answer, now, shown := &probed{}, time.Date(2026, 3, 2, 2, 0, 0, 0, time.UTC), uint64(0)
	w := availability.New(availability.Options{
		Head:  func(context.Context) (uint64, error) { return answer.head, answer.err },
		Shown: func(position uint64) bool { return position <= shown },
		Clock: func() time.Time { return now }, Log: slog.New(slog.DiscardHandler),
	})
	for range 5 { // a hundred facts between two looks, of which the last few are not applied yet
		answer.head += 100
		shown = answer.head - 3
		w.Probe(t.Context())
		now = now.Add(2 * time.Second)
	}
	answer.err = unreachable
	shown = answer.head
	w.Probe(t.Context())
	if s, want := w.State(), now.Add(-2*time.Second); !s.AsOf.Equal(want) {
		t.Errorf("everything up to %v is shown, but the pages are as of %v", want, s.AsOf)
	}
}

func TestTheWatchNoticesAStoreThatLeavesAndReturns(t *testing.T) {
	var away atomic.Bool
	newest := time.Date(2026, 3, 1, 2, 0, 0, 0, time.UTC)
	away.Store(true)
	w := availability.New(availability.Options{
		Head: func(ctx context.Context) (uint64, error) {
			if away.Load() { // frozen: it answers nothing
				<-ctx.Done()
				return 0, ctx.Err()
			}
			return 1, nil
		},
		Newest: func(context.Context) (time.Time, error) { return newest, nil },
		Log:    slog.New(slog.DiscardHandler),
	})
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() { defer close(done); w.Run(ctx) }()
	defer func() { stop(); <-done }()
	until(t, w, availability.Away)
	if s := w.State(); !s.AsOf.Equal(newest) {
		t.Errorf("without an answer since the start the pages are of %v, want the newest fact's %v", s.AsOf, newest)
	}
	away.Store(false)
	until(t, w, availability.Ready)
}

// A store that takes three seconds to answer was away for ever: no command was taken.
func TestAStoreThatIsSlowButAnswersIsNotAwayForEver(t *testing.T) {
	var asked atomic.Int64
	w := availability.New(availability.Options{
		Head: func(ctx context.Context) (uint64, error) {
			asked.Add(1)
			select {
			case <-time.After(3 * time.Second):
				return 1, nil
			case <-ctx.Done():
				return 0, ctx.Err()
			}
		},
		Log: slog.New(slog.DiscardHandler),
	})
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() { defer close(done); w.Run(ctx) }()
	defer func() { stop(); <-done }()
	until(t, w, availability.Away)
	until(t, w, availability.Ready)
	was, since := asked.Load(), w.State().Since
	for asked.Load() < was+3 { // two questions more have been answered
		time.Sleep(20 * time.Millisecond)
	}
	if s := w.State(); s.Condition != availability.Ready || !s.Since.Equal(since) {
		t.Errorf("it comes and goes: %+v, ready since %v before", s, since)
	}
}

func until(t *testing.T, w *availability.Watch, want availability.Condition) {
	t.Helper()
	for limit := time.Now().Add(time.Minute); w.State().Condition != want; time.Sleep(10 * time.Millisecond) {
		if time.Now().After(limit) {
			t.Fatalf("the store never became %s", want)
		}
	}
}
