package chart

import (
	"encoding/xml"
	"errors"
	"flag"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the golden pictures anew")

func show(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }

func visitors() []Mark {
	return []Mark{
		{Label: "2020", Value: 126290, Known: true, Shown: "126.290", Href: "/jejak?period=2020"},
		{Label: "2021", Shown: "–"},
		{Label: "2022", Value: 254048, Known: true, Shown: "254.048", Flagged: true},
		{Label: "2023", Value: 261489, Known: true, Shown: "261.489", Target: 300000, HasTarget: true},
	}
}

func pictures() map[string]string {
	words := Words{ID: "w", Title: "Kunjungan <wisata>", Desc: "2020 sampai 2023"}
	few := []Mark{{Label: "a", Value: 3, Known: true, Shown: "3"}, {Label: "b", Known: true, Shown: "0"}, {Label: "c", Value: 7, Known: true, Shown: "7"}}
	return map[string]string{
		"line-wide":  Line(Wide, words, visitors(), show),
		"line-slim":  Line(Slim, words, visitors(), show),
		"line-empty": Line(Slim, words, nil, show),
		"bars-slim":  Bars(Slim, words, few, true, show),
		"parts-wide": Parts(Wide, words, few),
		"parts-none": Parts(Slim, words, nil),
		"small":      Small(words, visitors()),
		"quadrant": Quadrant{Words: words, RowTitle: "Hasil kerja", ColumnTitle: "Perilaku kerja",
			Rows: [3]string{"di atas ekspektasi", "sesuai", "di bawah"}, Columns: [3]string{"di bawah", "sesuai", "di atas"},
			Cells: [3][3]string{{"Kurang", "Baik", "Sangat baik"}, {"Kurang", "Baik", "Baik"}, {"Sangat kurang", "Butuh perbaikan", "Butuh perbaikan"}},
			Row:   1, Column: 2}.Draw(),
	}
}

func TestPicturesAreAsTheyWereAgreed(t *testing.T) {
	for name, got := range pictures() {
		file := filepath.Join("testdata", name+".svg")
		if *update {
			if err := os.WriteFile(file, []byte(got+"\n"), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if strings.TrimSuffix(string(want), "\n") != got {
			t.Errorf("%s changed; look at it, then run with -update\n%s", name, got)
		}
	}
}

func TestPicturesAreWellFormedNamedAndFreeOfStyle(t *testing.T) {
	for name, picture := range pictures() {
		for dec := xml.NewDecoder(strings.NewReader(picture)); ; {
			_, err := dec.Token()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
		}
		for _, need := range []string{`role="group"`, "<title", "<desc", "viewBox"} {
			if !strings.Contains(picture, need) {
				t.Errorf("%s has no %s", name, need)
			}
		}
		if strings.Contains(picture, "style") || strings.Contains(picture, "NaN") || strings.Contains(picture, "Inf") {
			t.Errorf("%s holds a style or no number: %s", name, picture)
		}
	}
}

func TestBarsStandOnZero(t *testing.T) {
	s := newScale([]Mark{{Value: 95, Known: true}, {Value: 100, Known: true}}, 0, 100, 100)
	if s.y(0) != 100 || s.top != 100 {
		t.Errorf("y(0) = %v, top = %v", s.y(0), s.top)
	}
}

func TestTheScaleHasARoundTopAboveValuesAndTargets(t *testing.T) {
	for largest, want := range map[float64]float64{1: 1, 7: 8, 261489: 300000, 86.48: 100, 0: 1, 12: 15} {
		got := newScale([]Mark{{Value: largest, Known: true}}, 0, 100, 100).top
		if got != want {
			t.Errorf("top above %v = %v, want %v", largest, got, want)
		}
	}
}
