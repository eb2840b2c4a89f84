package eventlog

import (
	"log/slog"
	"path/filepath"
	"testing"
	"time"

	"github.com/jejak-kinerja/jejak/domain"
)

// TestOpenWithPatienceGoesOnWithoutTheStore opens a log whose store is not there yet;
// calls fail within their limit, and succeed when it is.
func TestOpenWithPatienceGoesOnWithoutTheStore(t *testing.T) {
	socket := filepath.Join(t.TempDir(), "nobody.sock")
	l, err := Open(t.Context(), Options{Socket: socket, Catalog: ledger(t), Log: slog.New(slog.DiscardHandler),
		Patience: 50 * time.Millisecond, CallTimeout: 200 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := l.Close(); err != nil {
			t.Error(err)
		}
	}()
	if _, err := l.Head(t.Context()); domain.KindOf(err) != domain.Unavailable {
		t.Errorf("a call without a store gives %v", err)
	}
}
