package commands_test

import (
	"context"
	"errors"
	"testing"

	"github.com/jejak-kinerja/jejak/commands"
	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/indicator"
	"github.com/jejak-kinerja/jejak/domain/person"
	"github.com/jejak-kinerja/jejak/domain/unit"
)

// More invented people: one for each role besides Fitri of the personnel agency,
// and Lia, who acts as head of Ina's unit.
const (
	hadi  domain.PersonID = "hadi"
	indah domain.PersonID = "indah"
	joko  domain.PersonID = "joko"
	kiki  domain.PersonID = "kiki"
	lia   domain.PersonID = "lia"
)

// city is the hall with roles, units and an indicator, and a vault that knows NIPs.
type city struct {
	hall
	people *registry
	keys   *keyring
}

func newCity(t *testing.T) city {
	t.Helper()
	c := city{hall: newHall(t), people: &registry{known: map[domain.PersonID]commands.Identity{}}, keys: &keyring{}}
	c.Vault, c.Keys = c.people, c.keys
	for id, role := range map[domain.PersonID]person.Role{
		hadi: person.Inspectorate, indah: person.PerformanceOffice, joko: person.CityLeadership, kiki: person.SystemAdministrator,
	} {
		c.given("person", string(id), person.Registered{Person: id, Employment: person.PNS, Invented: true}, person.RoleGranted{Role: role, From: "2025-01-01"})
	}
	c.given("person", "lia", person.Registered{Person: lia, Employment: person.PNS, Invented: true})
	c.given("unit", "kota", unit.Established{Unit: "kota", Name: "Kota", Kind: unit.City, From: "1965-01-01"})
	c.given("unit", "dinas", unit.Established{Unit: "dinas", Name: "Dinas Pariwisata", Kind: unit.Agency, Parent: "kota", From: "2017-01-01"},
		unit.HeadAppointed{Person: dewi, From: "2025-01-01"},
		unit.ActingHeadAssigned{Person: lia, Capacity: domain.ActingAbsent, Span: domain.Span{From: "2026-11-01", Until: "2026-11-30"}})
	c.given("unit", "lama", unit.Established{Unit: "lama", Name: "Dinas Lama", Kind: unit.Agency, From: "2000-01-01"}, unit.Closed{LastDay: "2016-12-31"})
	c.given("indicator", "kunjungan", indicator.Defined{Indicator: "kunjungan", Name: "Kunjungan", Measure: "orang", Direction: indicator.HigherIsBetter},
		indicator.TargetSet{Period: "2023", Value: 300, Source: press}, indicator.RealisationReported{Period: "2023", Value: 261, Source: press})
	return c
}

var press = indicator.Source{Title: "Siaran pers"}

// operator is nobody in the ledger: the hand at the machine that fills it.
func operator(door domain.Source) commands.Ask {
	return commands.Ask{Key: "key-of-operator", Capacity: domain.System, Source: door}
}

// registry is a vault that keeps identities, and fails when broken.
type registry struct {
	chest
	known map[domain.PersonID]commands.Identity
}

func (r *registry) Identify(_ context.Context, id domain.PersonID, identity commands.Identity) error {
	if r.broken == nil {
		r.known[id] = identity
	}
	return r.broken
}

func (r *registry) FindByNIP(_ context.Context, nip string) (domain.PersonID, bool, error) {
	for id, identity := range r.known {
		if identity.NIP == nip {
			return id, true, r.broken
		}
	}
	return "", false, r.broken
}

// keyring remembers what it destroyed, and fails when broken.
type keyring struct {
	destroyed []string
	broken    error
}

func (k *keyring) Destroy(_ context.Context, id domain.PersonID, class string) error {
	if k.broken == nil {
		k.destroyed = append(k.destroyed, string(id)+"/"+class)
	}
	return k.broken
}

var errBroken = errors.New("the vault does not answer")
