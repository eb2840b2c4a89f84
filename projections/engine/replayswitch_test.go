package engine_test

import (
	"context"
	"iter"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/jejak-kinerja/jejak/internal/clock"
	"github.com/jejak-kinerja/jejak/internal/pgrun/pgtest"
	"github.com/jejak-kinerja/jejak/projections/engine"
)

// A replay that waits while a switch moves the projection's row goes on with the
// row that came in its place, and keeps others from writing all the same.
func TestAReplayThatMeetsASwitchLosesNoFact(t *testing.T) {
	w, mended := poisoned(func(f *engine.Fact) { f.Body = added{N: sqlRefuses} })
	for n := range 3 {
		mended.add("test-2", added{N: 100 * n}) // at 61, 62, 63
	}
	facts := append(append([]engine.Fact{}, w.facts...), mended.facts[len(w.facts):]...)
	url := pgtest.URL(t)
	live, operator, other := open(t, connect(t, url), ledger("l_v1")), open(t, connect(t, url), ledger("l_v1")), open(t, connect(t, url), ledger("l_v1"))
	watching := connect(t, url)
	handle(t, live, "l_v1", facts[:60])
	b := beside(t, other, engine.Next)
	if err := b.Approach(t.Context(), reading(facts, 50, func() int { return 60 }), func(int) {}); err != nil {
		t.Fatal(err)
	}
	handle(t, live, "l_v1", facts[:61])

	replayed, loading, goOn := make(chan error, 1), make(chan struct{}), make(chan struct{})
	load := func(ctx context.Context, stream string) ([]engine.Fact, error) {
		close(loading)
		<-goOn
		return mended.ofStream(ctx, stream)
	}
	reads := 0
	read := func(ctx context.Context, after uint64) iter.Seq2[[]engine.Fact, error] {
		switch reads++; reads {
		case 1: // before the row is held: one more fact, so that the switch reads again
			defer handle(t, live, "l_v1", facts[:62])
			return reading(facts, 50, func() int { return 61 })(ctx, after)
		case 2: // while it is held
			go func() { replayed <- operator.Replay(t.Context(), "l_v1", "test-2", load) }()
			untilSomebodyWaits(t, watching)
		}
		return reading(facts, 50, func() int { return 62 })(ctx, after)
	}
	if _, err := b.Switch(t.Context(), read); err != nil {
		t.Fatal(err)
	}
	b.Close()
	<-loading
	handled := make(chan error, 1)
	go func() { handled <- live.Handle(t.Context(), "l_v1", 62, facts[62:]) }()
	untilSomebodyWaits(t, watching)
	close(goOn)
	if err := <-replayed; err != nil {
		t.Fatalf("replay: %v", err)
	}
	if err := <-handled; err != nil {
		t.Fatalf("the next fact: %v", err)
	}
	if got, want := content(t, live, "l_v1"), want(t, mended.facts); got != want {
		t.Errorf("content %s, want %s", got, want)
	}
}

// untilSomebodyWaits waits until a session of the database waits for another.
func untilSomebodyWaits(t *testing.T, pool *pgxpool.Pool) {
	t.Helper()
	const limit = 10 * time.Second
	for begin := clock.Now(); ; {
		var waiting bool
		err := pool.QueryRow(t.Context(), `select exists (select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock')`).Scan(&waiting)
		if err != nil {
			t.Fatal(err)
		}
		if waiting {
			return
		}
		if clock.Now().Sub(begin) > limit {
			t.Fatal("nobody waits for anybody")
		}
		time.Sleep(5 * time.Millisecond) // between two looks; nothing tells
	}
}
