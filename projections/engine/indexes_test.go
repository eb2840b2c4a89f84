package engine_test

import (
	"context"
	"errors"
	"log/slog"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/jejak-kinerja/jejak/internal/clock"
	"github.com/jejak-kinerja/jejak/internal/pgrun/pgtest"
	"github.com/jejak-kinerja/jejak/projections"
	"github.com/jejak-kinerja/jejak/projections/engine"
)

// indexed is a ledger with an index that only queries need.
func indexed() projections.Projection {
	p := ledger("l_v1")
	p.Schema += ";\ncreate index if not exists l_v1_sum_total on l_v1_sum (total);"
	return p
}

func hasIndex(t *testing.T, pool *pgxpool.Pool) bool {
	t.Helper()
	var there bool
	if err := pool.QueryRow(t.Context(), `select to_regclass('l_v1_sum_total') is not null`).Scan(&there); err != nil {
		t.Fatal(err)
	}
	return there
}

func TestANewProjectionGetsItsIndexesNearTheEndOfTheLog(t *testing.T) {
	const far = 10_000
	pool, w := connect(t, pgtest.URL(t)), numbers(far, 6)
	begin := func() *engine.Engine {
		e, err := engine.Open(t.Context(), pool, []projections.Projection{indexed()}, engine.Options{Log: slog.New(slog.DiscardHandler), Clock: clock.Fixed(noon),
			NearEnd: func(_ context.Context, position uint64) (bool, error) { return position >= far-1, nil }})
		if err != nil {
			t.Fatal(err)
		}
		return e
	}
	e := begin()
	handle(t, e, "l_v1", w.facts[:1_000])
	if hasIndex(t, pool) {
		t.Error("the index was made far from the end")
	}
	e = begin() // killed and started again
	handle(t, e, "l_v1", w.facts[1_000:far-1])
	if !hasIndex(t, pool) {
		t.Error("there is no index near the end")
	}
	handle(t, e, "l_v1", w.facts[far-1:])
	if got, want := content(t, e, "l_v1"), want(t, w.facts); got != want {
		t.Errorf("content %s, want %s", got, want)
	}
}

func TestAProjectionBeforeAShortLogHasItsIndexesFromTheStart(t *testing.T) {
	for what, near := range map[string]func(context.Context, uint64) (bool, error){
		"short": func(context.Context, uint64) (bool, error) { return true, nil }, "not known": nil,
	} {
		t.Run(what, func(t *testing.T) {
			pool := connect(t, pgtest.URL(t))
			if _, err := engine.Open(t.Context(), pool, []projections.Projection{indexed()}, engine.Options{NearEnd: near}); err != nil {
				t.Fatal(err)
			}
			if !hasIndex(t, pool) {
				t.Error("there is no index")
			}
		})
	}
}

func TestWhileTheEndOfTheLogIsUnknownIndexesWaitForTheNextFacts(t *testing.T) {
	pool, away := connect(t, pgtest.URL(t)), true
	e, err := engine.Open(t.Context(), pool, []projections.Projection{indexed()}, engine.Options{Log: slog.New(slog.DiscardHandler), NearEnd: func(context.Context, uint64) (bool, error) {
		if away {
			return false, errors.New("no answer")
		}
		return true, nil
	}})
	if err != nil {
		t.Fatal(err)
	}
	if hasIndex(t, pool) {
		t.Error("there is an index before anybody knows how long the log is")
	}
	away = false
	handle(t, e, "l_v1", numbers(10, 1).facts)
	if !hasIndex(t, pool) {
		t.Error("there is no index after the next facts")
	}
}
