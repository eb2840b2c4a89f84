package importing

import (
	"context"
	"errors"
	"maps"
	"sync"
	"testing"

	"github.com/jejak-kinerja/jejak/commands"
	"github.com/jejak-kinerja/jejak/domain/intake"
)

// breaking is a store that fails for good after so many appends; the last one
// may have been stored all the same.
type breaking struct {
	commands.Store
	mu    sync.Mutex
	left  int
	taken bool
}

var errKilled = errors.New("killed")

func (b *breaking) Append(ctx context.Context, stream string, after int64, events []commands.NewEvent) (commands.Place, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.left--; b.left > 0 {
		return b.Store.Append(ctx, stream, after, events)
	}
	if b.left == 0 && b.taken {
		if _, err := b.Store.Append(ctx, stream, after, events); err != nil {
			return commands.Place{}, err
		}
	}
	return commands.Place{}, errKilled
}

func TestAnImportKilledAnywhereAndRunAgainEqualsOneGo(t *testing.T) {
	const people = intake.ChunkRows + 5
	whole := newTown(t)
	file := whole.plans(people)
	want := whole.bring(file, whole.options())
	for at, taken := range map[int]bool{1: false, 2: true, 41: true, 42: false, 2 * intake.ChunkRows: true, 2*people + 2: false, 2*people + 6: true} {
		w := newTown(t)
		w.office.Store = &breaking{Store: w.store, left: at, taken: taken}
		if _, err := EKinerja(t.Context(), w.office, file, w.options(), quiet); !errors.Is(err, errKilled) {
			t.Fatalf("killed at append %d: %v", at, err)
		}
		w.office.Store = w.store
		w.bring(file, w.options())
		if !maps.Equal(w.facts(), whole.facts()) {
			t.Errorf("killed at append %d (stored: %t), the ledger differs from that of one go", at, taken)
		}
	}
	if want.Stored != 3*people+2+2*2 { // registered, post and plan of each; two plans more; started, two chunks, committed
		t.Errorf("one go stored %d facts", want.Stored)
	}
}

func TestAnImportStopsWhenItIsTold(t *testing.T) {
	w := newTown(t)
	ctx, stop := context.WithCancel(t.Context())
	_, err := EKinerja(ctx, w.office, w.plans(100), w.options(), func(done, _ int, what string) {
		if what == "cari pegawai" && done == 50 {
			stop()
		}
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}
