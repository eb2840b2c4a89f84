package importing

import (
	"context"
	"encoding/csv"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/jejak-kinerja/jejak/commands"
	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/indicator"
)

// figure is one published number.
type figure struct {
	measure string
	period  indicator.Period
	value   domain.Decimal
	source  indicator.Source
}

// columns of the file of public facts.
const (
	colSeries = iota
	colPeriod
	colMeasure
	colValue
	colUnit
	colTitle
	colWhere
	colNote
	columnCount
)

// hope is the measure of a target: voiced, not signed; its note says so.
const hope = "tourism/target_harapan"

// defined says which measures become indicators, and how they read.
var defined = map[string]indicator.Define{
	"tourism/wisatawan_total":           {Indicator: "wisatawan-total", Name: "Kunjungan wisatawan", Measure: "orang", Direction: indicator.HigherIsBetter, Owner: "dinas-pariwisata"},
	"tourism/wisnus":                    {Indicator: "wisatawan-nusantara", Name: "Kunjungan wisatawan nusantara", Measure: "orang", Direction: indicator.HigherIsBetter, Owner: "dinas-pariwisata"},
	"tourism/wisman":                    {Indicator: "wisatawan-mancanegara", Name: "Kunjungan wisatawan mancanegara", Measure: "orang", Direction: indicator.HigherIsBetter, Owner: "dinas-pariwisata"},
	"km0_certificate/sertifikat":        {Indicator: "sertifikat-km0", Name: "Sertifikat Kilometer Nol yang diterbitkan", Measure: "lembar", Direction: indicator.HigherIsBetter, Owner: "dinas-pariwisata"},
	"ombudsman_kepatuhan/nilai":         {Indicator: "kepatuhan-ombudsman", Name: "Kepatuhan pelayanan publik menurut Ombudsman", Measure: "skor", Direction: indicator.HigherIsBetter, Owner: "sekretariat-daerah"},
	"workforce/formasi_cpns":            {Indicator: "formasi-cpns", Name: "Formasi CPNS yang dibuka", Measure: "orang", Direction: indicator.OnlyContext},
	"workforce/usulan_pppk_paruh_waktu": {Indicator: "usulan-pppk-paruh-waktu", Name: "Usulan PPPK paruh waktu", Measure: "orang", Direction: indicator.OnlyContext},
	"population/penduduk":               {Indicator: "penduduk", Name: "Penduduk Kota Sabang", Measure: "jiwa", Direction: indicator.OnlyContext},
}

// published are totals that the sources print beside the months they consist of.
var published = []struct {
	measure string
	value   int64
}{{"tourism/wisatawan_total", 261489}, {"tourism/wisnus", 253249}, {"tourism/wisman", 8240}}

// definitionOf finds or makes the indicator of a measure.
func definitionOf(measure string) (indicator.Define, bool) {
	if d, ok := defined[measure]; ok {
		return d, true
	}
	series, predicate, _ := strings.Cut(measure, "/")
	group, national := strings.CutPrefix(series, "national_rating_")
	if !national {
		return indicator.Define{}, false
	}
	slug := strings.ReplaceAll(strings.ToLower(predicate), " ", "-")
	return indicator.Define{Indicator: domain.IndicatorID("nasional-" + group + "-" + slug),
		Name:    "Predikat " + predicate + " secara nasional, " + strings.ToUpper(group),
		Measure: "persen", Direction: indicator.OnlyContext}, true
}

// readFigures reads the file of public facts. A row that cannot be understood is
// an error: the file comes with the program.
func readFigures(file string) ([]figure, error) {
	rows, err := csv.NewReader(strings.NewReader(file)).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("read the public facts: %w", err)
	}
	var figures []figure
	for n, row := range rows[1:] {
		if len(row) != columnCount {
			return nil, fmt.Errorf("public facts, row %d: %d columns", n+2, len(row))
		}
		f := figure{measure: row[colSeries] + "/" + row[colMeasure],
			source: indicator.Source{Title: row[colTitle], Where: strings.TrimPrefix(row[colWhere], "pages: "), Note: row[colNote]}}
		if f.period, err = indicator.ParsePeriod("period", row[colPeriod]); err != nil {
			return nil, fmt.Errorf("public facts, row %d: %w", n+2, err)
		}
		if f.value, err = hundredths(row[colValue]); err != nil {
			return nil, fmt.Errorf("public facts, row %d: %w", n+2, err)
		}
		if _, ok := definitionOf(f.measure); !ok && f.measure != hope {
			return nil, fmt.Errorf("public facts, row %d: nobody knows the measure %s", n+2, f.measure)
		}
		figures = append(figures, f)
	}
	return append(figures, publishedTotals(figures)...), nil
}

