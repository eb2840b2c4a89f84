package engine_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jejak-kinerja/jejak/internal/pgrun/pgtest"
	"github.com/jejak-kinerja/jejak/projections/engine"
)

// reading gives facts in batches of a size, those that there are up to head.
func reading(facts []engine.Fact, size int, head func() int) engine.Read {
	return func(_ context.Context, after uint64) iter.Seq2[[]engine.Fact, error] {
		return func(yield func([]engine.Fact, error) bool) {
			for at := int(after); at < head(); {
				to := min(at+size, head())
				if !yield(facts[at:to], nil) {
					return
				}
				at = to
			}
		}
	}
}

func beside(t testing.TB, e *engine.Engine, edition string) *engine.Beside {
	t.Helper()
	b, err := e.Beside(t.Context(), "l_v1", edition)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(b.Close)
	return b
}

// switched closes the edition after its switch.
func switched(t testing.TB, b *engine.Beside, read engine.Read) {
	t.Helper()
	waited, err := b.Switch(t.Context(), read)
	if err != nil {
		t.Fatal(err)
	}
	if waited > 100*time.Millisecond {
		t.Errorf("queries waited %v for the switch", waited)
	}
	b.Close()
}

func TestARebuildBesideIsSwitchedInAndRolledBackWhilePeopleWriteAndRead(t *testing.T) {
	facts := numbers(6_000, 20).facts
	var head atomic.Int64
	read := reading(facts, 500, func() int { return int(head.Load()) })
	url := pgtest.URL(t)
	live := open(t, connect(t, url), ledger("l_v1")) // of the product
	handle(t, live, "l_v1", facts[:1_000])
	head.Store(1_000)

	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	var work sync.WaitGroup
	var reads atomic.Int64
	work.Go(func() { // the product follows the log
		for at := 1_000; at < len(facts) && ctx.Err() == nil; at += 5 {
			head.Store(int64(at + 5))
			err := live.Handle(ctx, "l_v1", uint64(at), facts[at:at+5])
			if moved, ok := errors.AsType[*engine.Moved](err); ok && moved.Found >= uint64(at+5) {
				err = nil
			}
			if err != nil && ctx.Err() == nil {
				t.Errorf("following at %d: %v", at, err)
				return
			}
		}
	})
	pool := connect(t, url)
	for range 3 {
		work.Go(func() {
			for longest := 0; ctx.Err() == nil; reads.Add(1) {
				var rows int
				if err := pool.QueryRow(ctx, `select count(*) from l_v1_list`).Scan(&rows); err != nil {
					if ctx.Err() == nil {
						t.Errorf("a read failed: %v", err)
					}
					return
				}
				if rows < longest {
					t.Errorf("a page was %d rows long, then %d", longest, rows)
				}
				longest = rows
			}
		})
	}
	byHand := open(t, connect(t, url), ledger("l_v1")) // of a subcommand
	next := beside(t, byHand, engine.Next)
	if c, err := next.Compare(t.Context(), read); err != nil || !c.Equal || c.Rows != c.OtherRows || c.Rows < 1_000 {
		t.Errorf("compared %+v, %v", c, err)
	}
	switched(t, next, read)
	for range 3 {
		switched(t, beside(t, byHand, engine.Former), read)
	}
	seen := reads.Load()
	for reads.Load() < seen+50 && ctx.Err() == nil && !t.Failed() {
		time.Sleep(time.Millisecond) // the readers are free to go
	}
	stop()
	work.Wait()
	at, err := live.Checkpoint(t.Context(), "l_v1")
	if err != nil {
		t.Fatal(err)
	}
	handle(t, live, "l_v1", facts[at:])
	if got, want := content(t, live, "l_v1"), want(t, facts); got != want {
		t.Errorf("content %s, want %s", got, want)
	}
	t.Logf("%d reads; switches at up to %d", reads.Load(), at)
}

