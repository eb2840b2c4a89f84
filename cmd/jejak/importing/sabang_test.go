package importing

import (
	"testing"
	"time"

	"github.com/jejak-kinerja/jejak/commands"
	"github.com/jejak-kinerja/jejak/commands/memstore"
	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/catalog"
	"github.com/jejak-kinerja/jejak/domain/indicator"
	"github.com/jejak-kinerja/jejak/internal/clock"
)

func sabang(t *testing.T) (*commands.Office, *memstore.Store, Summary) {
	t.Helper()
	c, err := catalog.Ledger()
	if err != nil {
		t.Fatal(err)
	}
	now := clock.Fixed(time.Date(2026, time.November, 23, 3, 0, 0, 0, time.UTC))
	store := memstore.New(c, now)
	office := &commands.Office{Store: store, Clock: now, Zone: time.UTC, Salt: func() string { return "c2FsdHNhbHRzYWx0c2FsdA" }}
	summary, err := Sabang(t.Context(), office, func(int, int, string) {})
	if err != nil {
		t.Fatal(err)
	}
	return office, store, summary
}

func indicatorState(t *testing.T, store commands.Store, id domain.IndicatorID) indicator.State {
	t.Helper()
	s, _, err := commands.State(t.Context(), store, indicator.Decider, string(id))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestTheCityComesWithItsDistrictsVillagesAndAgencies(t *testing.T) {
	_, _, s := sabang(t)
	if want := 1 + len(Agencies) + 3 + 18; s.Units != want {
		t.Fatalf("%d units, want %d", s.Units, want)
	}
}

func TestASecondImportStoresNothing(t *testing.T) {
	office, store, first := sabang(t)
	if first.Stored == 0 {
		t.Fatal("the first import stored nothing")
	}
	before := len(store.All())
	second, err := Sabang(t.Context(), office, func(int, int, string) {})
	if err != nil {
		t.Fatal(err)
	}
	if second.Stored != 0 || len(store.All()) != before {
		t.Fatalf("the second import stored %d facts", second.Stored)
	}
}

func TestVisitorsOf2023StandAgainstTheHope(t *testing.T) {
	_, store, _ := sabang(t)
	s := indicatorState(t, store, "wisatawan-total")
	reached, ok := s.Realisation("2023")
	if !ok || reached.Value != domain.Whole(261_489) {
		t.Fatalf("reached %v", reached)
	}
	target, ok := s.Target("2023")
	if !ok || target.Value != domain.Whole(300_000) || target.Source.Note == "" {
		t.Fatalf("target %+v", target)
	}
}

func TestContradictionsBetweenSourcesStayVisible(t *testing.T) {
	_, store, _ := sabang(t)
	for id, want := range map[domain.IndicatorID]int{"wisatawan-total": 1, "wisatawan-mancanegara": 2} {
		if got := len(indicatorState(t, store, id).Notes); got != want {
			t.Errorf("%s has %d warnings, want %d", id, got, want)
		}
	}
}

func TestScoresKeepTheirDecimals(t *testing.T) {
	_, store, _ := sabang(t)
	r, ok := indicatorState(t, store, "kepatuhan-ombudsman").Realisation("2022")
	if !ok || r.Value != 6753 {
		t.Fatalf("%+v", r)
	}
}

func TestNumbersAreReadExactlyOrRefused(t *testing.T) {
	for in, want := range map[string]domain.Decimal{"1": 100, "67.5": 6750, "86.48": 8648, "-0.10": -10} {
		if got, err := hundredths(in); err != nil || got != want {
			t.Errorf("%s: %d %v", in, got, err)
		}
	}
	for _, in := range []string{"", "1.234", "x", "1,5"} {
		if _, err := hundredths(in); err == nil {
			t.Errorf("%q was read", in)
		}
	}
}
