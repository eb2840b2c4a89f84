package indicator

import (
	"strings"
	"time"

	"github.com/jejak-kinerja/jejak/domain"
)

// Period is a year "2023", a month "2023-01", or a run of either
// "2024-01/2024-04" (both ends included). Periods compare as strings by their
// start. A period has one way to be written: a whole year is never "2023-01/2023-12".
type Period string

const (
	yearLayout  = "2006"
	monthLayout = "2006-01"
)

// ParsePeriod reads a period; the error is a refusal of the named field.
func ParsePeriod(field, s string) (Period, error) {
	first, last, run := strings.Cut(s, "/")
	a, layout, ok := parseEnd(first)
	if !ok {
		return "", badPeriod(field)
	}
	if !run {
		return Period(s), nil
	}
	b, layoutB, ok := parseEnd(last)
	if !ok || layoutB != layout {
		return "", badPeriod(field)
	}
	if !a.Before(b) {
		return "", domain.Bad(field, "period-run-backwards", "%s must end after it begins", field)
	}
	if layout == monthLayout && a.Month() == time.January && b.Month() == time.December {
		return "", domain.Bad(field, "period-not-shortest", "whole years are written as 2023 or 2023/2024")
	}
	return Period(s), nil
}

// parseEnd reads a year or a month, with the layout it was written in.
func parseEnd(s string) (start time.Time, layout string, ok bool) {
	for _, layout = range []string{yearLayout, monthLayout} {
		if t, err := time.Parse(layout, s); err == nil && t.Year() >= 1900 && t.Year() <= 2200 {
			return t, layout, true
		}
	}
	return time.Time{}, "", false
}

func badPeriod(field string) error {
	return domain.Bad(field, "period-malformed", "%s is a year 2023, a month 2023-01, or a run 2024-01/2024-04", field)
}

// CheckPeriod refuses a Period that ParsePeriod would not give.
func CheckPeriod(field string, p Period) error {
	_, err := ParsePeriod(field, string(p))
	return err
}

// Start is the first day; empty when the period is malformed.
func (p Period) Start() domain.Date {
	first, _, _ := strings.Cut(string(p), "/")
	t, _, ok := parseEnd(first)
	if !ok {
		return ""
	}
	return domain.DateOf(t, time.UTC)
}

// End is the last day; empty when the period is malformed.
func (p Period) End() domain.Date {
	last := string(p)
	if _, after, run := strings.Cut(last, "/"); run {
		last = after
	}
	t, layout, ok := parseEnd(last)
	if !ok {
		return ""
	}
	if layout == yearLayout {
		return domain.DateOf(t.AddDate(1, 0, -1), time.UTC)
	}
	return domain.DateOf(t.AddDate(0, 1, -1), time.UTC)
}

// Label is the period for the eye, the same in every language: "2023",
// "2023-01", "2024-01 – 2024-04".
func (p Period) Label() string { return strings.Replace(string(p), "/", " – ", 1) }
