package vault

import (
	"context"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/jejak-kinerja/jejak/internal/pgrun/pgtest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(pgtest.Suite{M: m}) }

// watch is a clock that a test turns.
type watch struct {
	mu  sync.Mutex
	now time.Time
}

func newWatch() *watch { return &watch{now: time.Date(2026, 3, 2, 1, 0, 0, 0, time.UTC)} }

func (w *watch) Now() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.now
}

func (w *watch) Turn(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now = w.now.Add(d)
}

// bench is a vault on its own database.
type bench struct {
	*Vault
	url   string
	kek   KEK
	watch *watch
}

func open(t testing.TB) bench {
	t.Helper()
	kek, err := CreateKEK(t.TempDir() + "/kek")
	if err != nil {
		t.Fatal(err)
	}
	b := bench{url: pgtest.URL(t), kek: kek, watch: newWatch()}
	b.Vault = b.again(t, kek)
	return b
}

// again opens the same vault another time, as another process would.
func (b bench) again(t testing.TB, kek KEK) *Vault {
	t.Helper()
	v, err := Open(t.Context(), Options{URL: b.url, KEK: kek, Clock: b.watch.Now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(v.Close)
	return v
}

func (b bench) exec(t testing.TB, sql string, args ...any) {
	t.Helper()
	tag, err := b.pool.Exec(context.Background(), sql, args...)
	if err != nil {
		t.Fatal(err)
	}
	if tag.RowsAffected() == 0 {
		t.Fatalf("%s changed nothing", sql)
	}
}
