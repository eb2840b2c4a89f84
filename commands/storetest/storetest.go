// Package storetest is the promise of commands.Store as a suite of tests, run on
// every implementation. Streams have fresh names, so that the suite can run on a
// store that already holds events.
package storetest

import (
	"crypto/rand"
	"errors"
	"fmt"
	"reflect"
	"sync"
	"testing"
	"time"

	"github.com/jejak-kinerja/jejak/commands"
	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/catalog"
	"github.com/jejak-kinerja/jejak/domain/unit"
)

// Run checks every sentence of the promise on stores made by open.
func Run(t *testing.T, open func(t *testing.T) commands.Store) {
	t.Helper()
	for _, s := range []struct {
		sentence string
		check    func(*testing.T, commands.Store)
	}{
		{"a stream that does not exist has no events", missingStreamIsEmpty},
		{"the first append comes after Empty", firstAppend},
		{"the next append comes after the last revision", nextAppend},
		{"a wrong revision is ErrMoved and stores nothing", wrongRevision},
		{"the same events again are stored once and answered with the first place", sameAgain},
		{"the same events again are answered with the first place after the stream moved on", sameAgainLater},
		{"events keep their order, also in many appends", order},
		{"one append takes as many events as one command may cause", largest},
		{"of concurrent writers one wins", concurrent},
		{"positions grow over all streams", positions},
		{"an event comes back as it was given", whole},
	} {
		t.Run(s.sentence, func(t *testing.T) { s.check(t, open(t)) })
	}
}

func missingStreamIsEmpty(t *testing.T, store commands.Store) {
	if got := load(t, store, fresh()); len(got) != 0 {
		t.Fatalf("got %d events", len(got))
	}
}

func firstAppend(t *testing.T, store commands.Store) {
	stream := fresh()
	place := appendTo(t, store, stream, commands.Empty, facts(2))
	if place.Revision != 1 || place.Position == 0 {
		t.Fatalf("place %+v", place)
	}
	if _, err := store.Append(t.Context(), stream, commands.Empty, facts(1)); !errors.Is(err, commands.ErrMoved) {
		t.Fatalf("a second first append: %v", err)
	}
	expect(t, load(t, store, stream), 2)
}

func nextAppend(t *testing.T, store commands.Store) {
	stream := fresh()
	appendTo(t, store, stream, commands.Empty, facts(2))
	if place := appendTo(t, store, stream, 1, facts(3)); place.Revision != 4 {
		t.Fatalf("place %+v", place)
	}
	expect(t, load(t, store, stream), 5)
}

func wrongRevision(t *testing.T, store commands.Store) {
	stream, empty := fresh(), fresh()
	appendTo(t, store, stream, commands.Empty, facts(2))
	for _, after := range []int64{commands.Empty, 0, 2, 7} {
		if _, err := store.Append(t.Context(), stream, after, facts(1)); !errors.Is(err, commands.ErrMoved) {
			t.Errorf("after %d: %v", after, err)
		}
	}
	if _, err := store.Append(t.Context(), empty, 0, facts(1)); !errors.Is(err, commands.ErrMoved) {
		t.Errorf("after 0 of an empty stream: %v", err)
	}
	expect(t, load(t, store, stream), 2)
	expect(t, load(t, store, empty), 0)
}

func sameAgain(t *testing.T, store commands.Store) {
	stream := fresh()
	first, second := facts(2), facts(1)
	was := appendTo(t, store, stream, commands.Empty, first)
	if again := appendTo(t, store, stream, commands.Empty, first); again != was {
		t.Errorf("first append again: %+v, was %+v", again, was)
	}
	was = appendTo(t, store, stream, 1, second)
	if again := appendTo(t, store, stream, 1, second); again != was {
		t.Errorf("second append again: %+v, was %+v", again, was)
	}
	expect(t, load(t, store, stream), 3)
}

