package engine_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"go.uber.org/goleak"

	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/internal/clock"
	"github.com/jejak-kinerja/jejak/internal/pgrun/pgtest"
	"github.com/jejak-kinerja/jejak/projections"
	"github.com/jejak-kinerja/jejak/projections/engine"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(pgtest.Suite{M: m}) }

// noon is the time of every test.
var noon = time.Date(2026, 3, 2, 5, 0, 0, 0, time.UTC)

// added is the only event of these tests: n joins the list and the sum of its stream.
type added struct{ N int }

const (
	applyFails  = -1
	applyPanics = -2
	sqlRefuses  = -3 // breaks a constraint of the table
	lateRefuses = -4 // breaks a constraint that is only looked at at the commit
	wrongArg    = -5 // an argument that cannot be encoded as the column's type
)

// ledger lists what was added, per stream in its order, with a running sum: a row
// that is applied twice, left out or in the wrong order shows.
func ledger(name string) projections.Projection {
	list, sum := name+"_list", name+"_sum"
	return projections.Projection{
		Name: name,
		Schema: `create table ` + list + ` (stream text, revision bigint, n bigint check (n <> -3), before bigint, primary key (stream, revision));
			create table ` + sum + ` (stream text primary key, total bigint not null, last bigint not null);
			create table ` + name + `_no (n bigint primary key);
			alter table ` + list + ` add column late bigint references ` + name + `_no deferrable initially deferred`,
		Tables: []string{list, sum, name + "_no"},
		Apply: func(out projections.Statements, f domain.Recorded) error {
			event, ok := f.Body.(added)
			if !ok {
				return nil
			}
			var late, n any = nil, event.N
			switch event.N {
			case applyFails:
				out.Exec(`insert into nowhere values (1)`)
				return errors.New("no such luck")
			case applyPanics:
				var none map[string]int
				none["x"] = 1 //nolint:staticcheck // a panic is wanted
			case lateRefuses:
				late = -4
			case wrongArg:
				n = "many"
			}
			out.Exec(`insert into `+list+` (stream, revision, n, before, late) values ($1, $2, $3, (select total from `+sum+` where stream = $1), $4)`,
				f.Stream, int64(f.Revision), n, late)
			out.Exec(`insert into `+sum+` as s (stream, total, last) values ($1, $2, $3)
				on conflict (stream) do update set total = s.total + excluded.total, last = excluded.last`, f.Stream, event.N, int64(f.Position))
			return nil
		},
	}
}

// written makes facts: n of the streams in turn.
type written struct {
	facts     []engine.Fact
	revisions map[string]uint64
}

func (w *written) add(stream string, body any) *written {
	if w.revisions == nil {
		w.revisions = map[string]uint64{}
	}
	position := uint64(len(w.facts)) + 1
	w.facts = append(w.facts, engine.Fact{Recorded: domain.Recorded{
		Position: position, Stream: stream, Revision: w.revisions[stream], ID: domain.EventID(fmt.Sprintf("event-%d", position)),
		Name: "test.added.v1", Body: body, StoredAt: noon,
	}})
	w.revisions[stream]++
	return w
}

// numbers gives n good facts over some streams.
func numbers(n, streams int) *written {
	w := &written{}
	for i := range n {
		w.add(fmt.Sprintf("test-%d", i%streams), added{N: i})
	}
	return w
}

func (w *written) ofStream(_ context.Context, stream string) ([]engine.Fact, error) {
	var facts []engine.Fact
	for _, f := range w.facts {
		if f.Stream == stream {
			facts = append(facts, f)
		}
	}
	return facts, nil
}

func connect(t testing.TB, url string) *pgxpool.Pool {
	t.Helper()
	pool, err := engine.Connect(t.Context(), url, 4)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	return pool
}

func open(t testing.TB, pool *pgxpool.Pool, list ...projections.Projection) *engine.Engine {
	t.Helper()
	e, err := engine.Open(t.Context(), pool, list, engine.Options{Log: slog.New(slog.DiscardHandler), Clock: clock.Fixed(noon)})
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func fresh(t testing.TB, list ...projections.Projection) *engine.Engine {
	t.Helper()
	return open(t, connect(t, pgtest.URL(t)), list...)
}

func handle(t testing.TB, e *engine.Engine, name string, facts []engine.Fact) {
	t.Helper()
	if len(facts) == 0 {
		return
	}
	if err := e.Handle(t.Context(), name, facts[0].Position-1, facts); err != nil {
		t.Fatal(err)
	}
}

func content(t testing.TB, e *engine.Engine, name string) string {
	t.Helper()
	digest, rows, err := e.Content(t.Context(), name)
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("%d rows %s", rows, digest)
}

// want is the content after the facts have been applied once, in order, without trouble.
func want(t testing.TB, facts []engine.Fact) string {
	t.Helper()
	e := fresh(t, ledger("l_v1"))
	handle(t, e, "l_v1", facts)
	if parked, err := e.Parked(t.Context()); err != nil || len(parked) > 0 {
		t.Fatalf("the model parked %v, %v", parked, err)
	}
	return content(t, e, "l_v1")
}
