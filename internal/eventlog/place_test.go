package eventlog

import (
	"context"
	"errors"
	"math"
	"testing"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"

	"github.com/jejak-kinerja/jejak/commands"
	"github.com/jejak-kinerja/jejak/domain"
)

// strange are positions that the log of these tests, with one event, does not have.
var strange = map[string]uint64{
	"just beyond the end": 1_000, "far beyond the end": math.MaxInt64, "no position": math.MaxInt64 + 1, "the end itself": math.MaxUint64,
}

func TestAPositionThatIsNoneOfTheLogIsRefusedByEveryReader(t *testing.T) {
	l := connect(t, serve(t).socket)
	mustAppend(t, l, "person-a", commands.Empty, facts(0, 1))
	for what, at := range strange {
		for reader, read := range map[string]func(context.Context) error{
			"ReadAll":   func(ctx context.Context) error { _, err := l.ReadAll(ctx, at, 10, false); return err },
			"ReadWhole": func(ctx context.Context) error { _, err := l.ReadWhole(ctx, at); return err },
			"ReadRaw":   func(ctx context.Context) error { _, err := l.ReadRaw(ctx, at, at); return err },
			"Pages": func(ctx context.Context) error {
				for _, err := range l.Pages(ctx, at) {
					return err
				}
				return nil
			},
			"Subscribe": func(ctx context.Context) error { _, err := subscribe(t, l, at).Next(ctx); return err },
		} {
			ctx, cancel := context.WithTimeout(t.Context(), patience)
			err := read(ctx)
			cancel()
			if !errors.Is(err, ErrNotAPlace) || domain.KindOf(err) != domain.Conflict || domain.SlugOf(err) != "not-a-place-of-this-log" {
				t.Errorf("%s from %s: %v", reader, what, err)
			}
		}
		if raw, ok, err := l.RawAt(t.Context(), at, at); ok || err != nil {
			t.Errorf("RawAt of %s: %+v, %t, %v", what, raw, ok, err)
		}
	}
}

func TestRawAtFindsTheEventAtItsPlaceOnly(t *testing.T) {
	l := connect(t, serve(t).socket)
	events := facts(0, 1)
	at := mustAppend(t, l, "person-a", commands.Empty, events).Position
	if raw, ok, err := l.RawAt(t.Context(), at, at); !ok || err != nil || raw.ID != string(events[0].ID) {
		t.Errorf("%+v, %t, %v", raw, ok, err)
	}
	for _, place := range [][2]uint64{{0, 0}, {at, at + 1}} {
		if raw, ok, err := l.RawAt(t.Context(), place[0], place[1]); ok || err != nil {
			t.Errorf("%v: %+v, %t, %v", place, raw, ok, err)
		}
	}
}

// TestOnlyEventsDecideWhichOnesAreNew: what stores have been seen to send, and what
// none should.
func TestOnlyEventsDecideWhichOnesAreNew(t *testing.T) {
	const start = 500
	event := func(at uint64) *esdb.SubscriptionEvent {
		return &esdb.SubscriptionEvent{EventAppeared: &esdb.ResolvedEvent{Event: &esdb.RecordedEvent{
			EventType: "person.x", StreamID: "person-a", Position: esdb.Position{Commit: at, Prepare: at}}}}
	}
	checkpoint := func(at uint64) *esdb.SubscriptionEvent {
		return &esdb.SubscriptionEvent{CheckPointReached: &esdb.Position{Commit: at, Prepare: at}}
	}
	for name, c := range map[string]struct {
		said []*esdb.SubscriptionEvent
		want []uint64 // positions of the events handed over
		last uint64
	}{
		"nowhere yet, as the largest number":   {said: []*esdb.SubscriptionEvent{checkpoint(math.MaxUint64), event(733)}, want: []uint64{733}, last: 733},
		"nowhere yet, as a number beyond all":  {said: []*esdb.SubscriptionEvent{checkpoint(math.MaxInt64 + 1), event(733)}, want: []uint64{733}, last: 733},
		"nowhere yet, as zero":                 {said: []*esdb.SubscriptionEvent{checkpoint(0), event(733)}, want: []uint64{733}, last: 733},
		"a place behind the start":             {said: []*esdb.SubscriptionEvent{checkpoint(400)}, last: start},
		"a place between events":               {said: []*esdb.SubscriptionEvent{event(733), checkpoint(800), event(832)}, want: []uint64{733, 832}, last: 832},
		"a place that says how far it looked":  {said: []*esdb.SubscriptionEvent{event(733), checkpoint(800)}, want: []uint64{733}, last: 800},
		"a place that an event comes short of": {said: []*esdb.SubscriptionEvent{checkpoint(9_000), event(733)}, want: []uint64{733}, last: 733},
		"an event for the second time":         {said: []*esdb.SubscriptionEvent{event(733), event(733), event(832)}, want: []uint64{733, 832}, last: 832},
	} {
		t.Run(name, func(t *testing.T) {
			items := make(chan item, len(c.said))
			f := follower{log: &Log{catalog: ledger(t)}, items: items, event: start, last: start}
			for _, e := range c.said {
				if err := f.hand(t.Context(), e); err != nil {
					t.Fatal(err)
				}
			}
			close(items)
			var got []uint64
			for i := range items {
				if i.entry != nil {
					got = append(got, i.entry.Position)
				}
			}
			if len(got) != len(c.want) {
				t.Fatalf("got events %v, want %v", got, c.want)
			}
			for n := range got {
				if got[n] != c.want[n] {
					t.Errorf("got events %v, want %v", got, c.want)
				}
			}
			if f.last != c.last {
				t.Errorf("it stands at %d, want %d", f.last, c.last)
			}
		})
	}
}
