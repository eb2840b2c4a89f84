package engine_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"net"
	"slices"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/jejak-kinerja/jejak/internal/pgrun/pgtest"
	"github.com/jejak-kinerja/jejak/projections/engine"
)

// sabotage breaks the connection to the database at one of its reads or writes:
// a write before it is sent, a read after the answer has come. So both kinds of
// failure occur: nothing was stored, and everything was stored but nobody told us.
type sabotage struct {
	mu    sync.Mutex
	armed bool
	left  int // reads and writes to let through
	fired bool
}

func (s *sabotage) arm(left int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.armed, s.left, s.fired = true, left, false
}

func (s *sabotage) disarm() (fired bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.armed = false
	return s.fired
}

func (s *sabotage) strikes() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.armed || s.fired {
		return false
	}
	s.left--
	s.fired = s.left < 0
	return s.fired
}

type wire struct {
	net.Conn
	sabotage *sabotage
}

var errCut = errors.New("the cable was cut")

func (w wire) Read(b []byte) (int, error) {
	n, err := w.Conn.Read(b)
	if w.sabotage.strikes() {
		return 0, errors.Join(errCut, w.Close())
	}
	return n, err
}

func (w wire) Write(b []byte) (int, error) {
	if w.sabotage.strikes() {
		return 0, errors.Join(errCut, w.Close())
	}
	return w.Conn.Write(b)
}

func sabotaged(t *testing.T) (*pgxpool.Pool, *sabotage) {
	t.Helper()
	s := &sabotage{}
	config, err := pgxpool.ParseConfig(pgtest.URL(t))
	if err != nil {
		t.Fatal(err)
	}
	config.ConnConfig.RuntimeParams["search_path"] = engine.Schema
	config.ConnConfig.DialFunc = func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := (&net.Dialer{}).DialContext(ctx, network, address)
		return wire{conn, s}, err
	}
	pool, err := pgxpool.NewWithConfig(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	return pool, s
}

// maxSteps is more reads and writes than any of the operations makes.
const maxSteps = 400

func TestWhereverTheDatabaseFailsEachFactIsAppliedOnce(t *testing.T) {
	for what, last := range map[string]int{"good": 1, "Apply fails": applyFails, "constraint": sqlRefuses} {
		t.Run(what, func(t *testing.T) {
			pool, s := sabotaged(t)
			e := open(t, pool, ledger("l_v1"))
			w, step, lost, found := &written{}, 0, 0, 0
			for fired := true; fired; step++ {
				if step == maxSteps {
					t.Fatalf("the sabotage still strikes after %d steps", step)
				}
				after := uint64(len(w.facts))
				w.add("test-a", added{N: step}).add("test-b", added{N: 1}).add(fmt.Sprintf("test-%d", step), added{N: last}).add("test-a", added{N: 2})
				pool.Reset() // the connection's start shall fail, too
				s.arm(step)
				err := e.Handle(t.Context(), "l_v1", after, w.facts[after:])
				fired = s.disarm()
				if err != nil && !errors.Is(err, engine.ErrOutage) {
					t.Fatalf("step %d: %v", step, err)
				}
				if at, checkErr := e.Checkpoint(t.Context(), "l_v1"); checkErr != nil {
					t.Fatal(checkErr)
				} else if err != nil && at == after {
					lost++
				} else if err != nil {
					found++
				}
				if err := e.Handle(t.Context(), "l_v1", after, w.facts[after:]); err != nil {
					t.Fatalf("step %d, again: %v", step, err)
				}
			}
			if lost == 0 || found == 0 {
				t.Errorf("of the failures %d had stored nothing and %d everything; both kinds should occur", lost, found)
			}
			model := fresh(t, ledger("l_v1"))
			handle(t, model, "l_v1", w.facts)
			if got, want := content(t, e, "l_v1"), content(t, model, "l_v1"); got != want {
				t.Errorf("content %s, want %s", got, want)
			}
			bad := step
			if last == 1 {
				bad = 0
			}
			if parked, err := e.Parked(t.Context()); err != nil || len(parked) != bad {
				t.Errorf("parked %d streams, %v; want %d", len(parked), err, bad)
			}
		})
	}
}

