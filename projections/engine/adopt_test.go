package engine_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/internal/pgrun/pgtest"
	"github.com/jejak-kinerja/jejak/projections/engine"
)

// marked gives the mark of the read model in an edition.
func marked(t *testing.T, pool *pgxpool.Pool, e *engine.Engine, edition string) engine.Mark {
	t.Helper()
	marks, err := engine.Marks(t.Context(), pool, edition, e.Names())
	if err != nil || len(marks) > 1 {
		t.Fatalf("%+v, %v", marks, err)
	}
	if len(marks) == 0 {
		return engine.Mark{}
	}
	return marks[0]
}

func TestACheckpointKeepsTheEventsIdWhateverMovesIt(t *testing.T) {
	pool := connect(t, pgtest.URL(t))
	e := open(t, pool, ledger("l_v1"))
	w := numbers(10, 2)
	w.add("test-0", added{N: lateRefuses}) // it is sifted out one by one
	w.add("test-1", added{N: 1})
	facts := w.facts
	check := func(what string, position int) {
		t.Helper()
		want := engine.Mark{Projection: "l_v1", Position: uint64(position)}
		if position > 0 {
			want.Event = fmt.Sprintf("event-%d", position)
		} else {
			want = engine.Mark{}
		}
		if got := marked(t, pool, e, engine.Schema); got != want {
			t.Errorf("%s: %+v, want %+v", what, got, want)
		}
	}
	check("nothing yet", 0)
	handle(t, e, "l_v1", facts[:4])
	check("a batch", 4)
	handle(t, e, "l_v1", facts[4:11])
	check("a batch with a bad fact", 11)
	// A program of the version before moves it without saying by which event.
	if _, err := pool.Exec(t.Context(), `select advance('l_v1', 11, (select edition from projection), 12, (select edition from projection), now())`); err != nil {
		t.Fatal(err)
	}
	if got := marked(t, pool, e, engine.Schema); got.Position != 12 || got.Event != "" {
		t.Errorf("%+v", got)
	}
	for _, id := range []string{"event-12", "another"} { // the first word counts
		if err := e.NoteEvent(t.Context(), 12, id); err != nil {
			t.Fatal(err)
		}
	}
	check("learned", 12)
	if err := e.Rebuild(t.Context(), "l_v1", reading(facts, 3, func() int { return 9 })); err != nil {
		t.Fatal(err)
	}
	check("rebuilt", 9)
}

func TestAnotherLogIsAdoptedThoughItIsShorterAndAKilledAdoptionGoesOn(t *testing.T) {
	pool := connect(t, pgtest.URL(t))
	live, e := open(t, pool, ledger("l_v1")), open(t, pool, ledger("l_v1")) // the product, and the adoption beside it
	handle(t, live, "l_v1", numbers(60, 3).facts)
	former := content(t, live, "l_v1")
	other := numbers(40, 7).facts
	for i := range other {
		other[i].ID = domain.EventID(fmt.Sprintf("other-%d", i+1))
	}
	read := reading(other, 10, func() int { return len(other) })
	killed := errors.New("killed")
	b := beside(t, e, engine.Next)
	ctx, kill := context.WithCancelCause(t.Context())
	if err := b.Adopt(ctx, read, 40, func(facts int) {
		if facts >= 20 {
			kill(killed)
		}
	}); err == nil {
		t.Fatal("it went on after its end")
	}
	b.Close()
	if got := content(t, e, "l_v1"); got != former {
		t.Errorf("half an adoption has changed the present edition: %s", got)
	}
	b = beside(t, e, engine.Next)
	if b.Position() < 20 {
		t.Errorf("it begins anew at %d", b.Position())
	}
	if err := b.Adopt(t.Context(), read, 40, func(int) {}); err != nil {
		t.Fatal(err)
	}
	b.Close()
	if got, genuine := content(t, e, "l_v1"), want(t, other); got != genuine {
		t.Errorf("%s, want %s", got, genuine)
	}
	if got := marked(t, pool, e, engine.Schema); got.Position != 40 || got.Event != "other-40" {
		t.Errorf("the mark is %+v", got)
	}
	if got := marked(t, pool, e, engine.Former); got.Position != 60 || got.Event != "event-60" {
		t.Errorf("the mark of the former edition is %+v", got)
	}
	// The product, which remembers the other log, meets a checkpoint that has moved.
	more := append(other, engine.Fact{Recorded: domain.Recorded{Position: 61, Stream: "test-0", Revision: 99, ID: "event-61", Body: added{N: 1}, StoredAt: noon}})
	if moved, ok := errors.AsType[*engine.Moved](live.Handle(t.Context(), "l_v1", 60, more[40:])); !ok || moved.Found != 40 {
		t.Errorf("it went on in the other log: %+v", moved)
	}
	if at, err := live.Checkpoint(t.Context(), "l_v1"); err != nil || at != 40 {
		t.Errorf("it stands at %d, %v", at, err)
	}
}

func TestDecisionsToSkipFindTheirFactsInAnotherLog(t *testing.T) {
	e := fresh(t, ledger("l_v1"))
	w := numbers(10, 5)
	for _, n := range []int{2, 4} {
		w.facts[n].Body = added{N: applyFails}
	}
	handle(t, e, "l_v1", w.facts)
	for _, stream := range []string{"test-2", "test-4"} {
		if _, err := e.Skip(t.Context(), "l_v1", stream, "ani", "it is wrong", w.ofStream); err != nil {
			t.Fatal(err)
		}
	}
	forgotten, err := e.PlaceSkips(t.Context(), func(_ context.Context, stream string, revision uint64, id domain.EventID) (uint64, bool, error) {
		if revision != 0 || id != "event-3" && id != "event-5" {
			t.Errorf("asked for revision %d of %s, %s", revision, stream, id)
		}
		return 5, stream == "test-2", nil // where the other one was
	})
	if err != nil || forgotten != 1 {
		t.Fatalf("%d forgotten, %v", forgotten, err)
	}
	skipped, err := e.Skipped(t.Context())
	if err != nil || len(skipped) != 1 || skipped[0].Stream != "test-2" || skipped[0].Position != 5 {
		t.Errorf("%+v, %v", skipped, err)
	}
}
