package logwatch_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"go.uber.org/goleak"

	"github.com/jejak-kinerja/jejak/internal/logwatch"
	"github.com/jejak-kinerja/jejak/internal/pgrun/pgtest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(pgtest.Suite{M: m}) }

var noon = time.Date(2026, 11, 29, 5, 0, 0, 0, time.UTC)

func openBook(t *testing.T) (*logwatch.Book, *pgxpool.Pool) {
	t.Helper()
	pool, err := pgxpool.New(t.Context(), pgtest.URL(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	if lineage, err := logwatch.Lineage(t.Context(), pool); err != nil || lineage != nil {
		t.Fatalf("before there is a book: %+v, %v", lineage, err)
	}
	book, err := logwatch.OpenBook(t.Context(), pool)
	if err != nil {
		t.Fatal(err)
	}
	return book, pool
}

func lineageOf(t *testing.T, b *logwatch.Book) []logwatch.Identity {
	t.Helper()
	lineage, err := b.Lineage(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return lineage
}

func TestTheBookKnowsTheLogsThatTheDatabaseHasBelongedTo(t *testing.T) {
	b, _ := openBook(t)
	do := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	do(b.Begin(t.Context(), place("a", 1), noon))
	do(b.Begin(t.Context(), place("z", 1), noon)) // it knows its log already
	if l := lineageOf(t, b); len(l) != 1 || l[0].ID != "a1" || l[0].First != place("a", 1) || !l[0].Adopted {
		t.Fatalf("%+v", l)
	}
	do(b.Adopt(t.Context(), place("a", 1), 45, 5, noon)) // an earlier state of the same
	if l := lineageOf(t, b); len(l) != 2 || !strings.HasPrefix(l[1].ID, "a1-") || l[1].Agreed != 45 || l[1].Lost != 5 || l[1].Adopted {
		t.Fatalf("%+v", l)
	}
	do(b.AdoptionEnds(t.Context()))
	do(b.Adopt(t.Context(), logwatch.Place{}, 0, 45, noon)) // an empty one
	do(b.AdoptionEnds(t.Context()))
	do(b.Begin(t.Context(), place("c", 1), noon)) // which gets its first event
	l := lineageOf(t, b)
	if len(l) != 3 || l[2].ID != "c1" || l[2].First != place("c", 1) || !l[2].Adopted {
		t.Fatalf("%+v", l)
	}
	for _, row := range []struct {
		id       string
		position uint64
		want     bool
	}{
		{"c1", 7, true}, {"", 7, false}, {"", 0, true}, {l[1].ID, 7, false}, {"a1", 7, false}, {"unheard of", 0, false},
	} {
		if got := logwatch.Holds(l, row.id, row.position); got != row.want {
			t.Errorf("position %d of %q: %v", row.position, row.id, got)
		}
	}
	for position, want := range map[uint64]bool{0: true, 45: true, 46: false} {
		for _, id := range []string{"a1", ""} { // who does not say from which log it is
			if got := logwatch.Holds(l[:2], id, position); got != want {
				t.Errorf("position %d of the log as it was, %q: %v", position, id, got)
			}
		}
	}
	if !logwatch.Holds(l[:1], "", 46) || !logwatch.Holds(nil, "", 46) {
		t.Error("the only log does not hold a position without an identity")
	}
}

// Units imported again have the ids that they had, so an emptied log may begin with
// the event with which the log before it began.
func TestAnEmptiedLogMayBeginAsTheFormerOneDid(t *testing.T) {
	b, _ := openBook(t)
	for _, err := range []error{
		b.Begin(t.Context(), place("a", 1), noon), b.Adopt(t.Context(), logwatch.Place{}, 0, 45, noon), b.AdoptionEnds(t.Context()),
		b.Begin(t.Context(), place("a", 1), noon),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	l := lineageOf(t, b)
	if len(l) != 2 || l[1].First != place("a", 1) || !strings.HasPrefix(l[1].ID, "a1-") || l[1].ID == l[0].ID {
		t.Fatalf("%+v", l)
	}
	if logwatch.Holds(l, "a1", 1) || !logwatch.Holds(l, l[1].ID, 1) {
		t.Error("a position of the former log counts in the new one")
	}
}

func TestWhatOutsidersDidIsTakenDownOnce(t *testing.T) {
	b, pool := openBook(t)
	cut := func(n uint64, stream, how string) logwatch.Event {
		return logwatch.Event{Place: place("a", n), Cut: stream, How: how}
	}
	foreign := func(n uint64) logwatch.Event {
		return logwatch.Event{Place: place("a", n), Stream: "person-1", Name: "x", Revision: n, Foreign: true}
	}
	log := []logwatch.Event{{Place: place("a", 1)}, foreign(2), cut(3, "plan-a", "$maxCount 1"), cut(4, "plan-b", "deleted"), cut(5, "plan-b", ""), foreign(6)}
	read := func(_ context.Context, after logwatch.Place) ([]logwatch.Event, error) {
		return log[after.Commit:min(after.Commit+2, uint64(len(log)))], nil
	}
	for range 3 {
		if err := b.Scan(t.Context(), read); err != nil {
			t.Fatal(err)
		}
	}
	o, err := logwatch.ReadOutside(t.Context(), pool)
	if err != nil || o.ForeignTotal != 2 || len(o.Foreign) != 2 || o.Foreign[1] != (logwatch.Foreign{Position: 6, Stream: "person-1", Revision: 6, Name: "x"}) ||
		len(o.Cut) != 1 || o.Cut[0] != (logwatch.CutStream{Stream: "plan-a", What: "$maxCount 1", Position: 3}) {
		t.Fatalf("%+v, %v", o, err)
	}
	log = append(log, cut(7, "plan-c", "tombstoned"))
	if err := b.Scan(t.Context(), read); err != nil {
		t.Fatal(err)
	}
	if o, err = logwatch.ReadOutside(t.Context(), pool); err != nil || len(o.Cut) != 2 || o.ForeignTotal != 2 {
		t.Errorf("%+v, %v", o, err)
	}
	// Another log begins without all that.
	if err := b.Adopt(t.Context(), place("z", 1), 0, 0, noon); err != nil {
		t.Fatal(err)
	}
	if o, err = logwatch.ReadOutside(t.Context(), pool); err != nil || len(o.Cut)+len(o.Foreign) != 0 || o.ForeignTotal != 0 {
		t.Errorf("%+v, %v", o, err)
	}
}
