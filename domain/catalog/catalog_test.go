package catalog_test

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/catalog"
	"github.com/jejak-kinerja/jejak/domain/unit"
)

func TestANameOrATypeListedTwiceIsRefused(t *testing.T) {
	type other struct{}
	for _, lists := range [][]domain.Entry{
		{domain.Stored[unit.Closed]("unit.closed.v1"), domain.Stored[other]("unit.closed.v1")},
		{domain.Stored[unit.Closed]("unit.closed.v1"), domain.Stored[unit.Closed]("unit.closed.v2")},
	} {
		if _, err := catalog.Of(lists[:1], lists[1:]); err == nil {
			t.Errorf("%v was taken", lists)
		}
	}
}

func TestEveryStoredNameBeginsWithItsCategoryAndCarriesItsVersion(t *testing.T) {
	for _, name := range ledger(t).Names() {
		category, _, _ := strings.Cut(name, ".")
		if _, err := catalog.StateAfter(category, nil); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if !goldenName.MatchString(name + ".json") {
			t.Errorf("%s carries no version", name)
		}
	}
}

func TestWhatIsNotExactlyAKnownEventIsRefused(t *testing.T) {
	c := ledger(t)
	for what, row := range map[string][2]string{
		"an unknown name":           {"unit.abolished.v1", `{"last_day":"2026-01-01"}`},
		"a later version":           {"unit.closed.v2", `{"last_day":"2026-01-01"}`},
		"an unknown field":          {"unit.closed.v1", `{"last_day":"2026-01-01","why":"x"}`},
		"a second body":             {"unit.closed.v1", `{"last_day":"2026-01-01"}{}`},
		"a stray bracket after it":  {"unit.closed.v1", `{"last_day":"2026-01-01"}]`},
		"a field of another type":   {"unit.closed.v1", `{"last_day":1}`},
		"no object":                 {"unit.closed.v1", `null`},
		"a field in other letters":  {"unit.closed.v1", `{"LAST_DAY":"2026-01-01"}`},
		"a field named twice":       {"unit.closed.v1", `{"last_day":"2026-01-01","last_day":"2026-01-02"}`},
		"keys out of order":         {"unit.renamed.v1", `{"name":"A","from":"2026-01-01"}`},
		"blanks":                    {"unit.closed.v1", `{"last_day": "2026-01-01"}`},
		"an array":                  {"unit.closed.v1", `[]`},
		"a closing bracket only":    {"unit.closed.v1", `{}}`},
		"half a text":               {"unit.closed.v1", `{"last_day":"20`},
		"half a body":               {"unit.closed.v1", `{"last_day":`},
		"nothing":                   {"unit.closed.v1", ``},
		"more than an event may be": {"unit.closed.v1", `{"last_day":"` + strings.Repeat("1", catalog.MaxEventBytes) + `"}`},
	} {
		if got, err := c.Decode(row[0], []byte(row[1])); err == nil {
			t.Errorf("%s was read as %.80q", what, fmt.Sprint(got))
		}
	}
}

func TestWhatIsNoEventIsNotEncoded(t *testing.T) {
	c := ledger(t)
	for _, body := range []any{nil, "text", struct{}{}, &unit.Closed{}} {
		if _, _, err := c.Encode(body); err == nil {
			t.Errorf("%#v was encoded", body)
		}
	}
	if _, _, err := c.Encode(unit.Renamed{Name: strings.Repeat("x", catalog.MaxEventBytes)}); err == nil {
		t.Error("too large a body was encoded")
	}
}

func TestStateAfterFoldsAStreamOfAnyCategory(t *testing.T) {
	events := []domain.Recorded{
		{Body: unit.Established{Unit: "dispar", Name: "Dinas Pariwisata", From: "2017-01-01"}},
		{Body: unit.Closed{LastDay: "2026-06-30"}},
	}
	before, err := catalog.StateAfter("unit", events[:1])
	if err != nil {
		t.Fatal(err)
	}
	after, err := catalog.StateAfter("unit", events)
	if err != nil {
		t.Fatal(err)
	}
	if before.(unit.State).Closed() || !after.(unit.State).Closed() {
		t.Errorf("before %#v, after %#v", before, after)
	}
	if _, err := catalog.StateAfter("plan", events); err == nil {
		t.Error("events of a unit were folded as a plan")
	}
	if _, err := catalog.StateAfter("nothing", nil); err == nil {
		t.Error("a category without a stream was folded")
	}
}

func TestEveryCategoryHasAFold(t *testing.T) {
	seen := map[string]bool{}
	for _, category := range catalog.Categories() {
		if _, err := catalog.StateAfter(category, nil); err != nil || seen[category] || strings.Contains(category, "-") {
			t.Errorf("%q: %v", category, err)
		}
		seen[category] = true
	}
}

// Whatever Decode accepts, Encode writes canonically, and that reads as the same.
func FuzzDecode(f *testing.F) {
	c := ledger(f)
	for _, b := range bodies(f) {
		f.Add(b.name, b.data)
	}
	f.Add("unit.closed.v1", []byte(`{"last_day":"\ud800"}`))
	f.Fuzz(func(t *testing.T, name string, data []byte) {
		event, err := c.Decode(name, data)
		if err != nil {
			return
		}
		again, canonical, err := c.Encode(event)
		if err != nil {
			t.Fatalf("%s %q was read and cannot be written: %v", name, data, err)
		}
		same, err := c.Decode(again, canonical)
		if err != nil || again != name {
			t.Fatalf("%s %s as %s: %v", name, canonical, again, err)
		}
		if _, twice, err := c.Encode(same); err != nil || string(twice) != string(canonical) {
			t.Fatalf("%s\n%s\n%s (%v)", name, canonical, twice, err)
		}
		if reflect.TypeOf(same) != reflect.TypeOf(event) {
			t.Fatalf("%T became %T", event, same)
		}
	})
}
