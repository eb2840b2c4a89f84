package words

import (
	"strconv"
	"strings"
	"time"

	"github.com/jejak-kinerja/jejak/domain"
)

var months = [2][12]string{
	{"Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September", "Oktober", "November", "Desember"},
	{"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"},
}

var shortMonths = [2][12]string{
	{"Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agu", "Sep", "Okt", "Nov", "Des"},
	{"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"},
}

var weekdays = [2][7]string{
	{"Minggu", "Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu"},
	{"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"},
}

func (w *Words) index() int {
	if w.English() {
		return 1
	}
	return 0
}

// Count writes a whole number with separators: 1.234 or 1,234.
func (w *Words) Count(n int64) string {
	separator := "."
	if w.English() {
		separator = ","
	}
	digits := strconv.FormatInt(n, 10)
	sign := ""
	if n < 0 {
		sign, digits = "−", digits[1:]
	}
	var b strings.Builder
	for i, c := range digits {
		if i > 0 && (len(digits)-i)%3 == 0 {
			b.WriteString(separator)
		}
		b.WriteRune(c)
	}
	return sign + b.String()
}

// Number writes a Decimal with as many decimals as it needs: 1.234,5 or 1,234.5.
func (w *Words) Number(d domain.Decimal) string {
	if d < 0 {
		return "−" + w.Number(-d)
	}
	whole, rest := w.Count(int64(d)/100), int64(d)%100
	if rest == 0 {
		return whole
	}
	point := ","
	if w.English() {
		point = "."
	}
	return whole + point + strings.TrimRight(strconv.FormatInt(100+rest, 10)[1:], "0")
}

// Percent writes part of whole in per cent with one decimal; "–" when whole is zero.
func (w *Words) Percent(part, whole domain.Decimal) string {
	if whole == 0 {
		return "–"
	}
	tenths := (int64(part)*2000/int64(whole) + 1) / 2
	return w.Number(domain.Decimal(tenths*10)) + "%"
}

// Plain writes a Decimal as an input field holds it: 1234.5.
func Plain(d domain.Decimal) string {
	return strings.TrimSuffix(strings.TrimSuffix(strconv.FormatFloat(float64(d)/100, 'f', 2, 64), "0"), ".0")
}

// Day writes "23 November 2026".
func (w *Words) Day(d domain.Date) string {
	t := d.Time()
	if t.IsZero() {
		return "–"
	}
	return strconv.Itoa(t.Day()) + " " + months[w.index()][t.Month()-1] + " " + strconv.Itoa(t.Year())
}

// ShortDay writes "23 Nov 2026".
func (w *Words) ShortDay(d domain.Date) string {
	t := d.Time()
	if t.IsZero() {
		return "–"
	}
	return strconv.Itoa(t.Day()) + " " + shortMonths[w.index()][t.Month()-1] + " " + strconv.Itoa(t.Year())
}

// DayAndMonth writes "23 Nov".
func (w *Words) DayAndMonth(d domain.Date) string {
	t := d.Time()
	if t.IsZero() {
		return "–"
	}
	return strconv.Itoa(t.Day()) + " " + shortMonths[w.index()][t.Month()-1]
}

// FullDay writes "Senin, 23 November 2026".
func (w *Words) FullDay(d domain.Date) string {
	if d.Time().IsZero() {
		return "–"
	}
	return weekdays[w.index()][d.Time().Weekday()] + ", " + w.Day(d)
}

// Span writes "1 Januari 2026 – 31 Desember 2026".
func (w *Words) Span(s domain.Span) string {
	if s.Until == "" {
		return w.Say(SpanOpen, "from", w.Day(s.From))
	}
	return w.Day(s.From) + " – " + w.Day(s.Until)
}

// Moment writes an instant in the office's zone: "23 November 2026 pukul 14.05
// WIB" or "23 November 2026, 14:05 WIB".
func (w *Words) Moment(t time.Time, office *time.Location) string {
	return w.Day(domain.DateOf(t, office)) + w.at() + w.Clock(t, office) + " " + zone(t, office)
}

// ShortMoment writes "23 Nov 2026, 14.05".
func (w *Words) ShortMoment(t time.Time, office *time.Location) string {
	return w.ShortDay(domain.DateOf(t, office)) + ", " + w.Clock(t, office)
}

// Clock writes the time of day: "14.05" or "14:05".
func (w *Words) Clock(t time.Time, office *time.Location) string {
	if w.English() {
		return t.In(office).Format("15:04")
	}
	return t.In(office).Format("15.04")
}

func (w *Words) at() string {
	if w.English() {
		return ", "
	}
	return " pukul "
}

func zone(t time.Time, office *time.Location) string {
	name, _ := t.In(office).Zone()
	return name
}

// Ago writes how long ago something was, coarsely: "3 menit lalu".
func (w *Words) Ago(seconds int64) string {
	switch {
	case seconds < 45:
		return w.Say(AgoNow)
	case seconds < 90*60:
		return w.Say(AgoMinutes, "count", max(1, (seconds+30)/60))
	case seconds < 36*3600:
		return w.Say(AgoHours, "count", max(1, (seconds+1800)/3600))
	}
	return w.Say(AgoDays, "count", (seconds+43200)/86400)
}

// Period writes a year "2023", a month "2023-01" or a run "2024-01/2024-04".
func (w *Words) Period(p string) string {
	if from, until, ok := strings.Cut(p, "/"); ok {
		return w.Period(from) + " – " + w.Period(until)
	}
	t, err := time.Parse("2006-01", p)
	if err != nil {
		return p
	}
	return shortMonths[w.index()][t.Month()-1] + " " + strconv.Itoa(t.Year())
}
