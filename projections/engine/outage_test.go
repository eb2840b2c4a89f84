package engine_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"iter"
	"net"
	"slices"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/internal/pgrun/pgtest"
	"github.com/jejak-kinerja/jejak/projections/engine"
)

// sabotage breaks the connection to the database at one of its reads or writes:
// a write before it is sent, a read after the answer has come.
type sabotage struct {
	mu       sync.Mutex
	armed    bool
	left     int  // reads and writes to let through
	atCommit bool // or: strike when the server says that it has committed
	fired    bool
}

// calm is how many times in a row the sabotage must not have struck before a test
// ends; how many reads an operation takes varies a little.
const calm = 3

func (s *sabotage) arm(left int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.armed, s.left, s.atCommit, s.fired = true, left, false, false
}

func (s *sabotage) armAtCommit() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.armed, s.atCommit, s.fired = true, true, false
}

func (s *sabotage) disarm() (fired bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.armed = false
	return s.fired
}

func (s *sabotage) strikes(answer []byte) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.armed || s.fired {
		return false
	}
	if s.atCommit {
		s.fired = bytes.Contains(answer, []byte("COMMIT\x00"))
		return s.fired
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
	if w.sabotage.strikes(b[:max(n, 0)]) {
		return 0, errors.Join(errCut, w.Close())
	}
	return n, err
}

func (w wire) Write(b []byte) (int, error) {
	if w.sabotage.strikes(nil) {
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

// batchWith adds a batch of four facts, of which the third may be bad.
func (w *written) batchWith(third int) (after uint64, batch []engine.Fact) {
	after = uint64(len(w.facts))
	w.add("test-a", added{N: 3}).add("test-b", added{N: 1}).add(fmt.Sprintf("test-%d", after), added{N: third}).add("test-a", added{N: 2})
	return after, w.facts[after:]
}

var thirds = map[string]int{"good": 1, "Apply fails": applyFails, "constraint": sqlRefuses}

func TestWhereverTheDatabaseFailsEachFactIsAppliedOnce(t *testing.T) {
	for what, third := range thirds {
		t.Run(what, func(t *testing.T) {
			pool, s := sabotaged(t)
			e := open(t, pool, ledger("l_v1"))
			w := &written{}
			for step, quiet := 0, 0; quiet < calm; step++ {
				if step == maxSteps {
					t.Fatalf("the sabotage still strikes after %d steps", step)
				}
				after, batch := w.batchWith(third)
				pool.Reset() // the connection's start shall fail, too
				s.arm(step)
				err := e.Handle(t.Context(), "l_v1", after, batch)
				if quiet++; s.disarm() {
					quiet = 0
				}
				if err != nil && !errors.Is(err, engine.ErrOutage) {
					t.Fatalf("step %d: %v", step, err)
				}
				if err := e.Handle(t.Context(), "l_v1", after, batch); err != nil {
					t.Fatalf("step %d, again: %v", step, err)
				}
			}
			equalsUndisturbed(t, e, w.facts)
		})
	}
}

func TestABatchThatFailedButWasStoredIsNotAppliedAgain(t *testing.T) {
	for what, third := range thirds {
		t.Run(what, func(t *testing.T) {
			pool, s := sabotaged(t)
			e := open(t, pool, ledger("l_v1"))
			w := &written{}
			for range 3 {
				after, batch := w.batchWith(third)
				s.armAtCommit()
				err := e.Handle(t.Context(), "l_v1", after, batch)
				if !s.disarm() || !errors.Is(err, engine.ErrOutage) {
					t.Fatalf("with the answer to the commit lost: %v", err)
				}
				var at int64 // asked past the engine, which does not know yet
				if err := pool.QueryRow(t.Context(), `select position from projection`).Scan(&at); err != nil || at != int64(after)+4 {
					t.Fatalf("the checkpoint is at %d, %v; the batch should have been stored", at, err)
				}
				if err := e.Handle(t.Context(), "l_v1", after, batch); err != nil {
					t.Fatal(err)
				}
			}
			equalsUndisturbed(t, e, w.facts)
		})
	}
}

// equalsUndisturbed compares rows and parked streams with those of an engine that
// nobody disturbed.
func equalsUndisturbed(t *testing.T, e *engine.Engine, facts []engine.Fact) {
	t.Helper()
	model := fresh(t, ledger("l_v1"))
	handle(t, model, "l_v1", facts)
	if got, want := content(t, e, "l_v1"), content(t, model, "l_v1"); got != want {
		t.Errorf("content %s, want %s", got, want)
	}
	got, err := e.Parked(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	want, err := model.Parked(t.Context())
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("parked %+v, want %+v, %v", got, want, err)
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
	for quiet := 0; quiet < calm; step++ {
		if step == maxSteps {
			t.Fatalf("the sabotage still strikes after %d steps", step)
		}
		pool.Reset()
		s.arm(step)
		err := e.Replay(t.Context(), "l_v1", stream(step), good.ofStream)
		if quiet++; s.disarm() {
			quiet = 0
		}
		if err != nil { // it may have been done; then there is nothing left to replay
			err = e.Replay(t.Context(), "l_v1", stream(step), good.ofStream)
			if err != nil && domain.KindOf(err) != domain.NotFound {
				t.Fatalf("step %d, again: %v", step, err)
			}
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
	for step, quiet := 0, 0; quiet < calm; step += 3 {
		if step > maxSteps {
			t.Fatalf("the sabotage still strikes after %d steps", step)
		}
		pool.Reset()
		s.arm(step)
		err := e.Rebuild(t.Context(), "l_v1", read)
		if quiet++; s.disarm() {
			quiet = 0
		}
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