func sameAgainLater(t *testing.T, store commands.Store) {
	stream := fresh()
	first, second := facts(2), facts(2)
	was := appendTo(t, store, stream, commands.Empty, first)
	wasSecond := appendTo(t, store, stream, 1, second)
	appendTo(t, store, stream, 3, facts(3))
	if again := appendTo(t, store, stream, commands.Empty, first); again != was {
		t.Errorf("first append again: %+v, was %+v", again, was)
	}
	if again := appendTo(t, store, stream, 1, second); again != wasSecond {
		t.Errorf("second append again: %+v, was %+v", again, wasSecond)
	}
	expect(t, load(t, store, stream), 7)
}

// manyAppends make a stream longer than one page of any reader we use.
const manyAppends, eventsEach = 30, 40

func order(t *testing.T, store commands.Store) {
	stream := fresh()
	var given []commands.NewEvent
	for range manyAppends {
		events := facts(eventsEach)
		appendTo(t, store, stream, int64(len(given))-1, events)
		given = append(given, events...)
	}
	got := load(t, store, stream)
	expect(t, got, len(given))
	for i, r := range got {
		if r.ID != given[i].ID {
			t.Fatalf("revision %d is %s, want %s", i, r.ID, given[i].ID)
		}
	}
}

func largest(t *testing.T, store commands.Store) {
	stream := fresh()
	place := appendTo(t, store, stream, commands.Empty, facts(commands.MaxEventsPerCommand))
	if place.Revision != commands.MaxEventsPerCommand-1 {
		t.Fatalf("place %+v", place)
	}
	expect(t, load(t, store, stream), commands.MaxEventsPerCommand)
}

// writers is more than the cores of any machine that runs this.
const writers = 16

func concurrent(t *testing.T, store commands.Store) {
	stream := fresh()
	errs := make([]error, writers)
	given := make([][]commands.NewEvent, writers)
	var all sync.WaitGroup
	for i := range writers {
		given[i] = facts(2)
		all.Go(func() { _, errs[i] = store.Append(t.Context(), stream, commands.Empty, given[i]) })
	}
	all.Wait()
	winner := -1
	for i, err := range errs {
		switch {
		case err == nil && winner >= 0:
			t.Fatalf("writers %d and %d both won", winner, i)
		case err == nil:
			winner = i
		case !errors.Is(err, commands.ErrMoved):
			t.Fatalf("writer %d: %v", i, err)
		}
	}
	if winner < 0 {
		t.Fatal("nobody won")
	}
	got := load(t, store, stream)
	expect(t, got, 2)
	if got[0].ID != given[winner][0].ID || got[1].ID != given[winner][1].ID {
		t.Fatal("the stream holds another writer's events than the winner's")
	}
}

func positions(t *testing.T, store commands.Store) {
	streams := []string{fresh(), fresh(), fresh()}
	var last uint64
	for round := range 3 {
		for _, stream := range streams {
			place := appendTo(t, store, stream, int64(2*round)-1, facts(2))
			if place.Position <= last {
				t.Fatalf("position %d after %d", place.Position, last)
			}
			got := load(t, store, stream)
			if tail := got[len(got)-2:]; tail[0].Position >= tail[1].Position || tail[0].Position <= last || tail[1].Position != place.Position {
				t.Fatalf("positions %d and %d after %d, answered %d", tail[0].Position, tail[1].Position, last, place.Position)
			}
			last = place.Position
		}
	}
}

