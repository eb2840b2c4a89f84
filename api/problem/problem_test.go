package problem_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/jejak-kinerja/jejak/api/caller"
	"github.com/jejak-kinerja/jejak/api/problem"
	"github.com/jejak-kinerja/jejak/api/trace"
	"github.com/jejak-kinerja/jejak/api/words"
	"github.com/jejak-kinerja/jejak/domain"
)

func TestEveryKindHasItsStatus(t *testing.T) {
	want := map[domain.Kind]int{domain.Invalid: 400, domain.Unauthenticated: 401, domain.Forbidden: 403, domain.NotFound: 404,
		domain.Conflict: 409, domain.Stale: 412, domain.Refused: 422, domain.Unavailable: 503}
	for _, k := range domain.Kinds {
		if got := problem.StatusOf(k); got != want[k] || got == http.StatusInternalServerError {
			t.Errorf("kind %d has status %d, want %d", k, got, want[k])
		}
	}
	if got := problem.StatusOf(0); got != http.StatusInternalServerError {
		t.Errorf("no kind has status %d", got)
	}
}

// coined finds the slugs that the edge coins in its own sources.
var coined = regexp.MustCompile(`(?:Slug: |domain\.(?:Bad\([^,]*, ?|Forbid\(|Missing\(|Refuse\())"([a-z0-9-]+)"`)

func TestEveryRefusalOfTheEdgeIsSaidInBothLanguages(t *testing.T) {
	found := 0
	err := filepath.WalkDir("..", func(path string, entry os.DirEntry, err error) error {
		if entry != nil && entry.IsDir() && (entry.Name() == "web" || entry.Name() == "session" || entry.Name() == "testdata") {
			return filepath.SkipDir // pages look after their own words
		}
		if err != nil || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		source, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for _, m := range coined.FindAllStringSubmatch(string(source), -1) {
			found++
			key := words.Key("refusal." + m[1])
			said := slices.Contains(problem.Slugs(), m[1]) || words.In(caller.Indonesian).Has(key) && words.In(caller.English).Has(key)
			if !said {
				t.Errorf("%s coins %q, which nobody explains", path, m[1])
			}
		}
		return nil
	})
	if err != nil || found < 20 {
		t.Fatalf("%d slugs found: %v", found, err)
	}
}

func TestNothingThatIsNoRefusalIsTold(t *testing.T) {
	err := fmt.Errorf("connect to db at 10.0.0.7: %w", errors.New("password rahasia is wrong"))
	w := httptest.NewRecorder()
	problem.Write(w, httptest.NewRequest(http.MethodGet, "/v1/me", nil), err)
	if w.Code != http.StatusInternalServerError || strings.Contains(w.Body.String(), "rahasia") || strings.Contains(w.Body.String(), "10.0.0.7") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

func TestAWrappedRefusalKeepsItsMeaning(t *testing.T) {
	err := fmt.Errorf("append plan: %w", domain.Bad("on", "date-malformed", "on must be a day"))
	p := problem.Of(caller.WithLanguage(t.Context(), caller.English), err)
	if p.Status != 400 || p.Code != "date-malformed" || len(p.Errors) != 1 || p.Errors[0].Location != "on" || p.Title != "The input is not right" {
		t.Errorf("%+v", p)
	}
}

func TestUnavailableAsksToComeBack(t *testing.T) {
	for _, err := range []error{&domain.Error{Kind: domain.Unavailable, Slug: "event-store-unreachable"}, fmt.Errorf("read: %w", context.DeadlineExceeded)} {
		w := httptest.NewRecorder()
		problem.Write(w, httptest.NewRequest(http.MethodGet, "/", nil), err)
		if w.Code != http.StatusServiceUnavailable || w.Header().Get("Retry-After") == "" {
			t.Errorf("%v: %d, Retry-After %q", err, w.Code, w.Header().Get("Retry-After"))
		}
	}
}

func TestAProblemNamesTheRequest(t *testing.T) {
	const parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
	for header, want := range map[string]string{parent: "4bf92f3577b34da6a3ce929d0e0e4736", "": "", "00-nonsense-x-01": "",
		"00-00000000000000000000000000000000-00f067aa0ba902b7-01": ""} {
		w, r := httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/v1/reports/x?secret=1", nil)
		r.Header.Set("traceparent", header)
		trace.Follow(problem.Handler(&domain.Error{Slug: "route-unknown"}, 404)).ServeHTTP(w, r)
		var p problem.Problem
		if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil {
			t.Fatal(err)
		}
		if p.Instance != "/v1/reports/x" || len(p.TraceID) != 32 || want != "" && p.TraceID != want || w.Header().Get(trace.Header) != p.TraceID {
			t.Errorf("%q: %+v", header, p)
		}
	}
}
