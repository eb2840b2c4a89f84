package eventlog

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
	"github.com/google/uuid"

	"github.com/jejak-kinerja/jejak/commands"
	"github.com/jejak-kinerja/jejak/commands/storetest"
	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/person"
)

func TestTheLogKeepsThePromiseOfAStore(t *testing.T) {
	l := connect(t, serve(t).socket)
	storetest.Run(t, func(*testing.T) commands.Store { return l })
}

func TestWhatIsAppendedIsLoadedWhole(t *testing.T) {
	l := connect(t, serve(t).socket)
	if events, err := l.Load(t.Context(), "person-a"); err != nil || len(events) != 0 {
		t.Fatalf("a missing stream gives %v, %v", events, err)
	}
	written := facts(0, 3)
	place := mustAppend(t, l, "person-a", commands.Empty, written)
	if place.Revision != 2 || place.Position == 0 {
		t.Errorf("the place is %+v", place)
	}
	events, err := l.Load(t.Context(), "person-a")
	if err != nil || len(events) != 3 {
		t.Fatalf("%v, %v", events, err)
	}
	for n, r := range events {
		w := written[n]
		if r.ID != w.ID || !reflect.DeepEqual(r.Body, w.Body) || r.Meta != w.Meta || r.Revision != uint64(n) ||
			r.Stream != "person-a" || r.Name != "person.post-assigned.v1" || r.StoredAt.IsZero() {
			t.Errorf("event %d is %+v", n, r)
		}
		if _, err := EventLine(r); err != nil {
			t.Error(err)
		}
	}
	if events[2].Position != place.Position || events[1].Position != place.Position-1 {
		t.Errorf("positions %d, %d; the place was %d", events[1].Position, events[2].Position, place.Position)
	}
}

func TestAMovedStreamStoresNothing(t *testing.T) {
	l := connect(t, serve(t).socket)
	mustAppend(t, l, "person-a", commands.Empty, facts(0, 2))
	for _, after := range []int64{commands.Empty, 0, 2, 9} {
		if _, err := l.Append(t.Context(), "person-a", after, facts(9, 1)); !errors.Is(err, commands.ErrMoved) {
			t.Errorf("after %d: %v", after, err)
		}
	}
	if events, err := l.Load(t.Context(), "person-a"); err != nil || len(events) != 2 {
		t.Errorf("%d events, %v", len(events), err)
	}
}

func TestTheSameEventsAreStoredOnce(t *testing.T) {
	l := connect(t, serve(t).socket)
	first, second := facts(0, 2), facts(2, 2)
	one := mustAppend(t, l, "person-a", commands.Empty, first)
	two := mustAppend(t, l, "person-a", 1, second)
	if again := mustAppend(t, l, "person-a", commands.Empty, first); again != one {
		t.Errorf("the first place was %+v, then %+v", one, again)
	}
	if again := mustAppend(t, l, "person-a", 1, second); again != two {
		t.Errorf("the second place was %+v, then %+v", two, again)
	}
	if events, err := l.Load(t.Context(), "person-a"); err != nil || len(events) != 4 {
		t.Errorf("%d events, %v", len(events), err)
	}
}

func TestOfManyWritersOneWinsEachRevision(t *testing.T) {
	l := connect(t, serve(t).socket)
	var writers sync.WaitGroup
	won := make(chan struct{}, 64)
	for range 8 {
		writers.Go(func() {
			if _, err := l.Append(t.Context(), "person-a", commands.Empty, facts(0, 1)); err == nil {
				won <- struct{}{}
			} else if !errors.Is(err, commands.ErrMoved) {
				t.Error(err)
			}
		})
	}
	writers.Wait()
	if len(won) != 1 {
		t.Errorf("%d writers won", len(won))
	}
}

