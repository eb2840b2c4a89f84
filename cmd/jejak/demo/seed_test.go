package demo

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"maps"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jejak-kinerja/jejak/cmd/jejak/importing"
	"github.com/jejak-kinerja/jejak/commands"
	"github.com/jejak-kinerja/jejak/commands/memstore"
	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/appraisal"
	"github.com/jejak-kinerja/jejak/domain/catalog"
	"github.com/jejak-kinerja/jejak/domain/feedback"
	"github.com/jejak-kinerja/jejak/domain/person"
	"github.com/jejak-kinerja/jejak/domain/unit"
	"github.com/jejak-kinerja/jejak/internal/clock"
)

var now = time.Date(2026, time.November, 23, 16, 0, 0, 0, time.UTC)

// openVault keeps texts readable: the test looks at facts, not at secrets.
type openVault struct {
	mu   sync.Mutex
	nips map[string]domain.PersonID
}

func (v *openVault) Seal(_ context.Context, subject domain.PersonID, field, text string) (domain.Sealed, error) {
	if text == "" {
		return "", nil
	}
	sum := sha256.Sum256([]byte(string(subject) + field + text))
	return domain.Sealed(base64.RawURLEncoding.EncodeToString(sum[:])), nil
}

func (v *openVault) SealFile(context.Context, domain.PersonID, string, []byte) (domain.Evidence, error) {
	return domain.Evidence{}, nil
}

func (v *openVault) Identify(_ context.Context, p domain.PersonID, i commands.Identity) error {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.nips[i.NIP] = p
	return nil
}

func (v *openVault) FindByNIP(_ context.Context, nip string) (domain.PersonID, bool, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	p, ok := v.nips[nip]
	return p, ok, nil
}

func seeded(t *testing.T, people int) (*commands.Office, *memstore.Store) {
	t.Helper()
	c, err := catalog.Ledger()
	if err != nil {
		t.Fatal(err)
	}
	zone, err := time.LoadLocation("Asia/Jakarta")
	if err != nil {
		t.Fatal(err)
	}
	store := memstore.New(c, clock.Fixed(now))
	office := &commands.Office{Store: store, Vault: &openVault{nips: map[string]domain.PersonID{}}, Clock: clock.Fixed(now), Zone: zone,
		Salt: func() string { return "c2FsdHNhbHRzYWx0c2FsdA" }}
	establish(t, office)
	seed(t, office, people)
	return office, store
}

func establish(t *testing.T, office *commands.Office) {
	t.Helper()
	boot := *office
	boot.Bootstrap = true
	units := append([]importing.Agency{{ID: importing.City, Name: "Kota Sabang", Kind: unit.City}}, importing.Agencies...)
	for _, name := range []domain.UnitID{"kecamatan-sukakarya", "kecamatan-sukajaya", "kecamatan-sukamakmue"} {
		units = append(units, importing.Agency{ID: name, Name: string(name), Kind: unit.District, Parent: importing.City})
	}
	for _, a := range units {
		ask := commands.Ask{Key: domain.CommandID("unit-of-test-" + a.ID), Source: domain.FromImport, Capacity: domain.System}
		in := unit.Establish{Unit: a.ID, Name: a.Name, Kind: a.Kind, Parent: a.Parent, From: "2020-01-01"}
		if _, err := boot.EstablishUnit(t.Context(), ask, in); err != nil {
			t.Fatal(err)
		}
	}
}

func seed(t *testing.T, office *commands.Office, people int) {
	t.Helper()
	if err := Seed(t.Context(), office, Options{People: people, Seed: 7, Now: now}, func(int, int, string) {}); err != nil {
		t.Fatal(err)
	}
}

func TestTheSameSeedGivesTheSameCity(t *testing.T) {
	_, one := seeded(t, 40)
	_, two := seeded(t, 40)
	if a, b := contents(one), contents(two); !maps.Equal(a, b) {
		t.Fatalf("two cities of one seed differ: %d and %d streams", len(a), len(b))
	}
}

// contents joins the bodies of each stream.
func contents(s *memstore.Store) map[string]string {
	streams := map[string]string{}
	for _, r := range s.All() {
		streams[r.Stream] += r.Name + string(r.Data) + "\n"
	}
	return streams
}

func TestASecondRunChangesNothing(t *testing.T) {
	office, store := seeded(t, 40)
	before := len(store.All())
	seed(t, office, 40)
	if after := len(store.All()); after != before {
		t.Fatalf("the second run stored %d more facts", after-before)
	}
}

func TestTheYearHasEverythingThatPagesShow(t *testing.T) {
	_, store := seeded(t, 60)
	count := map[string]int{}
	for _, r := range store.All() {
		count[r.Name]++
	}
	for _, name := range []string{"person.registered.v1", "plan.established.v1", "progress.reported.v1", "progress.acknowledged.v1",
		"feedback.given.v1", "feedback.read.v1", "feedback.replied.v1", "appraisal.predicate-derived.v1", "appraisal.received.v1",
		"unit.head-appointed.v1", "unit.acting-head-assigned.v1"} {
		if count[name] == 0 {
			t.Errorf("nobody has %s", name)
		}
	}
	if count["person.registered.v1"] != 60 {
		t.Errorf("%d people, want 60", count["person.registered.v1"])
	}
}

func TestNobodyJudgesOneselfAndNothingLiesInTheFuture(t *testing.T) {
	_, store := seeded(t, 60)
	for _, r := range store.All() {
		if r.Meta.RecordedAt.After(now) || r.Meta.EffectiveAt.After(now) {
			t.Errorf("%s of %s was recorded at %s", r.Name, r.Stream, r.Meta.RecordedAt)
		}
		switch e := r.Body.(type) {
		case appraisal.Opened:
			if e.Person == e.Appraiser {
				t.Errorf("%s appraises oneself", e.Person)
			}
		case feedback.Given:
			if e.About == e.By {
				t.Errorf("%s praises oneself", e.By)
			}
		case person.Registered:
			if !e.Invented {
				t.Errorf("%s is not marked as invented", e.Person)
			}
		}
	}
}

func TestEveryRoleHasSomebody(t *testing.T) {
	_, store := seeded(t, MinPeople)
	held := map[person.Role]bool{}
	for _, r := range store.All() {
		if g, ok := r.Body.(person.RoleGranted); ok {
			held[g.Role] = true
		}
	}
	for _, role := range person.Roles {
		if !held[role] {
			t.Errorf("nobody holds %s", role)
		}
	}
}

func TestNIPsCannotBeReal(t *testing.T) {
	seen := map[string]bool{}
	for _, m := range organisation(7, DefaultPeople) {
		if len(m.nip) != 18 || strings.Trim(m.nip, "0123456789") != "" || m.nip[4:6] != "99" {
			t.Fatalf("NIP %q", m.nip)
		}
		if seen[m.nip] {
			t.Fatalf("NIP %q twice", m.nip)
		}
		seen[m.nip] = true
	}
}

func TestEverybodyHasASuperiorBeforeThemAndFewReportToOne(t *testing.T) {
	members, below := organisation(7, DefaultPeople), map[int]int{}
	for _, m := range members {
		if m.superior >= m.index {
			t.Fatalf("person %d has superior %d", m.index, m.superior)
		}
		below[m.superior]++
	}
	for superior, n := range below {
		if superior != none && n > 60 {
			t.Errorf("%d people report to %d (%s, %s)", n, superior, members[superior].title, members[superior].unit)
		}
	}
}
