package words

import (
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jejak-kinerja/jejak/api/caller"
	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/appraisal"
	"github.com/jejak-kinerja/jejak/domain/catalog"
	"github.com/jejak-kinerja/jejak/domain/feedback"
	"github.com/jejak-kinerja/jejak/domain/indicator"
	"github.com/jejak-kinerja/jejak/domain/person"
	"github.com/jejak-kinerja/jejak/domain/plan"
	"github.com/jejak-kinerja/jejak/domain/progress"
	"github.com/jejak-kinerja/jejak/domain/unit"
	"github.com/jejak-kinerja/jejak/projections/inbox"
)

var languages = []caller.Language{caller.Indonesian, caller.English}

var placeholder = regexp.MustCompile(`\{[a-z]+\}`)

func TestBothLanguagesSayTheSameThings(t *testing.T) {
	id, en := In(caller.Indonesian), In(caller.English)
	for k, text := range id.texts {
		other, ok := en.texts[k]
		if !ok {
			t.Errorf("English has no %s", k)
			continue
		}
		if text == "" || other == "" {
			t.Errorf("%s is empty", k)
		}
		a, b := placeholder.FindAllString(text, -1), placeholder.FindAllString(other, -1)
		slices.Sort(a)
		slices.Sort(b)
		if !slices.Equal(slices.Compact(a), slices.Compact(b)) {
			t.Errorf("%s has the placeholders %v and %v", k, a, b)
		}
	}
	for k := range en.texts {
		if _, ok := id.texts[k]; !ok && !strings.HasSuffix(string(k), "#one") {
			t.Errorf("Indonesian has no %s", k)
		}
	}
}

func TestEveryKeyOfAPageHasItsConstant(t *testing.T) {
	constant := regexp.MustCompile(`Key = "([^"]+)"`)
	made := map[string]bool{}
	sources, err := filepath.Glob("keys_*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range sources {
		for _, m := range constant.FindAllStringSubmatch(source(t, file), -1) {
			made[m[1]] = true
		}
	}
	for k := range In(caller.Indonesian).texts {
		family, _, _ := strings.Cut(string(k), ".")
		if !slices.Contains([]string{"event", "did", "label", "refusal", "kind"}, family) && !made[string(k)] {
			t.Errorf("%s has no constant: go generate ./api/words", k)
		}
		delete(made, string(k))
	}
	if len(made) > 0 {
		t.Errorf("constants without words: %v", slices.Sorted(maps.Keys(made)))
	}
}

func TestEveryEventHasAHeadingAndASentence(t *testing.T) {
	known, err := catalog.Ledger()
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range known.Names() {
		for _, l := range languages {
			if w := In(l); !w.Has(Key("event."+name)) || !strings.Contains(w.texts[Key("did."+name)], "{actor}") {
				t.Errorf("%s has no heading or no sentence with its actor in %s", name, l)
			}
		}
	}
}

// slugs finds the stable names of refusals where they are made.
var slugs = regexp.MustCompile(`(?:Refuse|Forbid|Missing)\(\s*"([a-z0-9-]+)"|Bad\([^,()]*(?:\([^)]*\))?[^,()]*,\s*"([a-z0-9-]+)"|Slug:\s*"([a-z0-9-]+)"`)