func TestWhereverTheDatabaseFailsAReplayHappensOnce(t *testing.T) {
	bad, good := &written{}, &written{}
	pool, s := sabotaged(t)
	e := open(t, pool, ledger("l_v1"))
	stream := func(i int) string { return "test-" + string(rune('a'+i%26)) + string(rune('a'+i/26)) }
	for i := range maxSteps {
		bad.add(stream(i), added{N: applyFails}).add(stream(i), added{N: 2})
		good.add(stream(i), added{N: 1}).add(stream(i), added{N: 2})
	}
	step, freed := 0, map[string]bool{}
	handle(t, e, "l_v1", bad.facts)
	for fired := true; fired; step++ {
		if step == maxSteps {
			t.Fatalf("the sabotage still strikes after %d steps", step)
		}
		pool.Reset()
		s.arm(step)
		err := e.Replay(t.Context(), "l_v1", stream(step), good.ofStream)
		fired = s.disarm()
		if err != nil { // perhaps it was done; then there is nothing left to replay
			_ = e.Replay(t.Context(), "l_v1", stream(step), good.ofStream)
		}
		freed[stream(step)] = true
	}
	var facts []engine.Fact
	for _, f := range good.facts {
		if freed[f.Stream] {
			facts = append(facts, f)
		}
	}
	if got, want := content(t, e, "l_v1"), want(t, facts); got != want {
		t.Errorf("content %s, want %s", got, want)
	}
}

func TestWhereverTheDatabaseFailsARebuildCanBeRepeated(t *testing.T) {
	w := numbers(30, 4)
	pool, s := sabotaged(t)
	e := open(t, pool, ledger("l_v1"))
	want := want(t, w.facts)
	read := func(_ context.Context, after uint64) iter.Seq2[[]engine.Fact, error] {
		return func(yield func([]engine.Fact, error) bool) {
			for part := range slices.Chunk(w.facts[after:], 10) {
				if !yield(part, nil) {
					return
				}
			}
		}
	}
	for step, fired := 0, true; fired; step += 3 {
		if step > maxSteps {
			t.Fatalf("the sabotage still strikes after %d steps", step)
		}
		pool.Reset()
		s.arm(step)
		err := e.Rebuild(t.Context(), "l_v1", read)
		fired = s.disarm()
		if err != nil {
			if err := e.Rebuild(t.Context(), "l_v1", read); err != nil {
				t.Fatalf("step %d, again: %v", step, err)
			}
		}
		if got := content(t, e, "l_v1"); got != want {
			t.Fatalf("step %d: content %s, want %s", step, got, want)
		}
	}
}

func TestAServerThatThrowsUsOutParksNothing(t *testing.T) {
	w := numbers(20, 3)
	url := pgtest.URL(t)
	e, other := open(t, connect(t, url), ledger("l_v1")), connect(t, url)
	handle(t, e, "l_v1", w.facts[:10])
	if _, err := other.Exec(t.Context(), `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`); err != nil {
		t.Fatal(err)
	}
	if err := e.Handle(t.Context(), "l_v1", 10, w.facts[10:]); err != nil && !errors.Is(err, engine.ErrOutage) {
		t.Fatal(err)
	}
	// A server that only reads, as after a failover.
	if err := e.Handle(t.Context(), "l_v1", 10, w.facts[10:15]); err != nil {
		t.Fatal(err)
	}
	readOnly, err := pgxpool.ParseConfig(url)
	if err != nil {
		t.Fatal(err)
	}
	readOnly.ConnConfig.RuntimeParams["search_path"] = engine.Schema
	pool, err := pgxpool.NewWithConfig(t.Context(), readOnly)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	standby := open(t, pool, ledger("l_v1"))
	if _, err := pool.Exec(t.Context(), `set default_transaction_read_only = on`); err != nil { // its only connection
		t.Fatal(err)
	}
	if err := standby.Handle(t.Context(), "l_v1", 15, w.facts[15:]); !errors.Is(err, engine.ErrOutage) {
		t.Errorf("a server that only reads gave %v", err)
	}
	handle(t, e, "l_v1", w.facts[10:])
	if parked, err := e.Parked(t.Context()); err != nil || len(parked) != 0 {
		t.Errorf("parked %+v, %v", parked, err)
	}
}
