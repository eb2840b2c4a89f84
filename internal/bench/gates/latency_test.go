package gates

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/jejak-kinerja/jejak/internal/bench"
)

const (
	syncedName = "fdatasync of 700 bytes"

	// segmentBytes is written whole before it is synced piece by piece: a file that
	// grows would sync its metadata, too.
	segmentBytes = 16 << 20
	pieceBytes   = 700
)

// syncing is the anchor of everything durable: a piece written into a file and
// flushed, by one caller.
func syncing(t testing.TB) bench.Variant {
	t.Helper()
	file, err := os.Create(filepath.Join(t.TempDir(), "segment"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := file.Close(); err != nil {
			t.Error(err)
		}
	})
	if _, err := file.Write(make([]byte, segmentBytes)); err != nil {
		t.Fatal(err)
	}
	if err := file.Sync(); err != nil {
		t.Fatal(err)
	}
	piece, at := bytes.Repeat([]byte("j"), pieceBytes), int64(0)
	return bench.Calls(syncedName, 1, func(context.Context, int) (int, error) {
		if at += pieceBytes; at+pieceBytes > segmentBytes {
			at = 0
		}
		if _, err := file.WriteAt(piece, at); err != nil {
			return 0, err
		}
		return 1, syscall.Fdatasync(int(file.Fd()))
	})
}

func TestGateSequentialLatency(t *testing.T) {
	setup := bench.Asked(t, "G4")
	p50, p99 := bench.Quantile(0.5), bench.Quantile(0.99)
	gate := func(what string, must, target bench.Bound) bench.Gate {
		return bench.Gate{ID: "G4", What: "append, one caller, " + what, Must: must, Target: target}
	}
	setup.Measure(t, compareAppends(t, 1, syncing(t)),
		bench.Check{Of: productName, To: syncedName, Metric: p50, Gate: gate("p50 over fdatasync's", bench.AtMost(4.5), bench.AtMost(2.8))},
		bench.Check{Of: productName, To: insertName, Metric: p50, Gate: gate("p50 over a plain INSERT's", bench.AtMost(2.5), bench.Bound{})},
		bench.Check{Of: productName, To: syncedName, Metric: p99, Pooled: true, Gate: gate("p99 over fdatasync's", bench.AtMost(6), bench.Bound{})},
	)
}
