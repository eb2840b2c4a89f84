package importing

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jejak-kinerja/jejak/commands"
	"github.com/jejak-kinerja/jejak/commands/memstore"
	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/catalog"
	"github.com/jejak-kinerja/jejak/domain/unit"
	"github.com/jejak-kinerja/jejak/internal/clock"
	"github.com/jejak-kinerja/jejak/internal/tabular"
)

// register is a vault that keeps who people are.
type register struct {
	mu    sync.Mutex
	nips  map[string]domain.PersonID
	names map[domain.PersonID]string
}

func (v *register) Seal(context.Context, domain.PersonID, string, string) (domain.Sealed, error) {
	return "", errors.New("an import seals no texts")
}

func (v *register) SealFile(context.Context, domain.PersonID, string, []byte) (domain.Evidence, error) {
	return domain.Evidence{}, errors.New("an import seals no files")
}

func (v *register) Identify(_ context.Context, p domain.PersonID, i commands.Identity) error {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.nips[i.NIP], v.names[p] = p, i.Name
	return nil
}

func (v *register) FindByNIP(_ context.Context, nip string) (domain.PersonID, bool, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	p, ok := v.nips[nip]
	return p, ok, nil
}

// town is an office with the units of Sabang and nobody in it.
type town struct {
	*testing.T
	office *commands.Office
	store  *memstore.Store
	vault  *register
	dir    string
}

func newTown(t *testing.T) *town {
	t.Helper()
	c, err := catalog.Ledger()
	if err != nil {
		t.Fatal(err)
	}
	now := clock.Fixed(time.Date(2026, time.November, 23, 3, 0, 0, 0, time.UTC))
	store := memstore.New(c, now)
	vault := &register{nips: map[string]domain.PersonID{}, names: map[domain.PersonID]string{}}
	w := &town{t, &commands.Office{Store: store, Vault: vault, Clock: now, Zone: time.UTC, Salt: func() string { return "c2FsdHNhbHRzYWx0c2FsdA" }}, store, vault, t.TempDir()}
	if _, err := Sabang(t.Context(), w.office, quiet); err != nil {
		t.Fatal(err)
	}
	return w
}

func quiet(int, int, string) {}

// units lists the units as the program does: from the log.
func (w *town) units(context.Context) ([]unit.State, error) {
	return UnitsOf(slices.Values(w.store.All())), nil
}

func (w *town) options() Options { return Options{Units: w.units} }

// file writes rows as an XLSX report of plans, or of what the title says.
func (w *town) file(name string, rows ...[]string) string {
	w.Helper()
	var out bytes.Buffer
	if err := tabular.Write(&out, "Laporan", slices.Values(rows)); err != nil {
		w.Fatal(err)
	}
	path := filepath.Join(w.dir, name)
	if err := os.WriteFile(path, out.Bytes(), 0o600); err != nil {
		w.Fatal(err)
	}
	return path
}

// plans writes a report of plans of so many invented people.
func (w *town) plans(people int) string {
	return w.file(fmt.Sprintf("skp-%d.xlsx", people), slices.Collect(sampleRows("LAPORAN SKP TAHUN", sampleHeader, samplePlans(people)))...)
}

// altered writes the same with one cell of the first row changed.
func (w *town) altered(column int, text string) string {
	rows := samplePlans(4)
	rows[0][column] = text
	return w.file("altered.xlsx", slices.Collect(sampleRows("LAPORAN SKP TAHUN", sampleHeader, rows))...)
}

func (w *town) bring(file string, o Options) Receipt {
	w.Helper()
	r, err := EKinerja(w.Context(), w.office, file, o, quiet)
	if err != nil {
		w.Fatal(err)
	}
	return r
}

// facts joins the bodies of each stream that an import may write.
func (w *town) facts() map[string]string {
	streams := map[string]string{}
	for _, r := range w.store.All() {
		if category, _, _ := strings.Cut(r.Stream, "-"); slices.Contains([]string{"bkn", "import", "person"}, category) {
			streams[r.Stream] += r.Name + string(r.Data) + "\n"
		}
	}
	return streams
}
