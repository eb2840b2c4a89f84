package importing

import (
	"errors"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/jejak-kinerja/jejak/api/caller"
	"github.com/jejak-kinerja/jejak/api/words"
	"github.com/jejak-kinerja/jejak/commands"
	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/appraisal"
	"github.com/jejak-kinerja/jejak/domain/bkn"
	"github.com/jejak-kinerja/jejak/domain/intake"
	"github.com/jejak-kinerja/jejak/domain/person"
	"github.com/jejak-kinerja/jejak/domain/unit"
	"github.com/jejak-kinerja/jejak/internal/tabular"
)

func TestTheSampleIsBroughtIn(t *testing.T) {
	w := newTown(t)
	if err := WriteSample(w.dir); err != nil {
		t.Fatal(err)
	}
	r := w.bring(filepath.Join(w.dir, SamplePlans), w.options())
	if r.Rows != SamplePeople+2 || r.Accepted != r.Rows || r.People != SamplePeople || r.HeadCount != SamplePeople || r.Newcomers != SamplePeople ||
		r.Transfers != 1 || r.ActingRows != 1 || r.UpdatedOn != "2026-11-20" || r.Report != intake.Plans ||
		r.Span != (domain.Span{From: "2026-01-01", Until: "2026-12-31"}) || r.Stored == 0 || !strings.Contains(r.Agency, "Kota Sabang") {
		t.Fatalf("plans: %+v", r)
	}
	r = w.bring(filepath.Join(w.dir, SamplePredicates), w.options())
	if r.Report != intake.Predicates || r.Accepted != SamplePeople || r.Newcomers != 0 || r.Unrated == 0 {
		t.Fatalf("predicates: %+v", r)
	}
	r = w.bring(filepath.Join(w.dir, SampleFaulty), w.options())
	if r.Rejected != 10 || r.Accepted != 1 {
		t.Fatalf("faulty: %+v", r)
	}
	if err := WriteSample(w.dir); !errors.Is(err, os.ErrExist) {
		t.Errorf("written over: %v", err)
	}
}

func TestATransferKeepsBothPlansAndTheLatestIsThePresentOne(t *testing.T) {
	w := newTown(t)
	w.bring(w.plans(4), w.options())
	id := w.vault.nips[sampleNIP(2)]
	s, _, err := commands.State(t.Context(), w.store, bkn.Decider, string(id))
	if err != nil || len(s.Plans) != 2 {
		t.Fatalf("%+v, %v", s, err)
	}
	if now, _ := s.CurrentPlan(); now.Unit != "puskesmas-jaboi" || now.Until != "2026-12-31" {
		t.Errorf("now %+v", now)
	}
	p, err := w.office.PersonState(t.Context(), id)
	if err != nil || len(p.Posts) != 1 || p.Posts[0].Unit != "puskesmas-jaboi" || p.Posts[0].Span.From != "2026-07-01" {
		t.Errorf("person %+v, %v", p, err)
	}
}

func TestNoNameNoNIPAndNoRatingOfOursComesFromAReport(t *testing.T) {
	w := newTown(t)
	if err := WriteSample(w.dir); err != nil {
		t.Fatal(err)
	}
	w.bring(filepath.Join(w.dir, SamplePlans), w.options())
	w.bring(filepath.Join(w.dir, SamplePredicates), w.options())
	for _, r := range w.store.All() {
		if _, rating := r.Body.(appraisal.Event); rating {
			t.Errorf("%s is a rating of ours", r.Name)
		}
		for person := range SamplePeople {
			if all := string(r.Data) + string(r.Meta.Command) + r.Stream; strings.Contains(all, sampleNIP(person)) || strings.Contains(all, sampleName(person)+`"`) {
				t.Errorf("%s tells who somebody is", r.Name)
			}
		}
		if e, ok := r.Body.(bkn.PredicateReported); ok && (len(e.Source.File) != 64 || r.Meta.Source != domain.FromImport) {
			t.Errorf("a predicate without its file: %+v", e)
		}
	}
}

