package web

import (
	"context"
	"strings"
	"time"

	"github.com/jejak-kinerja/jejak/api/web/chart"
	"github.com/jejak-kinerja/jejak/api/words"
	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/indicator"
	"github.com/jejak-kinerja/jejak/projections/cityhome"
)

// axis writes a number beside an axis, in short form above a hundred thousand.
func axis(ctx context.Context) func(float64) string {
	return func(v float64) string { return words.Of(ctx).Number(domain.Decimal(v*100 + .5)) }
}

func amount(d *domain.Decimal) float64 {
	if d == nil {
		return 0
	}
	return float64(*d) / 100
}

func shown(ctx context.Context, d *domain.Decimal) string {
	if d == nil {
		return "–"
	}
	return words.Of(ctx).Number(*d)
}

// marksOf makes the marks of an indicator's points.
func marksOf(ctx context.Context, points []cityhome.Point) []chart.Mark {
	marks := make([]chart.Mark, len(points))
	for i, p := range points {
		label := words.Of(ctx).Period(string(p.Period))
		marks[i] = chart.Mark{
			Label: label, Short: shortPeriod(label), Value: amount(p.Value), Known: p.Value != nil, Shown: shown(ctx, p.Value),
			Target: amount(p.Target), HasTarget: p.Target != nil, Flagged: len(p.Notes) > 0}
		if p.Facts > 0 {
			marks[i].Href = trailHref(p.Trail())
		}
	}
	return marks
}

// shortPeriod drops the century of a month: "Jan 2023" becomes "Jan 23".
func shortPeriod(label string) string {
	if len(label) == len("Jan 2023") && label[3] == ' ' {
		return label[:4] + label[6:]
	}
	return label
}

// comparable splits points into those of years and those of months: a chart
// that puts a month beside a year would mislead. Runs stay in the table.
func comparable(points []cityhome.Point) (years, months []cityhome.Point) {
	for _, p := range points {
		switch {
		case strings.Contains(string(p.Period), "/"):
		case len(p.Period) == len("2023"):
			years = append(years, p)
		default:
			months = append(months, p)
		}
	}
	return unbroken(years), unbroken(months)
}

// unbroken puts an empty point in every gap, so that the distance between two
// marks is time, and no line is drawn over years nobody knows.
func unbroken(points []cityhome.Point) []cityhome.Point {
	var out []cityhome.Point
	for i, p := range points {
		for i > 0 {
			next := following(out[len(out)-1].Period)
			if next >= p.Period {
				break
			}
			out = append(out, cityhome.Point{Indicator: p.Indicator, Period: next})
		}
		out = append(out, p)
	}
	return out
}

// following is the year after a year, the month after a month.
func following(p indicator.Period) indicator.Period {
	layout, months := "2006", 12
	if len(p) == len("2006-01") {
		layout, months = "2006-01", 1
	}
	t, err := time.Parse(layout, string(p))
	if err != nil {
		return "9999" // no period of ours: nothing follows
	}
	return indicator.Period(t.AddDate(0, months, 0).Format(layout))
}

// series says whether there is a line to draw: two comparable points with values.
func series(i cityhome.Indicator) bool {
	years, months := comparable(i.Points)
	return known(years) > 1 || known(months) > 1
}

func known(points []cityhome.Point) (n int) {
	for _, p := range points {
		if p.Value != nil {
			n++
		}
	}
	return n
}

// latest is the newest point with a value, years before months.
func latest(i cityhome.Indicator) (cityhome.Point, bool) {
	years, months := comparable(i.Points)
	for _, group := range [][]cityhome.Point{years, months, i.Points} {
		for n := len(group) - 1; n >= 0; n-- {
			if group[n].Value != nil {
				return group[n], true
			}
		}
	}
	return cityhome.Point{}, false
}

// latestAimed is the newest point that has both a value and a target.
func latestAimed(i cityhome.Indicator) (cityhome.Point, bool) {
	for n := len(i.Points) - 1; n >= 0; n-- {
		if i.Points[n].Value != nil && i.Points[n].Target != nil {
			return i.Points[n], true
		}
	}
	return cityhome.Point{}, false
}

func notesOf(i cityhome.Indicator) (notes []noted) {
	for _, p := range i.Points {
		for _, n := range p.Notes {
			notes = append(notes, noted{p, n})
		}
	}
	return notes
}

// noted is an inconsistency with the point it is about.
type noted struct {
	Point cityhome.Point
	cityhome.Note
}

// weekMarks makes the marks of reports or of feedback by week.
func weekMarks(ctx context.Context, weeks []cityhome.Week, feedback bool) []chart.Mark {
	marks := make([]chart.Mark, len(weeks))
	for i, w := range weeks {
		n, href := w.Reports, trailHref(w.ReportsTrail())
		if feedback {
			n, href = w.Feedback, trailHref(w.FeedbackTrail())
		}
		marks[i] = chart.Mark{Label: t(ctx, words.CityWeekOf, "day", words.Of(ctx).DayAndMonth(w.Monday)), Short: words.Of(ctx).DayAndMonth(w.Monday),
			Value: float64(n), Known: true, Shown: words.Of(ctx).Count(n), Href: href}
	}
	return marks
}

// predicateMarks makes the parts of the distribution; hidden figures are left out.
func (m cityModel) predicateMarks(ctx context.Context) []chart.Mark {
	var marks []chart.Mark
	for _, c := range m.Predicates {
		mark := chart.Mark{Label: label(ctx, "predicate", c.Predicate), Shown: m.people(ctx, c.Appraisals), Known: true, Href: trailHref(c.Trail())}
		if !m.hidden(c.Appraisals) {
			mark.Value = float64(c.Appraisals)
		}
		marks = append(marks, mark)
	}
	return marks
}