// publishedTotals gives the year's totals the source of their months.
func publishedTotals(figures []figure) []figure {
	i := slices.IndexFunc(figures, func(f figure) bool { return f.period == "2023-12" })
	if i < 0 {
		return nil
	}
	var totals []figure
	for _, p := range published {
		totals = append(totals, figure{p.measure, "2023", domain.Whole(p.value), figures[i].source})
	}
	return totals
}

// hundredths reads "67.53" exactly.
func hundredths(s string) (domain.Decimal, error) {
	whole, part, _ := strings.Cut(s, ".")
	if whole == "" || len(part) > 2 {
		return 0, fmt.Errorf("%q is no number with at most two decimals", s)
	}
	n, err := strconv.ParseInt(whole+(part + "00")[:2], 10, 64)
	if err != nil {
		return 0, fmt.Errorf("%q is no number: %w", s, err)
	}
	return domain.Decimal(n), nil
}

// store keeps one figure: what it measures, the number, and what another source
// says against it.
func (f figure) store(ctx context.Context, office *commands.Office, s *Summary) error {
	if f.measure == hope {
		return f.storeHope(ctx, office, s)
	}
	d, _ := definitionOf(f.measure)
	out, err := office.DefineIndicator(ctx, ask("indicator", string(d.Indicator)), d)
	if err != nil {
		return err
	}
	if out.Events > 0 {
		s.Indicators++
	}
	s.count(out)
	out, err = office.ReportRealisation(ctx, ask("point", string(d.Indicator), string(f.period)), d.Indicator,
		indicator.ReportRealisation{Period: f.period, Value: f.value, Source: f.source})
	if err != nil {
		return err
	}
	s.Points++
	s.count(out)
	if against := otherSource.FindStringSubmatch(f.source.Note); against != nil {
		note := fmt.Sprintf("Sumber lain (%s) menyebut %s; tercatat di sini %d.", against[1], against[2], f.value/100)
		return s.warn(ctx, office, d.Indicator, f.period, note, f.source)
	}
	return nil
}

// otherSource is how a note tells of a contradiction.
var otherSource = regexp.MustCompile(`^(\S+ \d{4}) menyebut (\d+)$`)

func (f figure) storeHope(ctx context.Context, office *commands.Office, s *Summary) error {
	id := defined["tourism/wisatawan_total"].Indicator
	out, err := office.SetTarget(ctx, ask("target", string(id), string(f.period)), id,
		indicator.SetTarget{Period: f.period, Value: f.value, Source: f.source})
	if err == nil {
		s.Points++
		s.count(out)
	}
	return err
}

func (s *Summary) warn(ctx context.Context, office *commands.Office, id domain.IndicatorID, p indicator.Period, note string, source indicator.Source) error {
	out, err := office.NoteInconsistency(ctx, ask("warning", string(id), string(p), strconv.Itoa(len(note))), id,
		indicator.NoteInconsistency{Period: p, Note: note, Source: source})
	if err == nil {
		s.Warnings++
		s.count(out)
	}
	return err
}

// contradictions compares each published total with its published parts.
func (s *Summary) contradictions(ctx context.Context, office *commands.Office, figures []figure) error {
	values := map[string]map[indicator.Period]figure{}
	for _, f := range figures {
		if values[f.measure] == nil {
			values[f.measure] = map[indicator.Period]figure{}
		}
		values[f.measure][f.period] = f
	}
	id := defined["tourism/wisatawan_total"].Indicator
	for _, total := range figures {
		if total.measure != "tourism/wisatawan_total" {
			continue
		}
		home, ok1 := values["tourism/wisnus"][total.period]
		abroad, ok2 := values["tourism/wisman"][total.period]
		if sum := home.value + abroad.value; ok1 && ok2 && sum != total.value {
			note := fmt.Sprintf("Jumlah yang diumumkan %d tidak sama dengan bagian-bagiannya: %d + %d = %d (selisih %d).",
				total.value/100, home.value/100, abroad.value/100, sum/100, (total.value-sum)/100)
			if err := s.warn(ctx, office, id, total.period, note, total.source); err != nil {
				return err
			}
		}
	}
	return nil
}
