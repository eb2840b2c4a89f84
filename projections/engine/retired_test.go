package engine_test

import (
	"testing"

	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/internal/pgrun/pgtest"
	"github.com/jejak-kinerja/jejak/projections/engine"
)

func TestAReadModelOfAnotherVersionStaysUntilItIsDropped(t *testing.T) {
	w, _ := poisoned(func(f *engine.Fact) { f.Body = added{N: sqlRefuses} })
	pool := connect(t, pgtest.URL(t))
	before := open(t, pool, ledger("l_v1"))
	handle(t, before, "l_v1", w.facts)
	b := beside(t, before, engine.Next)
	if err := b.Fill(t.Context(), 20, reading(w.facts, 10, func() int { return 20 }), func(int) {}); err != nil {
		t.Fatal(err)
	}
	b.Close()

	after := open(t, pool, ledger("l_v10"), ledger("l_v1_x"))
	handle(t, after, "l_v10", w.facts)
	handle(t, after, "l_v1_x", w.facts[:14])
	tables := func() (n int) {
		t.Helper()
		err := pool.QueryRow(t.Context(), `select count(*) from pg_tables where tablename ~ '^l_v1(_list|_sum|_no)$'`).Scan(&n)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	if retired, err := after.Retired(t.Context()); err != nil || len(retired) != 1 || retired[0].Projection != "l_v1" || tables() != 6 {
		t.Fatalf("retired %+v, %v, in %d tables", retired, err, tables())
	}
	if err := after.Drop(t.Context(), "l_v10"); domain.KindOf(err) != domain.Refused {
		t.Errorf("one in use was dropped: %v", err)
	}
	if err := after.Drop(t.Context(), "l"); domain.KindOf(err) != domain.NotFound {
		t.Errorf("one that never was: %v", err)
	}
	other := content(t, after, "l_v10") + content(t, after, "l_v1_x")
	if _, err := pool.Exec(t.Context(), `insert into lease values ('l_v1', 'another', clock_timestamp() + interval '1 hour')`); err != nil {
		t.Fatal(err)
	}
	if err := after.Drop(t.Context(), "l_v1"); domain.KindOf(err) != domain.Refused || tables() != 6 {
		t.Errorf("one that somebody writes: %v", err)
	}
	if _, err := pool.Exec(t.Context(), `update lease set until = clock_timestamp()`); err != nil {
		t.Fatal(err)
	}
	if err := after.Drop(t.Context(), "l_v1"); err != nil {
		t.Fatal(err)
	}
	if retired, err := after.Retired(t.Context()); err != nil || len(retired) != 0 || tables() != 0 {
		t.Errorf("after the drop: retired %+v (%v), %d tables", retired, err, tables())
	}
	var waiting int
	if err := pool.QueryRow(t.Context(), `select count(*) from parked_fact where projection = 'l_v1'`).Scan(&waiting); err != nil || waiting != 0 {
		t.Errorf("%d facts still wait (%v)", waiting, err)
	}
	if now := content(t, after, "l_v10") + content(t, after, "l_v1_x"); now != other {
		t.Error("the drop touched another read model")
	}
	again := open(t, pool, ledger("l_v1")) // one may still go back
	if at, err := again.Checkpoint(t.Context(), "l_v1"); err != nil || at != 0 {
		t.Errorf("made anew it begins at %d (%v)", at, err)
	}
}
