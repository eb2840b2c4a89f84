package engine_test

import (
	"context"
	"log/slog"
	"os"
	"syscall"
	"testing"
	"time"

	"github.com/jejak-kinerja/jejak/internal/clock"
	"github.com/jejak-kinerja/jejak/internal/pgrun"
	"github.com/jejak-kinerja/jejak/projections/engine"
)

// After the last fact nothing comes that would show what a crash took back.
func TestWhatIsAppliedLastOutlivesACrashOfTheDatabase(t *testing.T) {
	dir, err := os.MkdirTemp("", "jejak-durable-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(dir); err != nil {
			t.Error(err)
		}
	})
	if err := os.Chmod(dir, 0o711); err != nil { // the server's own account walks through
		t.Fatal(err)
	}
	server, err := pgrun.Start(t.Context(), pgrun.Options{Dir: dir, KeepUp: true, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.Stop(context.Background()); err != nil {
			t.Error(err)
		}
	})
	e := open(t, connect(t, server.URL("postgres")), ledger("l_v1"))
	w := numbers(2_000, 5) // two transactions and more
	for _, upTo := range []int{500, 501, 2_000} {
		handle(t, e, "l_v1", w.facts[:upTo])
		killed := server.PID()
		if err := syscall.Kill(killed, syscall.SIGKILL); err != nil {
			t.Fatal(err)
		}
		if at := checkpointAfter(t, e, func() bool { return server.PID() != killed }); at != uint64(upTo) || e.Position("l_v1") != at {
			t.Fatalf("after the crash the read model is at %d, and was shown at %d", at, upTo)
		}
		if got, want := content(t, e, "l_v1"), want(t, w.facts[:upTo]); got != want {
			t.Errorf("content %s, want %s", got, want)
		}
	}
}

// checkpointAfter asks until another server answers: the sessions of a killed one
// live on for a moment.
func checkpointAfter(t *testing.T, e *engine.Engine, another func() bool) uint64 {
	t.Helper()
	const limit = 30 * time.Second
	for begin := clock.Now(); ; {
		back := another()
		at, err := e.Checkpoint(t.Context(), "l_v1")
		if back && err == nil {
			return at
		}
		if clock.Now().Sub(begin) > limit {
			t.Fatalf("the database is not back: %v", err)
		}
		time.Sleep(20 * time.Millisecond) // between two questions; nothing tells
	}
}
