package projections

import (
	"time"

	"github.com/jejak-kinerja/jejak/domain"
)

// office is Western Indonesian Time. It has had no summer time since 1964, so the
// fixed offset is Asia/Jakarta for every fact, without a time zone database.
var office = time.FixedZone("WIB", 7*60*60)

// Day is the office's calendar day of an instant.
func Day(t time.Time) domain.Date { return domain.DateOf(t, office) }

// Monday is the first day of the ISO week that holds the day.
func Monday(d domain.Date) domain.Date {
	return d.AddDays(-(int(d.Time().Weekday()) + 6) % 7)
}

// Year of a day, "2026"; empty when the day is not set.
func Year(d domain.Date) string {
	if len(d) < 4 {
		return ""
	}
	return string(d[:4])
}

// DayEnd is the instant at which the office's day is over.
func DayEnd(d domain.Date) time.Time { return d.AddDays(1).Time().Add(-7 * time.Hour) }