func TestADryRunCountsAsTheRealRunAndStoresNothing(t *testing.T) {
	w := newTown(t)
	if err := WriteSample(w.dir); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{SamplePlans, SamplePredicates, SampleFaulty} {
		before := len(w.store.All())
		dry := w.options()
		dry.DryRun = true
		foreseen := w.bring(filepath.Join(w.dir, name), dry)
		if len(w.store.All()) != before || foreseen.Stored != 0 || !foreseen.DryRun {
			t.Errorf("%s: the dry run stored something", name)
		}
		found := w.bring(filepath.Join(w.dir, name), w.options())
		found.Stored, foreseen.DryRun = 0, false
		if !reflect.DeepEqual(found, foreseen) {
			t.Errorf("%s:\nforeseen %+v\nfound    %+v", name, foreseen, found)
		}
	}
}

func TestTheSameFileAgainStoresNothing(t *testing.T) {
	w := newTown(t)
	for _, file := range []string{w.plans(30), w.altered(7, "Dinas Antah Berantah")} {
		w.bring(file, w.options())
		before := w.facts()
		if r := w.bring(file, w.options()); r.Stored != 0 || !maps.Equal(before, w.facts()) {
			t.Errorf("the second time stored %d facts", r.Stored)
		}
	}
}

func TestARowRejectedOnceIsTakenWhenWhatItNamesIsKnown(t *testing.T) {
	w := newTown(t)
	file := w.altered(7, "Dinas Kelautan")
	if r := w.bring(file, w.options()); r.Rejected != 1 || r.Reasons["row-unit-unknown"] != 1 {
		t.Fatalf("first: %+v", r)
	}
	boot := *w.office
	boot.Bootstrap = true
	if _, err := boot.EstablishUnit(t.Context(), ask("unit", "new"), unit.Establish{Unit: "dinas-kelautan", Name: "Dinas Kelautan", Kind: unit.Agency, Parent: City, From: "2026-01-01"}); err != nil {
		t.Fatal(err)
	}
	r := w.bring(file, w.options())
	s, err := w.office.ImportState(t.Context(), r.File)
	if err != nil || r.Rejected != 0 || s.Balance != (intake.Committed{Stored: r.Rows}) {
		t.Errorf("then: %+v, %+v, %v", r, s, err)
	}
}

func TestNothingIsGuessed(t *testing.T) {
	for _, row := range []struct {
		column     int
		text, slug string
	}{
		{1, "", "row-cell-missing"}, {2, "", "row-cell-missing"}, {2, "12345", "row-nip-malformed"}, {2, "1.99E+17", "row-nip-malformed"},
		{2, "=A1", "row-formula"}, {3, "", "row-cell-missing"}, {4, "honorer", "row-employment-unknown"}, {4, "", "row-employment-missing"},
		{5, "", "row-cell-missing"}, {5, strings.Repeat("x", 501), "row-text-unusable"}, {6, "bos", "row-level-unknown"},
		{7, "", "row-cell-missing"}, {7, "Dinas Antah Berantah", "row-unit-unknown"}, {9, "", "row-cell-missing"},
		{9, strings.Repeat("x", 61), "row-text-unusable"}, {10, "", "row-acting-unclear"}, {10, "ya", "row-acting-unclear"},
		{11, "31-12-2025", "row-outside-report"}, {12, "", "row-cell-missing"}, {12, "12/31/2026", "row-date-malformed"},
		{12, "30-02-2026", "row-date-malformed"}, {12, "31-12-2027", "row-outside-report"}, {1, samplePlan(3), "row-plan-twice"},
	} {
		w := newTown(t)
		r := w.bring(w.altered(row.column, row.text), w.options())
		if row.slug == "row-plan-twice" {
			row.text = "" // the later row is the one rejected
		}
		if r.Rejected != 1 || r.Reasons[row.slug] != 1 {
			t.Errorf("%q in column %d: %+v", row.text, row.column, r.Reasons)
		}
	}
}

// made finds the reasons and refusals where they are made.
var made = regexp.MustCompile(`"((?:row|report)-[a-z-]+)"`)

