package unit_test

import (
	"testing"

	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/spec"
	"github.com/jejak-kinerja/jejak/domain/unit"
)

// A unit's life, for given-when-then. Everybody is invented.
var (
	established = unit.Established{Unit: "dispar", Code: "1.02", Name: "Dinas Pariwisata", Kind: unit.Agency, Parent: "kota", From: "2020-01-01"}
	appointed   = unit.HeadAppointed{Person: "budi", From: "2021-01-01"}
	vacancy     = unit.ActingHeadAssigned{Person: "cut", Capacity: domain.ActingVacant, Span: domain.Span{From: "2022-01-01", Until: "2022-06-30"}}
	absence     = unit.ActingHeadAssigned{Person: "dewi", Capacity: domain.ActingAbsent, Span: domain.Span{From: "2021-05-01", Until: "2021-05-31"}}
	closed      = unit.Closed{LastDay: "2026-06-30"}
)

func given(t *testing.T, facts ...unit.Event) spec.Case[unit.State, unit.Command, unit.Event] {
	t.Helper()
	return spec.Given(t, unit.Decider, facts...)
}

func TestEvolveIsTotal(t *testing.T) {
	spec.EvolveIsTotal(t, unit.Decider, spec.AnyEvent[unit.Event](unit.Stored, "plt", "plh", "definitif"))
}

func TestAClosedUnitAcceptsNothing(t *testing.T) {
	for _, order := range []unit.Command{
		unit.Rename{Name: "Dinas Baru", From: "2026-01-01"}, unit.AliasCode{Alias: "9"}, unit.AppointHead{Person: "eka", From: "2026-01-01"},
		unit.ReleaseHead{Person: "budi", LastDay: "2026-01-01"},
		unit.AssignActingHead{Person: "eka", Capacity: domain.ActingVacant, Span: domain.Span{From: "2026-01-01"}},
		unit.EndActingHead{Person: "cut", LastDay: "2022-03-01"}, unit.Close{LastDay: "2026-07-31"},
	} {
		given(t, established, appointed, vacancy, closed).When(order).ThenRefused("unit-closed")
		given(t).When(order).ThenRefused("unit-unknown")
	}
}

func TestWhoLeadsOnADay(t *testing.T) {
	s := unit.Decider.Fold(unit.State{}, established, appointed, absence,
		unit.HeadReleased{Person: "budi", LastDay: "2021-12-31"}, vacancy,
		unit.HeadAppointed{Person: "eka", From: "2023-01-01"}, closed)
	for day, want := range map[domain.Date]unit.Head{
		"2020-12-31": {},
		"2021-01-01": {Person: "budi", Capacity: domain.Definitive},
		"2021-05-01": {Person: "dewi", Capacity: domain.ActingAbsent},
		"2021-05-31": {Person: "dewi", Capacity: domain.ActingAbsent},
		"2021-06-01": {Person: "budi", Capacity: domain.Definitive},
		"2021-12-31": {Person: "budi", Capacity: domain.Definitive},
		"2022-01-01": {Person: "cut", Capacity: domain.ActingVacant},
		"2022-07-01": {},
		"2023-01-01": {Person: "eka", Capacity: domain.Definitive},
		"2026-06-30": {Person: "eka", Capacity: domain.Definitive},
		"2026-07-01": {},
	} {
		head, ok := s.HeadOn(day)
		if head.Person != want.Person || head.Capacity != want.Capacity || ok != (want.Person != "") {
			t.Errorf("on %s %s leads as %s, want %s as %s", day, head.Person, head.Capacity, want.Person, want.Capacity)
		}
	}
}

func TestTheHolderStillLeadsWhileSomebodyActs(t *testing.T) {
	s := unit.Decider.Fold(unit.State{}, established, appointed, absence, unit.HeadReleased{Person: "budi", LastDay: "2021-12-31"})
	for _, row := range []struct {
		who  domain.PersonID
		on   domain.Date
		want bool
	}{
		{"budi", "2021-05-15", true}, {"dewi", "2021-05-15", true}, {"dewi", "2021-06-01", false},
		{"budi", "2021-12-31", true}, {"budi", "2022-01-01", false}, {"cut", "2021-05-15", false},
	} {
		if got := s.Leads(row.who, row.on); got != row.want {
			t.Errorf("%s on %s: %v", row.who, row.on, got)
		}
	}
	open := unit.Decider.Fold(unit.State{}, established, appointed, closed)
	if !open.Leads("budi", "2026-06-30") || open.Leads("budi", "2026-07-01") {
		t.Error("a closed unit is led after its last day")
	}
}

func TestTheNameOnADay(t *testing.T) {
	s := unit.Decider.Fold(unit.State{}, established, unit.Renamed{Name: "Dinas Baru", From: "2025-01-01"}, unit.Renamed{Name: "Dinas Lama", From: "2022-01-01"})
	for day, want := range map[domain.Date]string{"2019-12-31": "", "2020-01-01": "Dinas Pariwisata", "2022-01-01": "Dinas Lama", "2025-01-01": "Dinas Baru"} {
		if got := s.NameOn(day); got != want {
			t.Errorf("on %s: %q, want %q", day, got, want)
		}
	}
}
