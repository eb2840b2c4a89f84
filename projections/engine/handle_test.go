package engine_test

import (
	"context"
	"errors"
	"iter"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/jejak-kinerja/jejak/internal/pgrun/pgtest"
	"github.com/jejak-kinerja/jejak/projections"
	"github.com/jejak-kinerja/jejak/projections/engine"
)

func TestASecondDeliveryChangesNothing(t *testing.T) {
	facts := numbers(50, 7).facts
	e := fresh(t, ledger("l_v1"))
	for _, part := range [][]engine.Fact{facts[:10], facts[:10], facts[:30], facts[5:20], facts[30:], facts} {
		handle(t, e, "l_v1", part)
	}
	if got, want := content(t, e, "l_v1"), want(t, facts); got != want {
		t.Errorf("content %s, want %s", got, want)
	}
	if at := e.Position("l_v1"); at != 50 {
		t.Errorf("the checkpoint is at %d, want 50", at)
	}
}

func TestABatchLargerThanATransactionIsCutBetweenFacts(t *testing.T) {
	facts := numbers(engine.MaxWritesPerTx, 3).facts // two statements a fact
	e := fresh(t, ledger("l_v1"))
	listener := e.Changes()
	handle(t, e, "l_v1", facts)
	first, err := listener.Next(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if first.From != 0 || first.To == 0 || first.To >= uint64(len(facts)) {
		t.Errorf("the first transaction reached from %d to %d of %d facts", first.From, first.To, len(facts))
	}
	if at := e.Position("l_v1"); at != uint64(len(facts)) {
		t.Errorf("the checkpoint is at %d, want %d", at, len(facts))
	}
	if _, rows, err := e.Content(t.Context(), "l_v1"); err != nil || rows != int64(len(facts)+3) {
		t.Errorf("%d rows, %v; want %d", rows, err, len(facts)+3)
	}
}

func TestAGapOrADisorderIsRefused(t *testing.T) {
	facts := numbers(10, 2).facts
	e := fresh(t, ledger("l_v1"))
	handle(t, e, "l_v1", facts[:3])
	err := e.Handle(t.Context(), "l_v1", 5, facts[5:])
	if m, ok := errors.AsType[*engine.Moved](err); !ok || m.Found != 3 {
		t.Errorf("a gap gave %v", err)
	}
	if err := e.Handle(t.Context(), "l_v1", 3, []engine.Fact{facts[4], facts[3]}); err == nil {
		t.Error("a disorder was accepted")
	}
	if at := e.Position("l_v1"); at != 3 {
		t.Errorf("the checkpoint is at %d, want 3", at)
	}
}

func TestTwoEnginesOnOneDatabaseApplyEachFactOnce(t *testing.T) {
	facts := numbers(400, 9).facts
	url := pgtest.URL(t)
	var all sync.WaitGroup
	for range 2 {
		e := open(t, connect(t, url), ledger("l_v1"))
		all.Go(func() { // reads on from the checkpoint when the other was faster
			for after := uint64(0); after < uint64(len(facts)); {
				err := e.Handle(t.Context(), "l_v1", after, facts[after:min(after+10, uint64(len(facts)))])
				if err != nil {
					if _, ok := errors.AsType[*engine.Moved](err); !ok && !errors.Is(err, engine.ErrOutage) {
						t.Error(err)
						return
					}
				}
				if after, err = e.Checkpoint(t.Context(), "l_v1"); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	all.Wait()
	e := open(t, connect(t, url), ledger("l_v1"))
	if got, want := content(t, e, "l_v1"), want(t, facts); got != want {
		t.Errorf("content %s, want %s", got, want)
	}
}

func TestAnEngineThatFellBehindAnotherLearnsIt(t *testing.T) {
	facts := numbers(20, 3).facts
	url := pgtest.URL(t)
	one, two := open(t, connect(t, url), ledger("l_v1")), open(t, connect(t, url), ledger("l_v1"))
	handle(t, one, "l_v1", facts[:10])
	err := two.Handle(t.Context(), "l_v1", 0, facts[:15])
	if m, ok := errors.AsType[*engine.Moved](err); !ok || m.Seen != 0 || m.Found != 10 {
		t.Fatalf("the slower engine got %v", err)
	}
	handle(t, two, "l_v1", facts[:15])
	handle(t, two, "l_v1", facts[15:])
	if got, want := content(t, one, "l_v1"), want(t, facts); got != want {
		t.Errorf("content %s, want %s", got, want)
	}
}

func TestARebuiltProjectionEqualsTheLiveOne(t *testing.T) {
	w := numbers(60, 5)
	w.add("test-bad", added{N: applyFails}).add("test-1", added{N: 9})
	e := fresh(t, ledger("l_v1"))
	handle(t, e, "l_v1", w.facts)
	live := content(t, e, "l_v1")
	read := func(_ context.Context, after uint64) iter.Seq2[[]engine.Fact, error] {
		return func(yield func([]engine.Fact, error) bool) {
			for part := range slices.Chunk(w.facts[after:], 7) {
				if !yield(part, nil) {
					return
				}
			}
		}
	}
	if err := e.Rebuild(t.Context(), "l_v1", read); err != nil {
		t.Fatal(err)
	}
	if got := content(t, e, "l_v1"); got != live {
		t.Errorf("rebuilt %s, live %s", got, live)
	}
	parked, err := e.Parked(t.Context())
	if err != nil || len(parked) != 1 {
		t.Errorf("parked after the rebuild: %v, %v", parked, err)
	}
	broken := func(ctx context.Context, after uint64) iter.Seq2[[]engine.Fact, error] {
		return func(yield func([]engine.Fact, error) bool) {
			if yield(w.facts[:5], nil) {
				yield(nil, errors.New("the log is gone"))
			}
		}
	}
	if err := e.Rebuild(t.Context(), "l_v1", broken); err == nil {
		t.Error("a rebuild from a broken log succeeded")
	}
	err = e.Handle(t.Context(), "l_v1", 62, numbers(63, 1).facts[62:])
	if m, ok := errors.AsType[*engine.Moved](err); !ok || m.Found != 5 {
		t.Errorf("the live feed, after a broken rebuild, got %v", err)
	}
	handle(t, e, "l_v1", w.facts[5:])
	if got := content(t, e, "l_v1"); got != live {
		t.Errorf("filled up %s, live %s", got, live)
	}
}

func TestContentSeesEveryDifferenceButOrder(t *testing.T) {
	a, b := numbers(6, 1).facts, numbers(6, 2).facts
	e := fresh(t, ledger("l_v1"))
	handle(t, e, "l_v1", a)
	if content(t, e, "l_v1") == want(t, b) {
		t.Error("other rows have the same digest")
	}
	if content(t, e, "l_v1") == want(t, a[:5]) {
		t.Error("a row less has the same digest")
	}
}

func TestWhoWaitsForAPositionIsWokenByItsCommit(t *testing.T) {
	facts := numbers(10, 2).facts
	e := fresh(t, ledger("l_v1"), ledger("m_v1"))
	if err := e.WaitFor(t.Context(), "l_v1", 0); err != nil {
		t.Errorf("nothing to wait for: %v", err)
	}
	if err := e.WaitFor(t.Context(), "no_v1", 1); err == nil {
		t.Error("waited for a projection that is not there")
	}
	done := make(chan error, 2)
	go func() { done <- e.WaitFor(t.Context(), "l_v1", 10) }()
	go func() { done <- e.WaitAll(t.Context(), 10) }()
	handle(t, e, "l_v1", facts[:9])
	short, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	if err := e.WaitFor(short, "l_v1", 10); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("waiting too long gave %v", err)
	}
	handle(t, e, "l_v1", facts)
	if err := <-done; err != nil {
		t.Error(err)
	}
	if err := e.WaitAll(short, 10); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("waiting for all, one of them late, gave %v", err)
	}
	handle(t, e, "m_v1", facts)
	if err := <-done; err != nil {
		t.Error(err)
	}
}

func TestAListenerHearsOfEachCommitAndASlowOneThatItMissedSome(t *testing.T) {
	facts := numbers(1_100, 100).facts
	e := fresh(t, ledger("l_v1"))
	quick, slow := e.Changes(), e.Changes()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := quick.Next(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("an ended context gave %v", err)
	}
	handle(t, e, "l_v1", facts[:2])
	change, err := quick.Next(t.Context())
	if err != nil || change.Projection != "l_v1" || change.From != 0 || change.To != 2 || !slices.Equal(change.Streams, []string{"test-0", "test-1"}) {
		t.Errorf("heard %+v, %v", change, err)
	}
	handle(t, e, "l_v1", facts[2:72])
	if change, err := quick.Next(t.Context()); err != nil || !change.Many || change.Streams != nil {
		t.Errorf("of very many streams heard %+v, %v", change, err)
	}
	for i := range facts[72:] {
		handle(t, e, "l_v1", facts[72+i:73+i])
	}
	if change, err := slow.Next(t.Context()); err != nil || !change.Many || change.Projection != "" {
		t.Errorf("the slow one heard %+v, %v", change, err)
	}
	handle(t, e, "l_v1", numbers(1_101, 100).facts[1_100:])
	if change, err := slow.Next(t.Context()); err != nil || change.To != 1_101 {
		t.Errorf("the slow one then heard %+v, %v", change, err)
	}
}

func TestAChangedSchemaNeedsANewName(t *testing.T) {
	pool := connect(t, pgtest.URL(t))
	p := ledger("l_v1")
	open(t, pool, p)
	p.Schema += " "
	open(t, pool, p) // laid out differently only
	p.Schema += "; create table more ()"
	_, err := engine.Open(t.Context(), pool, []projections.Projection{p}, engine.Options{})
	if err == nil || !strings.Contains(err.Error(), "new name") {
		t.Errorf("another schema under the same name gave %v", err)
	}
	if _, err := pool.Exec(t.Context(), "drop table l_v1_sum"); err != nil {
		t.Fatal(err)
	}
	if _, err := engine.Open(t.Context(), pool, []projections.Projection{ledger("l_v1")}, engine.Options{}); err == nil {
		t.Error("a table that is gone was not missed")
	}
}

func TestWrongWiringIsRefusedAtTheStart(t *testing.T) {
	url := pgtest.URL(t)
	pool := connect(t, url)
	other := ledger("m_v1")
	other.Tables = []string{"l_v1_list"}
	for what, list := range map[string][]projections.Projection{
		"nothing in it": {{Name: "x_v1"}}, "twice": {ledger("l_v1"), ledger("l_v1")}, "a common table": {ledger("l_v1"), other},
	} {
		if _, err := engine.Open(t.Context(), pool, list, engine.Options{}); err == nil {
			t.Errorf("%s: accepted", what)
		}
	}
	plain, err := pgxpool.New(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer plain.Close()
	if _, err := engine.Open(t.Context(), plain, []projections.Projection{ledger("l_v1")}, engine.Options{}); err == nil {
		t.Error("a pool with another search_path was accepted")
	}
}
