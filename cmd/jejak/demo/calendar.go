package demo

import (
	"math/rand/v2"
	"time"

	"github.com/jejak-kinerja/jejak/domain"
)

// year is the year of the plans.
func (c *city) year() int { return c.options.Now.In(c.office.Zone).Year() }

// workday is a moment in office hours on or shortly after a day of the year.
func (c *city) workday(rng *rand.Rand, year int, month time.Month, day int) time.Time {
	t := time.Date(year, month, day, 8+rng.IntN(8), rng.IntN(60), rng.IntN(60), 0, c.office.Zone)
	switch t.Weekday() {
	case time.Saturday:
		return t.AddDate(0, 0, 2)
	case time.Sunday:
		return t.AddDate(0, 0, 1)
	default:
		return t
	}
}

// later is a moment some days after another, in office hours.
func (c *city) later(rng *rand.Rand, t time.Time, days int) time.Time {
	local := t.In(c.office.Zone)
	next := c.workday(rng, local.Year(), local.Month(), local.Day()+days)
	if next.After(t) {
		return next
	}
	return t.Add(time.Duration(5+rng.IntN(90)) * time.Minute)
}

// day is the office's calendar day of a moment.
func (c *city) day(t time.Time) domain.Date { return domain.DateOf(t, c.office.Zone) }

// service is the first day of everybody's post and line: the year before the plans.
func (c *city) service() domain.Date {
	return domain.DateOf(time.Date(c.year()-1, time.January, 2, 12, 0, 0, 0, c.office.Zone), c.office.Zone)
}
