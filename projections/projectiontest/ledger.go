package projectiontest

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/catalog"
)

// Start is when the ledgers of tests begin: a Monday morning in Sabang.
var Start = time.Date(2026, 1, 5, 1, 0, 0, 0, time.UTC)

// Ledger puts facts in their places. Each is recorded a second after the one before.
type Ledger struct {
	Facts []domain.Recorded
	// At is when the next fact is recorded and holds.
	At time.Time

	catalog   *catalog.Catalog
	revisions map[string]uint64
	t         testing.TB
}

// New makes an empty ledger.
func New(t testing.TB) *Ledger {
	t.Helper()
	c, err := catalog.Ledger()
	if err != nil {
		t.Fatal(err)
	}
	return &Ledger{At: Start, catalog: c, revisions: map[string]uint64{}, t: t}
}

// Add puts a fact at the end of its stream, done by actor, and gives its position.
func (l *Ledger) Add(stream string, actor domain.PersonID, body any) uint64 {
	l.t.Helper()
	name, data, err := l.catalog.Encode(body)
	if err != nil {
		l.t.Fatal(err)
	}
	category, _, _ := strings.Cut(stream, "-")
	if of, _, _ := strings.Cut(name, "."); of != category {
		l.t.Fatalf("%s does not belong into %s", name, stream)
	}
	position := uint64(len(l.Facts) + 1)
	capacity := domain.Definitive
	if actor == "" {
		capacity = domain.System
	}
	l.Facts = append(l.Facts, domain.Recorded{
		Position: position, Stream: stream, Revision: l.revisions[stream],
		ID: domain.EventID(fmt.Sprintf("00000000-0000-4000-8000-%012x", position)), Name: name, Body: body, Data: data,
		Meta: domain.Meta{Command: domain.CommandID(fmt.Sprintf("command-%d", position)), Actor: actor, Capacity: capacity,
			Authority: "self", Source: domain.FromAPI, Correlation: fmt.Sprintf("c-%d", position/3), RecordedAt: l.At, EffectiveAt: l.At,
			Salt: "c2FsdA", Request: "cmVxdWVzdA"},
		StoredAt: l.At,
	})
	l.revisions[stream]++
	l.At = l.At.Add(time.Second)
	return position
}