func TestWhatCannotBeStoredIsRefusedBeforeItIsSent(t *testing.T) {
	l := connect(t, serve(t).socket)
	big := facts(0, 400)
	for n := range big {
		big[n].Body = person.PostAssigned{Title: strings.Repeat("x", 4000)}
	}
	if _, err := l.Append(t.Context(), "person-a", commands.Empty, big); domain.SlugOf(err) != "append-too-large" {
		t.Errorf("too large: %v", err)
	}
	for name, e := range map[string][]commands.NewEvent{
		"nothing":          {},
		"no id":            {{ID: "x", Body: person.Registered{}}},
		"an unknown event": {{ID: domain.EventID(uuid.NewString()), Body: struct{}{}}},
	} {
		if _, err := l.Append(t.Context(), "person-a", commands.Empty, e); err == nil || domain.KindOf(err) == domain.Unavailable {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// write stores an event as another program would.
func write(t *testing.T, l *Log, stream, name, data, meta string) {
	t.Helper()
	_, err := call(t.Context(), l, func(ctx context.Context, c *esdb.Client) (*esdb.WriteResult, error) {
		return c.AppendToStream(ctx, stream, esdb.AppendToStreamOptions{}, esdb.EventData{
			EventID: uuid.New(), EventType: name, ContentType: esdb.ContentTypeJson, Data: []byte(data), Metadata: []byte(meta)})
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestAnUnreadableEventIsHandedOverWithItsError(t *testing.T) {
	l := connect(t, serve(t).socket)
	meta, err := encodeMeta(fullMeta())
	if err != nil {
		t.Fatal(err)
	}
	mustAppend(t, l, "person-a", commands.Empty, facts(0, 1))
	write(t, l, "person-b", "person.unheard-of.v1", `{}`, string(meta))
	write(t, l, "person-c", "person.registered.v1", `{"person":"1", "employment":"pns"}`, string(meta))
	write(t, l, "person-d", "person.registered.v1", `{"employment":"pns","person":"1"}`, `{"v":2}`)
	write(t, l, "$private", "person.registered.v1", `{}`, `{}`)
	write(t, l, "person-e", "$private", `{}`, `{}`)
	mustAppend(t, l, "person-z", commands.Empty, facts(0, 1))

	subscribed, _ := collect(t, subscribe(t, l, 0), 5)
	read, err := l.ReadAll(t.Context(), 0, 100, false)
	if err != nil {
		t.Fatal(err)
	}
	for way, entries := range map[string][]Entry{"subscribed": subscribed, "read": read} {
		var seen []string
		for _, e := range entries {
			seen = append(seen, fmt.Sprintf("%s %t", e.Stream, e.Err != nil))
			if (e.Err != nil) != (e.Body == nil) || e.Data == nil || e.Name == "" || e.Position == 0 {
				t.Errorf("%s: %+v", way, e)
			}
		}
		if want := "person-a false,person-b true,person-c true,person-d true,person-z false"; strings.Join(seen, ",") != want {
			t.Errorf("%s: %v", way, seen)
		}
	}
	for _, stream := range []string{"person-b", "person-c", "person-d"} {
		if _, err := l.Load(t.Context(), stream); err == nil || domain.KindOf(err) != 0 {
			t.Errorf("load %s: %v", stream, err)
		}
	}
}

func TestTheLogIsReadInPagesBothWays(t *testing.T) {
	l := connect(t, serve(t).socket)
	const n = 2500 // more than two pages of the library
	var all []domain.EventID
	for first := 0; first < n; first += 500 {
		events := facts(first, 500)
		mustAppend(t, l, "person-a", int64(first)-1, events)
		for _, e := range events {
			all = append(all, e.ID)
		}
	}
	check := func(entries []Entry, want ...domain.EventID) {
		t.Helper()
		if len(entries) != len(want) {
			t.Fatalf("%d events, not %d", len(entries), len(want))
		}
		for i, e := range entries {
			if e.ID != want[i] || e.Err != nil {
				t.Fatalf("event %d is %s, not %s (%v)", i, e.ID, want[i], e.Err)
			}
		}
	}
	backwards := make([]domain.EventID, n)
	for i, id := range all {
		backwards[n-1-i] = id
	}
	read := func(position uint64, limit int, back bool) []Entry {
		t.Helper()
		entries, err := l.ReadAll(t.Context(), position, limit, back)
		if err != nil {
			t.Fatal(err)
		}
		return entries
	}
	check(read(0, MaxReadEvents, false), all...)
	check(read(0, MaxReadEvents, true), backwards...)
	check(read(0, 1, true), all[n-1])
	firsts := read(0, 1500, false)
	check(firsts, all[:1500]...)
	check(read(firsts[1499].Position, 2000, false), all[1500:]...)
	check(read(firsts[1499].Position, 2000, true), backwards[n-1499:]...)
	head, err := l.Head(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	check(read(head, 10, false))
	part, err := l.ReadStream(t.Context(), "person-a", 2400, 50)
	if err != nil {
		t.Fatal(err)
	}
	check(part, all[2400:2450]...)
	for _, limit := range []int{0, -1, MaxReadEvents + 1} {
		if _, err := l.ReadAll(t.Context(), 0, limit, false); domain.KindOf(err) != domain.Invalid {
			t.Errorf("limit %d: %v", limit, err)
		}
	}
}

func TestATombstonedStreamIsNotAnEmptyOne(t *testing.T) {
	l := connect(t, serve(t).socket)
	mustAppend(t, l, "person-a", commands.Empty, facts(0, 1))
	if _, err := call(t.Context(), l, func(ctx context.Context, c *esdb.Client) (*esdb.DeleteResult, error) {
		return c.TombstoneStream(ctx, "person-a", esdb.TombstoneStreamOptions{ExpectedRevision: esdb.Any{}})
	}); err != nil {
		t.Fatal(err)
	}
	if _, err := l.Load(t.Context(), "person-a"); err == nil {
		t.Error("it was loaded")
	}
	if _, err := l.Append(t.Context(), "person-a", commands.Empty, facts(0, 1)); err == nil || errors.Is(err, commands.ErrMoved) {
		t.Errorf("append: %v", err)
	}
}

func TestACallerWhoLeavesGetsItsOwnError(t *testing.T) {
	l := connect(t, serve(t).socket)
	ctx, cancel := context.WithTimeout(t.Context(), time.Nanosecond)
	defer cancel()
	if _, err := l.Load(ctx, "person-a"); !errors.Is(err, context.DeadlineExceeded) || domain.KindOf(err) != 0 {
		t.Errorf("the error is %v", err)
	}
}