func whole(t *testing.T, store commands.Store) {
	stream := fresh()
	given := []commands.NewEvent{
		{ID: newID(), Meta: fullMeta(), Body: unit.Established{Unit: "dispar", Code: "1.02.03", Name: "Dinas <Pariwisata> & \"Laut\" \u2028é",
			Kind: unit.Agency, Parent: "kota", From: "2026-01-02", Origin: "contoh"}},
		{ID: newID(), Meta: sparseMeta(), Body: unit.Closed{LastDay: "2026-12-31"}},
	}
	appendTo(t, store, stream, commands.Empty, given)
	got := load(t, store, stream)
	expect(t, got, len(given))
	names, err := catalog.Ledger()
	if err != nil {
		t.Fatal(err)
	}
	for i, r := range got {
		name, data, err := names.Encode(given[i].Body)
		if err != nil {
			t.Fatal(err)
		}
		if r.Stream != stream || r.ID != given[i].ID || r.Name != name || string(r.Data) != string(data) {
			t.Errorf("got %s %s %s %s\nwant %s %s %s %s", r.Stream, r.ID, r.Name, r.Data, stream, given[i].ID, name, data)
		}
		if !reflect.DeepEqual(r.Body, given[i].Body) {
			t.Errorf("body\n got %#v\nwant %#v", r.Body, given[i].Body)
		}
		if !reflect.DeepEqual(r.Meta, given[i].Meta) {
			t.Errorf("metadata\n got %+v\nwant %+v", r.Meta, given[i].Meta)
		}
		if r.StoredAt.IsZero() || r.StoredAt.Location() != time.UTC {
			t.Errorf("stored at %v", r.StoredAt)
		}
	}
}

func fullMeta() domain.Meta {
	return domain.Meta{
		Command: "key-full-0001", Request: "cmVxdWVzdA", Actor: "p-actor", Capacity: domain.ActingVacant, OnBehalfOf: "p-other",
		Authority: "role:bkpsdm", Reason: "0123456789012345678901234567890123456789012", Source: domain.FromAPI,
		Policy: "kinerja@2", Correlation: "corr-1", Causation: "cause-1",
		RecordedAt:  time.Date(2026, 11, 23, 1, 2, 3, 456789000, time.UTC),
		EffectiveAt: time.Date(2019, 12, 31, 17, 0, 0, 1000, time.UTC),
		Salt:        "c2FsdHNhbHRzYWx0c2FsdA",
	}
}

// sparseMeta has nothing but what every fact has.
func sparseMeta() domain.Meta {
	return domain.Meta{
		Command: "key-00000002", Request: "cmVxdWVzdA", Capacity: domain.System, Authority: "import", Source: domain.FromImport,
		RecordedAt: time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC), EffectiveAt: time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC),
		Salt: "c2FsdHNhbHRzYWx0c2FsdA",
	}
}

// fresh names a stream nobody has used.
func fresh() string { return "unit-" + string(newID()) }

// newID makes a UUID nobody has used.
func newID() domain.EventID {
	return domain.EventID(commands.Ask{Key: domain.CommandID(rand.Text())}.NewID("test"))
}

func facts(n int) []commands.NewEvent {
	events := make([]commands.NewEvent, n)
	for i := range events {
		events[i] = commands.NewEvent{ID: newID(), Body: unit.CodeAliased{Alias: fmt.Sprint("kode ", i)}, Meta: sparseMeta()}
	}
	return events
}

func load(t *testing.T, store commands.Store, stream string) []domain.Recorded {
	t.Helper()
	events, err := store.Load(t.Context(), stream)
	if err != nil {
		t.Fatalf("load: %v", err)
	}
	return events
}

func appendTo(t *testing.T, store commands.Store, stream string, after int64, events []commands.NewEvent) commands.Place {
	t.Helper()
	place, err := store.Append(t.Context(), stream, after, events)
	if err != nil {
		t.Fatalf("append after %d: %v", after, err)
	}
	return place
}

// expect checks the number of events and that revisions have no gap.
func expect(t *testing.T, events []domain.Recorded, n int) {
	t.Helper()
	if len(events) != n {
		t.Fatalf("got %d events, want %d", len(events), n)
	}
	for i, r := range events {
		if r.Revision != uint64(i) {
			t.Fatalf("event %d has revision %d", i, r.Revision)
		}
	}
}
