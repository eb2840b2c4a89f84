package engine_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/jejak-kinerja/jejak/internal/clock"
	"github.com/jejak-kinerja/jejak/internal/pgrun/pgtest"
	"github.com/jejak-kinerja/jejak/projections"
	"github.com/jejak-kinerja/jejak/projections/engine"
)

// replica is one of several processes on one database.
type replica struct {
	*engine.Engine
	pool  *pgxpool.Pool
	leave context.CancelFunc // gives the leases back
}

func join(t *testing.T, url string) *replica {
	t.Helper()
	pool := connect(t, url)
	e, err := engine.Open(t.Context(), pool, []projections.Projection{ledger("l_v1")}, engine.Options{Clock: clock.Now, Leased: true})
	if err != nil {
		t.Fatal(err)
	}
	ctx, leave := context.WithCancel(t.Context())
	var keeping sync.WaitGroup
	keeping.Go(func() { e.KeepLeases(ctx) })
	r := &replica{Engine: e, pool: pool, leave: func() { leave(); keeping.Wait() }}
	t.Cleanup(r.leave)
	return r
}

// leads waits until the replica holds the lease.
func (r *replica) leads(t *testing.T, limit time.Duration) {
	t.Helper()
	begin := clock.Now()
	for !r.Leading("l_v1") {
		if clock.Now().Sub(begin) > limit {
			t.Fatalf("nobody took over within %v", limit)
		}
		time.Sleep(10 * time.Millisecond) // there is nothing to wait on
	}
	t.Logf("leads after %v", clock.Now().Sub(begin))
}

func held(t *testing.T, pool *pgxpool.Pool) (leases int) {
	t.Helper()
	if err := pool.QueryRow(t.Context(), `select count(*) from lease where until > clock_timestamp()`).Scan(&leases); err != nil {
		t.Fatal(err)
	}
	return leases
}

func TestAFollowerKnowsWhatTheHolderAppliedAndTakesOverWhenItLeaves(t *testing.T) {
	w := numbers(100, 5)
	url := pgtest.URL(t)
	first := join(t, url)
	first.leads(t, time.Second)
	second := join(t, url)
	if held(t, first.pool) != 1 || second.Leading("l_v1") {
		t.Fatal("two hold one lease")
	}
	changes := second.Changes()
	following := make(chan error, 1)
	go func() { following <- second.Handle(t.Context(), "l_v1", 0, w.facts[:50]) }()
	handle(t, first.Engine, "l_v1", w.facts[:50])
	soon, stop := context.WithTimeout(t.Context(), 2*time.Second)
	defer stop()
	if err := second.WaitFor(soon, "l_v1", 50); err != nil {
		t.Errorf("reading one's own writes at the follower: %v", err)
	}
	if err := <-following; err != nil {
		t.Errorf("following: %v", err)
	}
	if c, err := changes.Next(soon); err != nil || c.To != 50 || len(c.Streams) != 5 {
		t.Errorf("the follower's listeners heard %+v, %v", c, err)
	}
	go func() { following <- second.Handle(t.Context(), "l_v1", 50, w.facts[50:]) }()
	first.leave()
	second.leads(t, 2*time.Second)
	if err := <-following; err != nil {
		t.Errorf("taking over: %v", err)
	}
	if got, want := content(t, second.Engine, "l_v1"), want(t, w.facts); got != want {
		t.Errorf("content %s, want %s", got, want)
	}
}

func TestAFrozenHolderIsReplacedAndHasNoEffectWhenItWakes(t *testing.T) {
	w := numbers(100, 5)
	url := pgtest.URL(t)
	// An engine that leads without renewing stands for a process that was stopped
	// after it had looked at its lease.
	frozen := open(t, connect(t, url), ledger("l_v1"))
	handle(t, frozen, "l_v1", w.facts[:50])
	pool := connect(t, url)
	if _, err := pool.Exec(t.Context(), `insert into lease values ('l_v1', 'frozen', clock_timestamp() + interval '3 s')`); err != nil {
		t.Fatal(err)
	}
	second := join(t, url)
	second.leads(t, 5*time.Second)
	handle(t, second.Engine, "l_v1", w.facts[50:80])
	err := frozen.Handle(t.Context(), "l_v1", 50, w.facts[50:70]) // it wakes
	if moved, ok := errors.AsType[*engine.Moved](err); !ok || moved.Found != 80 {
		t.Errorf("the frozen one got %v", err)
	}
	handle(t, second.Engine, "l_v1", w.facts[80:])
	if got, want := content(t, second.Engine, "l_v1"), want(t, w.facts); got != want {
		t.Errorf("content %s, want %s", got, want)
	}
}
