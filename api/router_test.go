package api_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/go-chi/chi/v5"

	"github.com/jejak-kinerja/jejak/api"
)

func TestPagesGetWhatIsNotForPrograms(t *testing.T) {
	c := newTown(t)
	pages := chi.NewRouter()
	say := func(word string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, word) }
	}
	pages.Get("/", say("beranda"))
	pages.Get("/unit/{unit}", func(w http.ResponseWriter, r *http.Request) { say("unit "+chi.URLParam(r, "unit"))(w, r) })
	pages.NotFound(say("tidak ada"))
	deps := c.deps
	deps.Pages = pages
	deps.Metrics = say("metrik")
	router := api.Router(deps)
	for path, want := range map[string]string{
		"/": "beranda", "/unit/dinas": "unit dinas", "/entah": "tidak ada", "/metrics": "metrik", "/v1x": "tidak ada",
		"/v1/entah": `"code":"route-unknown"`, "/v1": `"code":"route-unknown"`, "/v1/me": `"code":"login-needed"`,
		"/healthz": `"status":"ok"`, "/api": "<title>Jejak API</title>", "/unit/%00": `"code":"address-malformed"`,
	} {
		w := httptest.NewRecorder()
		router.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
		if !strings.Contains(w.Body.String(), want) {
			t.Errorf("%s: %d %.200s, want %s", path, w.Code, w.Body, want)
		}
	}
}

func TestWhoMeasuresSeesThePatternThatMatched(t *testing.T) {
	c := newTown(t)
	var pattern string
	deps := c.deps
	deps.Measure = func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			next.ServeHTTP(w, r)
			pattern = chi.RouteContext(r.Context()).RoutePattern()
		})
	}
	router := api.Router(deps)
	for path, want := range map[string]string{"/v1/reports/r1": "/v1/reports/{report}", "/v1/events": "/v1/events", "/healthz": "/healthz"} {
		r := httptest.NewRequest(http.MethodGet, path, nil)
		r.Header.Set("Test-Person", "employee")
		router.ServeHTTP(httptest.NewRecorder(), r)
		if pattern != want {
			t.Errorf("%s matched %q, want %q", path, pattern, want)
		}
	}
}
