package node

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/jejak-kinerja/jejak/internal/pgrun/pgtest"
)

// faulty is a store whose calls fail on demand. plan is asked before each call
// with its name and says what shall go wrong.
type faulty struct {
	store
	plan func(call string) fault
}

type fault uint8

const (
	works     fault = iota
	lostFirst       // the connection is lost before the call arrives
	lostAfter       // the call is carried out, its answer is lost
	refusedIt       // the database says no
)

var (
	errLost    = errors.New("connection lost")
	errRefused = &pgconn.PgError{SeverityUnlocalized: "ERROR", Code: "53100", Message: "disk full"}
)

func broken[T any](f *faulty, call string, run func() (T, error)) (T, error) {
	var none T
	switch f.plan(call) {
	case lostFirst:
		return none, errLost
	case refusedIt:
		return none, errRefused
	case lostAfter:
		if _, err := run(); err != nil {
			return none, err
		}
		return none, errLost
	}
	return run()
}

func (f *faulty) streams(ctx context.Context, names []string) ([]*stream, error) {
	return broken(f, "streams", func() ([]*stream, error) { return f.store.streams(ctx, names) })
}

func (f *faulty) past(ctx context.Context, ids []idKey, revs []revKey, found func(sid, rev int64, id uuid.UUID, pos int64)) error {
	_, err := broken(f, "past", func() (struct{}, error) { return struct{}{}, f.store.past(ctx, ids, revs, found) })
	return err
}

func (f *faulty) write(ctx context.Context, b *batch) error {
	_, err := broken(f, "write", func() (struct{}, error) { return struct{}{}, f.store.write(ctx, b) })
	return err
}

func (f *faulty) reopen(ctx context.Context) (heads, error) {
	return broken(f, "reopen", func() (heads, error) { return f.store.reopen(ctx) })
}

// newFaultyRig is a rig on a faulty store; faults begin with the returned call.
func newFaultyRig(t *testing.T) (r *rig, breaks func(plan func(call string) fault)) {
	t.Helper()
	return newFaultyRigOf(t, Options{})
}

