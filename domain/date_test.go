package domain_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/jejak-kinerja/jejak/domain"
)

func TestOnlyCalendarDaysAreDates(t *testing.T) {
	for _, day := range []string{"2024-02-29", "1900-01-01", "2200-12-31"} {
		if got, err := domain.ParseDate("on", day); err != nil || string(got) != day {
			t.Errorf("%s: %s %v", day, got, err)
		}
	}
	for _, day := range []string{"", "2026-02-29", "2026-13-01", "2026-1-1", "26-01-01", "01-01-2026", "2026-01-01T00:00:00Z", " 2026-01-01", "1899-12-31", "2201-01-01", "0000-00-00"} {
		if _, err := domain.ParseDate("on", day); domain.SlugOf(err) != "date-malformed" || domain.KindOf(err) != domain.Invalid {
			t.Errorf("%q: %v", day, err)
		}
	}
}

func TestAnInstantBelongsToTheOfficesDay(t *testing.T) {
	wib := time.FixedZone("WIB", 7*60*60)
	for instant, want := range map[time.Time]domain.Date{
		time.Date(2026, 11, 22, 16, 59, 59, 0, time.UTC): "2026-11-22",
		time.Date(2026, 11, 22, 17, 0, 0, 0, time.UTC):   "2026-11-23",
	} {
		if got := domain.DateOf(instant, wib); got != want {
			t.Errorf("%v is %s, want %s", instant, got, want)
		}
	}
}

func TestDaysAreCountedAndMovedAlike(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		from := domain.DateOf(time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, rapid.IntRange(0, 40000).Draw(t, "start")), time.UTC)
		days := rapid.IntRange(-3000, 3000).Draw(t, "days")
		to := from.AddDays(days)
		if from.DaysUntil(to) != days || to.DaysUntil(from) != -days || to.AddDays(-days) != from {
			t.Fatalf("%s moved by %d is %s, %d days away", from, days, to, from.DaysUntil(to))
		}
		if (days > 0) != (to > from) {
			t.Fatalf("%s and %s do not compare as days", from, to)
		}
	})
	if got := domain.Date("").AddDays(3); got != "" {
		t.Errorf("no day moved is %q", got)
	}
}

func TestASpanHoldsBothItsEnds(t *testing.T) {
	closed, open := domain.Span{From: "2026-01-01", Until: "2026-01-31"}, domain.Span{From: "2026-01-01"}
	for day, want := range map[domain.Date][2]bool{
		"2025-12-31": {false, false}, "2026-01-01": {true, true}, "2026-01-31": {true, true}, "2026-02-01": {false, true},
	} {
		if closed.Holds(day) != want[0] || open.Holds(day) != want[1] {
			t.Errorf("%s", day)
		}
	}
}