func TestEveryReasonHasItsWords(t *testing.T) {
	sources, err := filepath.Glob("ekinerja*.go")
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, file := range sources {
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range made.FindAllSubmatch(content, -1) {
			found++
			for _, language := range []caller.Language{caller.Indonesian, caller.English} {
				if !words.In(language).Has(words.Key("refusal." + string(m[1]))) {
					t.Errorf("%s: %s has no words in %s", file, m[1], language)
				}
			}
		}
	}
	for _, name := range holds {
		if label := words.In(caller.Indonesian).Label("cell", name); label == name {
			t.Errorf("a cell that is %s has no label", name)
		}
	}
	if found < 30 {
		t.Errorf("only %d reasons found: the search is broken", found)
	}
}

func TestAReportIsReadInAnyShape(t *testing.T) {
	w := newTown(t)
	rows := [][]string{{"Laporan SKP - Tahun 2026"}, nil, {"skp_status", "periode akhir", "ID", "nip", "NAMA", "is_plt_plh", "jabatan", "unit_kerja", "unor_induk", "nama_jabatan"},
		{"Draft", "31 Desember 2026", "7", "'199099 012099 01 1001", "Contoh  Satu", "0", "Analis", "Seksi Promosi", "dinas pariwisata kota sabang", "lain"}}
	o := w.options()
	o.Employment, o.Preview = person.PNS, 5
	r := w.bring(w.file("moved.xlsx", rows...), o)
	want := []Preview{{Row: 4, Plan: "7", NIP: "199099012099011001", Name: "Contoh Satu", Post: "Analis", Unit: "dinas-pariwisata", Status: "Draft", Until: "2026-12-31"}}
	if !reflect.DeepEqual(r.Preview, want) || r.ByAgency != 1 || !r.DryRun {
		t.Errorf("got %+v", r)
	}
}

func TestAFileThatIsNoReportIsRefusedAsAWhole(t *testing.T) {
	w := newTown(t)
	title := []string{"Laporan SKP Tahun 2026"}
	for slug, rows := range map[string][][]string{
		"report-header-missing": {title, {"a", "b"}},
		"report-column-twice":   {title, {"id", "nip", "skp_status", "NIP"}},
		"report-column-missing": {title, {"id", "skp_status"}},
		"report-empty":          {title, sampleHeader},
		"report-title-unclear":  {{"Laporan SKP 2025 dan 2026"}, sampleHeader, samplePlans(1)[0]},
	} {
		_, err := EKinerja(t.Context(), w.office, w.file("bad.xlsx", rows...), w.options(), quiet)
		if domain.SlugOf(err) != slug {
			t.Errorf("want %s, got %v", slug, err)
		}
	}
	for slug, content := range map[string]string{"report-format-unknown": "<html>", "report-damaged": "PK\x03\x04"} {
		path := filepath.Join(w.dir, "bytes")
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := EKinerja(t.Context(), w.office, path, w.options(), quiet); domain.SlugOf(err) != slug {
			t.Errorf("want %s, got %v", slug, err)
		}
	}
}

func TestTitlesTellTheSpan(t *testing.T) {
	for title, want := range map[string]domain.Span{
		"LAPORAN SKP TAHUN 2026":                    {From: "2026-01-01", Until: "2026-12-31"},
		"Laporan Penilaian SKP Bulan Februari 2028": {From: "2028-02-01", Until: "2028-02-29"},
		"Penilaian SKP Triwulan III Tahun 2026":     {From: "2026-07-01", Until: "2026-09-30"},
		"Laporan Tahun 2026 (dicetak tahun 2026)":   {From: "2026-01-01", Until: "2026-12-31"},
		"Laporan SKP":                       {},
		"Laporan Januari sampai Maret 2026": {},
		"Laporan Januari, Triwulan I, 2026": {},
		"Laporan Tahun 2025/2026":           {},
	} {
		if got, err := spanOf(title); got != want || (err == nil) != (want != domain.Span{}) {
			t.Errorf("%s: %+v, %v", title, got, err)
		}
	}
}

func TestDaysAreReadTheDayFirst(t *testing.T) {
	for text, want := range map[string]domain.Date{
		"2026-12-31": "2026-12-31", "31-12-2026": "2026-12-31", "1/2/2026": "2026-02-01", "3 Maret 2026": "2026-03-03",
		"2026-12-31T00:00:00": "2026-12-31", "31-12-2026 08:15": "2026-12-31",
		"": "", "12/31/2026": "", "31-02-2026": "", "2026": "", "3 March 2026": "", "31-12-26": "",
	} {
		if got, ok := readDay(text); got != want || ok != (want != "") {
			t.Errorf("%q: %q %t", text, got, ok)
		}
	}
}