func newFaultyRigOf(t *testing.T, o Options) (r *rig, breaks func(plan func(call string) fault)) {
	t.Helper()
	o.DatabaseURL = pgtest.URL(t)
	o, err := o.withDefaults()
	if err != nil {
		t.Fatal(err)
	}
	if err := Migrate(t.Context(), o.DatabaseURL); err != nil {
		t.Fatal(err)
	}
	config, err := pgxpool.ParseConfig(o.DatabaseURL)
	if err != nil {
		t.Fatal(err)
	}
	config.AfterConnect = prepareConnection
	pool, err := pgxpool.NewWithConfig(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	plans := make(chan func(string) fault, 1)
	plan := func(string) fault { return works }
	f := &faulty{&session{config: config.ConnConfig}, func(call string) fault {
		select {
		case plan = <-plans:
		default:
		}
		return plan(call)
	}}
	n, err := start(t.Context(), o, f, pool)
	if err != nil {
		t.Fatal(err)
	}
	return serve(t, n), func(p func(string) fault) { plans <- p }
}

// once fails the nth such call and no other.
func once(name string, nth int, what fault) func(string) fault {
	return func(call string) fault {
		if call != name {
			return works
		}
		if nth--; nth == 0 {
			return what
		}
		return works
	}
}

// Every call of a write fails once, in each way. Whatever the writer is told, a
// repeat must leave exactly one event, and the log must stay whole.
func TestEachWriteFailsInTurnAndNothingIsLostOrDoubled(t *testing.T) {
	for _, row := range []struct {
		call string
		what fault
		says codes.Code
	}{
		{"streams", lostFirst, codes.OK},
		{"streams", refusedIt, codes.Aborted},
		{"past", lostFirst, codes.OK},
		{"past", refusedIt, codes.Aborted},
		{"write", lostFirst, codes.OK},
		{"write", lostAfter, codes.OK}, // failed, but was stored
		{"write", refusedIt, codes.Aborted},
	} {
		t.Run(fmt.Sprint(row.call, row.what), func(t *testing.T) {
			r, breaks := newFaultyRig(t)
			r.must("s", wantNone, ev("a"))
			sub := r.follow(all, fromEnd)
			sub.sees("confirmed caught-up")
			head := r.Head()
			breaks(once(row.call, 1, row.what))
			stream := "s"
			if row.call == "streams" {
				stream = "t" // one that is not cached
			}
			answer, _, err := r.append(stream, wantAny, ev("b"))
			if status.Code(err) != row.says {
				t.Fatalf("says %v %v, want %v", answer, err, row.says)
			}
			if err != nil && r.Head() != head {
				t.Fatal("a refused write was stored")
			}
			repeated, _, err := r.append(stream, wantAny, ev("b"))
			if err != nil || r.Head() != head+1 || repeated.GetSuccess().GetPosition().GetCommitPosition() != head+1 {
				t.Fatalf("the repeat says %v %v, the head is %d, was %d", repeated, err, r.Head(), head)
			}
			r.must("s", wantAny, ev("c"))
			if stream == "s" {
				sub.sees("s#1 s#2")
			} else {
				sub.sees("t#0 s#1")
			}
			if answers, _, err := r.read(all); err != nil || uint64(len(answers)) != head+2 {
				t.Errorf("%d events in the log, want %d: %v", len(answers), head+2, err)
			}
		})
	}
}

func TestALostConnectionTwiceIsToldToTheWriter(t *testing.T) {
	r, breaks := newFaultyRig(t)
	head := r.Head()
	left := attempts
	breaks(func(call string) fault {
		if call == "write" && left > 0 {
			left--
			return lostFirst
		}
		return works
	})
	_, _, err := r.append("s", wantNone, ev("a"))
	if status.Code(err) != codes.Aborted || r.Head() != head {
		t.Fatalf("says %v", err)
	}
	r.must("s", wantNone, ev("a"))
}

func TestTheSearchForASessionGoesOnUntilThereIsOne(t *testing.T) {
	r, breaks := newFaultyRig(t)
	failed, reopens := false, 3
	breaks(func(call string) fault {
		switch {
		case call == "write" && !failed:
			failed = true
			return lostAfter
		case call == "reopen" && reopens > 0:
			reopens--
			return lostFirst
		}
		return works
	})
	at := r.must("s", wantNone, ev("a"))
	if at != r.Head() {
		t.Errorf("answered %d, the head is %d", at, r.Head())
	}
}

// When somebody else has written, memory and log no longer agree: the node stops
// rather than guess.
func TestAForeignWriteStopsTheNode(t *testing.T) {
	r, _ := newFaultyRig(t)
	r.must("s", wantNone, ev("a"))
	owner := r.owner()
	const foreign = `insert into eventstore.events (pos, sid, rev, created, id, json, type, data, meta)
		select max(pos) + 1, 999, 0, 0, gen_random_uuid(), false, 't', '', '' from eventstore.events`
	if _, err := owner.Exec(t.Context(), foreign); err != nil {
		t.Fatal(err)
	}
	_, _, err := r.append("s", wantAny, ev("b"))
	if status.Code(err) != codes.Unavailable {
		t.Errorf("says %v", err)
	}
	select {
	case err := <-r.Failed():
		if !errors.Is(err, errMoved) {
			t.Errorf("failed with %v", err)
		}
	case <-time.After(patience):
		t.Error("the node goes on")
	}
	if _, _, err = r.append("s", wantAny, ev("c")); status.Code(err) != codes.Unavailable {
		t.Errorf("after the stop it says %v", err)
	}
}

// A database that answers "done" without storing every row is not to be trusted.
func TestAWriteThatStoresTooLittleStopsTheNode(t *testing.T) {
	r, _ := newFaultyRig(t)
	owner := r.owner()
	const swallow = `create function swallow() returns trigger language plpgsql as 'begin return null; end';
		create trigger swallow before insert on eventstore.streams for each row when (new.name = 'swallowed') execute function swallow()`
	if _, err := owner.Exec(t.Context(), swallow); err != nil {
		t.Fatal(err)
	}
	if _, _, err := r.append("swallowed", wantAny, ev("a")); status.Code(err) != codes.Unavailable {
		t.Errorf("says %v", err)
	}
	select {
	case err := <-r.Failed():
		if !errors.Is(err, errShortWrite) {
			t.Errorf("failed with %v", err)
		}
	case <-time.After(patience):
		t.Error("the node goes on")
	}
}