func TestEveryRefusalIsExplained(t *testing.T) {
	found := 0
	for _, dir := range []string{"domain", "commands", "projections", "api/availability", "api/web", "internal/vault"} {
		err := filepath.WalkDir(filepath.Join("..", "..", dir), func(path string, d os.DirEntry, err error) error {
			if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") || strings.Contains(path, "test/") {
				return err
			}
			for _, m := range slugs.FindAllStringSubmatch(source(t, path), -1) {
				slug := m[1] + m[2] + m[3]
				found++
				for _, l := range languages {
					if !In(l).Has(Key("refusal." + slug)) {
						t.Errorf("%s: the refusal %q is not explained in %s", path, slug, l)
					}
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if found < 100 {
		t.Errorf("only %d refusals found: the search is broken", found)
	}
}

func TestEveryKindOfRefusalIsExplained(t *testing.T) {
	for _, k := range domain.Kinds {
		for _, l := range languages {
			if In(l).Kind(k) == "" || In(l).Kind(k) == In(l).Kind(0) {
				t.Errorf("kind %d is not explained in %s", k, l)
			}
		}
	}
}

func TestEveryValueHasALabel(t *testing.T) {
	families := map[string][]string{
		"capacity": all(domain.Capacities), "value": all(domain.Values), "guide": all(domain.Values),
		"source":    all([]domain.Source{domain.FromPage, domain.FromAPI, domain.FromImport, domain.FromDemo, domain.FromRule}),
		"unit-kind": all(unit.Kinds), "employment": all(person.Employments), "level": all(person.Levels), "role": all(person.Roles), "cause": all(person.Causes),
		"direction": all(indicator.Directions), "relation": all(feedback.Relations), "tone": all(feedback.Tones),
		"plan-status": all(plan.Statuses), "report-status": all(progress.Statuses), "aspect": all(slices.Concat(plan.StaffAspects, plan.LeaderAspects)),
		"result-kind": all([]plan.ResultKind{plan.Main, plan.Additional}), "close-cause": all([]plan.CloseCause{plan.YearEnd, plan.Transfer, plan.Separation}),
		"rating": all(appraisal.Ratings), "rating-short": all(appraisal.Ratings), "predicate": all(appraisal.Predicates),
		"appraisal-kind": all([]appraisal.Kind{appraisal.Periodic, appraisal.Annual}), "dimension": all([]appraisal.Dimension{appraisal.OfResult, appraisal.OfBehaviour}),
		"score-authority": all([]appraisal.Authority{appraisal.ByAppraiser, appraisal.ByAppraisersSuperior}),
		"task":            all(inbox.Tasks), "category": catalog.Categories(),
	}
	for family, values := range families {
		for _, v := range values {
			for _, l := range languages {
				if !In(l).Has(Key("label." + family + "." + v)) {
					t.Errorf("%s %q has no label in %s", family, v, l)
				}
			}
		}
	}
	for _, h := range plan.Hints {
		if !In(caller.Indonesian).Has(Key("plan.hint-" + string(h))) {
			t.Errorf("the hint %s has no words", h)
		}
	}
}

func all[V ~string](values []V) []string {
	out := make([]string, len(values))
	for i, v := range values {
		out[i] = string(v)
	}
	return out
}

func TestNumbersAndDatesAreWrittenAsEachLanguageDoes(t *testing.T) {
	wib := time.FixedZone("WIB", 7*60*60)
	at := time.Date(2026, 11, 22, 18, 5, 0, 0, time.UTC)
	id, en := In(caller.Indonesian), In(caller.English)
	for _, c := range []struct{ got, want string }{
		{id.Number(123450), "1.234,5"}, {en.Number(123450), "1,234.5"}, {id.Number(-250), "−2,5"}, {id.Number(0), "0"}, {id.Number(5), "0,05"}, {id.Number(100), "1"},
		{id.Count(1234567), "1.234.567"}, {en.Count(-1000), "−1,000"}, {id.Count(999), "999"},
		{id.Percent(26148900, 30000000), "87,2%"}, {en.Percent(1, 0), "–"},
		{id.Day("2026-11-23"), "23 November 2026"}, {id.FullDay("2026-11-23"), "Senin, 23 November 2026"}, {en.ShortDay("2026-05-01"), "1 May 2026"},
		{id.Day(""), "–"}, {id.Moment(at, wib), "23 November 2026 pukul 01.05 WIB"}, {en.Moment(at, wib), "23 November 2026, 01:05 WIB"},
		{id.Period("2024-01/2024-04"), "Jan 2024 – Apr 2024"}, {id.Period("2023"), "2023"},
		{id.Ago(10), "baru saja"}, {en.Ago(60), "1 minute ago"}, {en.Ago(3600 * 5), "5 hours ago"}, {id.Ago(86400 * 3), "3 hari lalu"},
		{Plain(150), "1.5"}, {Plain(1200), "12"}, {Plain(-25), "-0.25"}, {Plain(0), "0"},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
}

func TestAnUnknownKeyCannotBeOverlooked(t *testing.T) {
	if got := In("fr").Say("no.such-key"); got != "⟦no.such-key⟧" {
		t.Errorf("got %q", got)
	}
}

func TestOneThingIsCountedInTheSingular(t *testing.T) {
	if got := In(caller.English).Say(CityNotes, "count", 1); got != "1 inconsistency noted" {
		t.Errorf("got %q", got)
	}
}

func source(t *testing.T, file string) string {
	t.Helper()
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}
