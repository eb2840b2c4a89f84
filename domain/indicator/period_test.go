package indicator_test

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/indicator"
)

func TestAPeriodHasItsFirstAndLastDay(t *testing.T) {
	for period, want := range map[indicator.Period][3]string{
		"2023":            {"2023-01-01", "2023-12-31", "2023"},
		"2024-02":         {"2024-02-01", "2024-02-29", "2024-02"},
		"2023-12":         {"2023-12-01", "2023-12-31", "2023-12"},
		"2024-01/2024-04": {"2024-01-01", "2024-04-30", "2024-01 – 2024-04"},
		"2023-11/2024-02": {"2023-11-01", "2024-02-29", "2023-11 – 2024-02"},
		"2023-02/2023-12": {"2023-02-01", "2023-12-31", "2023-02 – 2023-12"},
		"2023-01/2024-11": {"2023-01-01", "2024-11-30", "2023-01 – 2024-11"},
		"2025/2029":       {"2025-01-01", "2029-12-31", "2025 – 2029"},
	} {
		if got, err := indicator.ParsePeriod("period", string(period)); err != nil || got != period {
			t.Errorf("%s: %s %v", period, got, err)
		}
		if got := [3]string{string(period.Start()), string(period.End()), period.Label()}; got != want {
			t.Errorf("%s: %v, want %v", period, got, want)
		}
	}
}

func TestAPeriodHasOneWayToBeWritten(t *testing.T) {
	for text, slug := range map[string]string{
		"": "period-malformed", "23": "period-malformed", "2023-1": "period-malformed", "2023-13": "period-malformed", "2023-01-01": "period-malformed",
		"1899": "period-malformed", "2201": "period-malformed", "2023/": "period-malformed", "/2023": "period-malformed",
		"2023/2024-01": "period-malformed", "2023-01/2024": "period-malformed", "2023/2024/2025": "period-malformed", "triwulan I": "period-malformed",
		"2024/2023": "period-run-backwards", "2024-04/2024-01": "period-run-backwards", "2024/2024": "period-run-backwards", "2024-01/2024-01": "period-run-backwards",
		"2023-01/2023-12": "period-not-shortest", "2023-01/2024-12": "period-not-shortest",
	} {
		if got, err := indicator.ParsePeriod("period", text); domain.SlugOf(err) != slug {
			t.Errorf("%q is read as %q (%v), want %s", text, got, err, slug)
		}
	}
}

func TestAnyTextEitherIsAPeriodWithDaysOrIsRefused(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.OneOf(rapid.String(), rapid.StringMatching(`[12][0-9]{3}(-[01][0-9])?(/[12][0-9]{3}(-[01][0-9])?)?`)).Draw(t, "text")
		p, err := indicator.ParsePeriod("period", text)
		if err != nil {
			indicator.Period(text).Start()
			indicator.Period(text).End()
			return
		}
		if string(p) != text || p.Start() == "" || p.End() <= p.Start() {
			t.Fatalf("%q runs from %q to %q", text, p.Start(), p.End())
		}
	})
}