func TestARebuildBesideGoesOnWhereItWasBrokenOff(t *testing.T) {
	w := numbers(100, 5)
	e := fresh(t, ledger("l_v1"))
	handle(t, e, "l_v1", w.facts)
	all := func() int { return 100 }
	b := beside(t, e, engine.Next)
	broken := func(ctx context.Context, after uint64) iter.Seq2[[]engine.Fact, error] {
		return func(yield func([]engine.Fact, error) bool) {
			if yield(w.facts[:40], nil) {
				yield(nil, errors.New("the line broke"))
			}
		}
	}
	if err := b.Approach(t.Context(), broken, func(int) {}); err == nil {
		t.Error("a broken reading filled the edition")
	}
	b.Close()
	b = beside(t, e, engine.Next)
	first := 0
	err := b.Approach(t.Context(), reading(w.facts, 10, all), func(facts int) {
		if first == 0 {
			first = facts
		}
	})
	if err != nil || first != 50 {
		t.Errorf("went on to %d, %v; want 50", first, err)
	}
	if c, err := b.Compare(t.Context(), reading(w.facts, 10, all)); err != nil || !c.Equal {
		t.Errorf("compared %+v, %v", c, err)
	}
}

func TestADifferenceNamesItsFirstRow(t *testing.T) {
	w := numbers(30, 3)
	for what, sql := range map[string]string{
		"changed":  `update l_v1_list set n = 77 where stream = 'test-1' and revision = 4`,
		"missing":  `delete from l_v1_list where stream = 'test-1' and revision = 4`,
		"added":    `insert into l_v1_list values ('test-1', 40, 1, 1)`,
		"in a sum": `update l_v1_sum set total = total + 1 where stream = 'test-1'`,
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			pool := connect(t, pgtest.URL(t))
			e := open(t, pool, ledger("l_v1"))
			handle(t, e, "l_v1", w.facts)
			if _, err := pool.Exec(t.Context(), sql); err != nil {
				t.Fatal(err)
			}
			c, err := beside(t, e, engine.Proof).Compare(t.Context(), reading(w.facts, 10, func() int { return 30 }))
			if err != nil || c.Equal || c.Position != 30 || !strings.HasPrefix(c.Table, "l_v1_") || !strings.Contains(c.Present+c.Other, "test-1") {
				t.Errorf("compared %+v, %v", c, err)
			}
		})
	}
}

func TestALogThatEndsTooEarlyIsNoticed(t *testing.T) {
	w := numbers(30, 3)
	e := fresh(t, ledger("l_v1"))
	handle(t, e, "l_v1", w.facts)
	err := beside(t, e, engine.Proof).Approach(t.Context(), reading(w.facts, 10, func() int { return 29 }), func(int) {})
	if ended, ok := errors.AsType[*engine.Ended](err); !ok || ended.At != 29 || ended.Want != 30 {
		t.Errorf("gave %v", err)
	}
}

func TestAParkedStreamMovesWithItsEdition(t *testing.T) {
	w, mended := poisoned(func(f *engine.Fact) { f.Body = added{N: sqlRefuses} })
	e := fresh(t, ledger("l_v1"))
	handle(t, e, "l_v1", w.facts)
	all := func() int { return len(w.facts) }
	b := beside(t, e, engine.Next)
	c, err := b.Compare(t.Context(), reading(mended.facts, 7, all)) // by a program that knows better
	if err != nil || c.Equal {
		t.Errorf("compared %+v, %v", c, err)
	}
	switched(t, b, reading(mended.facts, 7, all))
	if got, want := content(t, e, "l_v1"), want(t, mended.facts); got != want {
		t.Errorf("after the switch: %s, want %s", got, want)
	}
	for round, streams := range []int{0, 1, 0} {
		if round > 0 {
			switched(t, beside(t, e, engine.Former), reading(mended.facts, 7, all))
		}
		if parked, err := e.Parked(t.Context()); err != nil || len(parked) != streams {
			t.Errorf("round %d: parked %+v, %v; want %d", round, parked, err, streams)
		}
	}
}

func TestTwoCannotWorkOnTheSameEdition(t *testing.T) {
	e := fresh(t, ledger("l_v1"))
	beside(t, e, engine.Next)
	if _, err := e.Beside(t.Context(), "l_v1", engine.Next); !errors.Is(err, engine.ErrEditionInUse) {
		t.Error(fmt.Errorf("a second one came in: %w", err))
	}
}