func TestThePredicatesOfAReportWithoutNIPAreFoundThroughThePlans(t *testing.T) {
	w := newTown(t)
	plans := w.plans(10)
	w.bring(plans, w.options())
	rows := [][]string{{"Laporan Penilaian SKP Bulan Oktober 2026"}, {"id", "hasil_akhir"}}
	for p := range 10 {
		rows = append(rows, []string{samplePlan(p), "Baik"})
	}
	file := w.file("penilaian.xlsx", append(rows, []string{"unknown", "Baik"})...)
	if r := w.bring(file, w.options()); r.Reasons["row-plan-without-nip"] != 11 {
		t.Errorf("without the plans: %+v", r)
	}
	o := w.options()
	o.PlansFile = plans
	if r := w.bring(file, o); r.Accepted != 10 || r.Rejected != 1 {
		t.Errorf("with the plans: %+v", r)
	}
	s, _, err := commands.State(t.Context(), w.store, bkn.Decider, string(w.vault.nips[sampleNIP(0)]))
	if p, ok := s.PredicateOf(samplePlan(0), domain.Span{From: "2026-10-01", Until: "2026-10-31"}); !ok || p.Predicate != bkn.Good || err != nil {
		t.Errorf("%+v, %v", s, err)
	}
}

func TestRejectedRowsCanBeMendedAndBroughtInAgain(t *testing.T) {
	w := newTown(t)
	if err := WriteSample(w.dir); err != nil {
		t.Fatal(err)
	}
	o := w.options()
	o.RejectedFile, o.DryRun = filepath.Join(w.dir, "ditolak.xlsx"), true
	first := w.bring(filepath.Join(w.dir, SampleFaulty), o)
	if info, err := os.Stat(o.RejectedFile); err != nil || info.Mode().Perm() != ownerOnly {
		t.Fatalf("%v, %v", info, err)
	}
	again := w.options()
	again.DryRun = true
	second := w.bring(o.RejectedFile, again)
	if second.Rows != first.Rejected || !maps.Equal(second.Reasons, first.Reasons) || second.UpdatedOn != first.UpdatedOn || second.Span != first.Span {
		t.Errorf("first %+v\nsecond %+v", first, second)
	}
	read, err := readTable(o.RejectedFile)
	if err != nil {
		t.Fatal(err)
	}
	last := read.rows[0].Cells[len(read.rows[0].Cells)-1].Text
	if header := read.header.Cells[len(read.header.Cells)-1].Text; header != reasonHeaders[3] || !strings.Contains(last, "18") {
		t.Errorf("%s: %s", header, last)
	}
}

func TestANumericNIPIsRejectedAndNeverLooksWholeAgain(t *testing.T) {
	c := cells{columns: columns{nipField: 0}, header: tabular.Row{Cells: []tabular.Cell{{Kind: tabular.Text, Text: "nip"}}},
		row: tabular.Row{Number: 9, Cells: []tabular.Cell{{Kind: tabular.Number, Text: "199099012099011001"}}}}
	c.nip()
	if want := []Reason{{Column: "A", Header: "nip", Holds: "number", Slug: "row-nip-is-number"}}; !reflect.DeepEqual(c.reasons, want) {
		t.Fatalf("%+v", c.reasons)
	}
	b := batch{table: &table{columns: c.columns}}
	if row := b.damaged(&record{row: c.row}, 1); row[0] == c.row.Cells[0].Text {
		t.Error("a damaged number is written as a text")
	}
}

func TestACSVReportIsReadToo(t *testing.T) {
	w := newTown(t)
	var out strings.Builder
	for row := range sampleRows("LAPORAN SKP TAHUN", sampleHeader, samplePlans(5)) {
		out.WriteString(strings.Join(row, ";") + "\n")
	}
	path := filepath.Join(w.dir, "laporan.csv")
	if err := os.WriteFile(path, []byte(out.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	if r := w.bring(path, w.options()); r.Accepted != 7 || r.UpdatedOn != "2026-11-20" {
		t.Errorf("%+v", r)
	}
}
