package importing

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/internal/tabular"
)

// heading is what stands above the header.
type heading struct {
	agency    string
	span      domain.Span
	updatedOn domain.Date
}

// months in Indonesian, in order.
var months = []string{"januari", "februari", "maret", "april", "mei", "juni", "juli", "agustus", "september", "oktober", "november", "desember"}

var (
	yearPattern    = regexp.MustCompile(`\b(?:19|20)\d\d\b`)
	quarterPattern = regexp.MustCompile(`\btriwulan\s+(iv|iii|ii|i|[1-4])\b`)
	wordPattern    = regexp.MustCompile(`\p{L}+`)
	dayPattern     = regexp.MustCompile(`\b(?:\d{4}-\d\d-\d\d|\d{1,2}[-/]\d{1,2}[-/]\d{4}|\d{1,2} \p{L}+ \d{4})\b`)
)

var quarters = map[string]int{"i": 0, "1": 0, "ii": 1, "2": 1, "iii": 2, "3": 2, "iv": 3, "4": 3}

// monthsInQuarter of a year.
const monthsInQuarter = 3

// readHeading reads the rows above the header: the first is the title with the
// time the report speaks of, the second says whose it is, and one of the others
// may hold the stamp.
func readHeading(above []tabular.Row) (heading, error) {
	if len(above) == 0 {
		return heading{}, domain.Bad("file", "report-title-unclear", "no title stands above the header")
	}
	var h heading
	var err error
	if h.span, err = spanOf(above[0].At(0).Text); err != nil {
		return h, err
	}
	for _, row := range above[1:] {
		text := strings.Join(strings.Fields(row.At(0).Text), " ")
		if row.Number == 2 {
			h.agency = text
		}
		if h.updatedOn != "" {
			continue
		}
		if row.At(0).Kind == tabular.Date {
			h.updatedOn = domain.Date(text)
		} else if day, ok := readDay(dayPattern.FindString(text)); ok {
			h.updatedOn = day
		}
	}
	return h, nil
}

// spanOf reads the one year of the title, and the one month or quarter if it
// names one. Anything else would have to be guessed.
func spanOf(title string) (domain.Span, error) {
	title = strings.ToLower(title)
	years := distinct(yearPattern.FindAllString(title, -1))
	quarter := quarterPattern.FindAllStringSubmatch(title, -1)
	var named []int
	for _, word := range wordPattern.FindAllString(title, -1) {
		if m := slices.Index(months, word); m >= 0 {
			named = append(named, m)
		}
	}
	if len(years) != 1 || len(named)+len(quarter) > 1 {
		return domain.Span{}, domain.Bad("file", "report-title-unclear", "the title must name one year, and at most one month or quarter")
	}
	year, err := strconv.Atoi(years[0])
	if err != nil {
		return domain.Span{}, domain.Bad("file", "report-title-unclear", "the title must name one year")
	}
	first, count := 0, len(months)
	if len(named) == 1 {
		first, count = named[0], 1
	} else if len(quarter) == 1 {
		first, count = quarters[quarter[0][1]]*monthsInQuarter, monthsInQuarter
	}
	from := time.Date(year, time.January+time.Month(first), 1, 0, 0, 0, 0, time.UTC)
	return domain.Span{From: domain.DateOf(from, time.UTC), Until: domain.DateOf(from.AddDate(0, count, -1), time.UTC)}, nil
}

func distinct(texts []string) []string {
	slices.Sort(texts)
	return slices.Compact(texts)
}

// year is the whole year of the report, in which its plans end.
func (h heading) year() domain.Span {
	year := string(h.span.From[:4])
	return domain.Span{From: domain.Date(year + "-01-01"), Until: domain.Date(year + "-12-31")}
}

// dayParts takes "31-12-2026", "31/12/2026" and "31 Desember 2026" apart.
var dayParts = regexp.MustCompile(`^(\d{1,2})[-/ ](\d{1,2}|\p{L}+)[-/ ](\d{4})$`)

// readDay reads a day as offices here write it, the day before the month, or as
// "2026-12-31"; a time of day after it is not ours.
func readDay(text string) (domain.Date, bool) {
	if day, _, timed := strings.Cut(text, "T"); timed {
		text = day
	} else if day, clock, timed := strings.Cut(text, " "); timed && strings.Contains(clock, ":") {
		text = day
	}
	if day, err := domain.ParseDate("day", text); err == nil {
		return day, true
	}
	parts := dayParts.FindStringSubmatch(strings.ToLower(text))
	if parts == nil {
		return "", false
	}
	month := slices.Index(months, parts[2]) + 1
	if month == 0 {
		month, _ = strconv.Atoi(parts[2]) // another word is month 0, which no day has
	}
	day, err := time.Parse("2-1-2006", parts[1]+"-"+strconv.Itoa(month)+"-"+parts[3])
	if err != nil {
		return "", false
	}
	return domain.DateOf(day, time.UTC), true
}
