package telemetry_test

import (
	"bytes"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/jejak-kinerja/jejak/internal/telemetry"
)

var noon = time.Date(2026, 3, 2, 5, 0, 0, 0, time.UTC)

func scrape(t *testing.T, m *telemetry.Metrics) string {
	t.Helper()
	w := httptest.NewRecorder()
	m.Handler(nil).ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	if w.Code != http.StatusOK {
		t.Fatalf("a scrape gave %d: %s", w.Code, w.Body)
	}
	return w.Body.String()
}

func hold(t *testing.T, text string, lines ...string) {
	t.Helper()
	for _, line := range lines {
		if !strings.Contains(text, "\n"+line+"\n") {
			t.Errorf("the scrape does not hold %q", line)
		}
	}
}

func TestMetricsHaveTheirPromisedNames(t *testing.T) {
	m := telemetry.New(telemetry.Build{Version: "1.2.3", Commit: "abc", GoVersion: "go1"})
	m.Appended("plan.submitted.v1", 2)
	m.AppendConflict()
	m.AppendUnknown()
	feed := m.Streams("feed")
	feed.Opened()
	feed.Opened()
	feed.Cut()
	feed.Closed()
	hold(t, scrape(t, m),
		`jejak_build_info{commit="abc",go_version="go1",version="1.2.3"} 1`,
		`jejak_events_appended_total{type="plan.submitted.v1"} 2`,
		`jejak_append_conflicts_total 1`,
		`jejak_append_unknown_total 1`,
		`jejak_sse_subscribers{stream="feed"} 1`,
		`jejak_sse_cut_total{stream="feed"} 1`)
}

func TestRequestsAreCountedByRoutePatternAndNeverByPath(t *testing.T) {
	m := telemetry.New(telemetry.Build{})
	route := func(r *http.Request) string { return r.Header.Get("Test-Route") }
	handler := m.HTTP(route)(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/refused":
			w.WriteHeader(http.StatusEarlyHints)
			w.WriteHeader(http.StatusUnprocessableEntity)
			w.WriteHeader(http.StatusOK) // too late
		case "/panics":
			panic(http.ErrAbortHandler)
		case "/streams":
			if err := http.NewResponseController(w).Flush(); err != nil {
				t.Error(err)
			}
		}
	}))
	ask := func(method, path, pattern string) {
		r := httptest.NewRequest(method, path, nil)
		r.Header.Set("Test-Route", pattern)
		defer func() { _ = recover() }() // of the handler that panics
		handler.ServeHTTP(httptest.NewRecorder(), r)
	}
	ask(http.MethodGet, "/secret-id", "/v1/plans/{id}")
	ask(http.MethodPost, "/refused", "/v1/plans")
	ask(http.MethodGet, "/panics", "/v1/panics")
	ask(http.MethodGet, "/streams", "/v1/events")
	ask("INVENTED", "/unknown", "")
	text := scrape(t, m)
	hold(t, text,
		`jejak_http_request_duration_seconds_count{method="GET",route="/v1/plans/{id}",status="200"} 1`,
		`jejak_http_request_duration_seconds_count{method="POST",route="/v1/plans",status="422"} 1`,
		`jejak_http_request_duration_seconds_count{method="GET",route="/v1/panics",status="500"} 1`,
		`jejak_http_request_duration_seconds_count{method="GET",route="/v1/events",status="200"} 1`,
		`jejak_http_request_duration_seconds_count{method="other",route="none",status="200"} 1`)
	if strings.Contains(text, "secret-id") || strings.Contains(text, "INVENTED") {
		t.Error("a path or an invented method became a label")
	}
}

func TestTheLogIsJSONUnlessSomebodyReadsAlong(t *testing.T) {
	var out bytes.Buffer
	log, err := telemetry.Logger(&out, "warn")
	if err != nil {
		t.Fatal(err)
	}
	log.Info("not heard")
	log.Warn("heard", slog.Int("n", 1))
	if got := out.String(); !strings.HasPrefix(got, "{") || strings.Contains(got, "not heard") || !strings.Contains(got, `"n":1`) {
		t.Errorf("the log is %s", got)
	}
	device, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := device.Close(); err != nil {
			t.Error(err)
		}
	})
	if _, err := telemetry.Logger(device, "DEBUG"); err != nil {
		t.Error(err)
	}
	if _, err := telemetry.Logger(&out, "loud"); err == nil {
		t.Error("an unknown level was accepted")
	}
}
