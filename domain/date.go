package domain

import "time"

// Date is a calendar day as "2006-01-02", the only form of a day in a fact.
// Dates compare as strings. The empty Date means "not set".
type Date string

const dateLayout = "2006-01-02"

// ParseDate reads a day; the error is a refusal of the named field.
func ParseDate(field, s string) (Date, error) {
	t, err := time.Parse(dateLayout, s)
	if err != nil || t.Year() < 1900 || t.Year() > 2200 {
		return "", Bad(field, "date-malformed", "%s must be a day such as 2026-01-31", field)
	}
	return Date(s), nil
}

// CheckDate refuses a Date that is not a calendar day.
func CheckDate(field string, d Date) error {
	_, err := ParseDate(field, string(d))
	return err
}

// DateOf is the calendar day of an instant in the office's time zone.
func DateOf(t time.Time, office *time.Location) Date { return Date(t.In(office).Format(dateLayout)) }

// Time is the day's midnight in UTC, and the zero time when the day is not set or malformed.
func (d Date) Time() time.Time {
	t, err := time.Parse(dateLayout, string(d))
	if err != nil {
		return time.Time{}
	}
	return t
}

// DaysUntil counts calendar days from d to other; negative when other is earlier.
func (d Date) DaysUntil(other Date) int { return int(other.Time().Sub(d.Time()).Hours() / 24) }

// AddDays moves a day; the empty Date stays empty.
func (d Date) AddDays(days int) Date {
	if d == "" {
		return ""
	}
	return Date(d.Time().AddDate(0, 0, days).Format(dateLayout))
}

// Span is a run of days, both ends included; an empty Until has no end.
type Span struct {
	From  Date `json:"from"`
	Until Date `json:"until,omitzero"`
}

// Holds says whether the day lies in the span.
func (s Span) Holds(d Date) bool { return s.From <= d && (s.Until == "" || d <= s.Until) }
