package health_test

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/jejak-kinerja/jejak/api/health"
	"github.com/jejak-kinerja/jejak/domain"
)

func ready(t *testing.T, checks map[string]health.Check) (int, map[string]health.Result, string) {
	t.Helper()
	w := httptest.NewRecorder()
	health.Deps{Checks: checks, Log: slog.New(slog.DiscardHandler)}.Ready(w, httptest.NewRequest(http.MethodGet, "/readyz", nil))
	var answer struct {
		Checks map[string]health.Result `json:"checks"`
	}
	if err := json.Unmarshal(w.Body.Bytes(), &answer); err != nil {
		t.Fatal(err)
	}
	return w.Code, answer.Checks, w.Body.String()
}

func TestReadyWhenAllIsWell(t *testing.T) {
	well := func(context.Context) error { return nil }
	status, checks, _ := ready(t, map[string]health.Check{"database": well, "event-store": well})
	if status != http.StatusOK || len(checks) != 2 || checks["database"].Status != "ok" {
		t.Errorf("%d %+v", status, checks)
	}
}

func TestOneFaultIsNamedAndItsDetailIsNotTold(t *testing.T) {
	status, checks, body := ready(t, map[string]health.Check{
		"database":    func(context.Context) error { return errors.New("host db.internal refused") },
		"projections": func(context.Context) error { return &domain.Error{Kind: domain.Unavailable, Slug: "lagging"} },
		"event-store": func(context.Context) error { return nil },
	})
	if status != http.StatusServiceUnavailable || checks["database"].Status != "failed" || checks["projections"].Code != "lagging" ||
		checks["event-store"].Status != "ok" || strings.Contains(body, "db.internal") {
		t.Errorf("%d %s", status, body)
	}
}

func TestACheckThatHangsIsGivenUp(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel() // the asker's patience is over
	w := httptest.NewRecorder()
	health.Deps{Checks: map[string]health.Check{"slow": func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() }}, Log: slog.New(slog.DiscardHandler)}.
		Ready(w, httptest.NewRequest(http.MethodGet, "/readyz", nil).WithContext(ctx))
	if w.Code != http.StatusServiceUnavailable {
		t.Errorf("status %d", w.Code)
	}
}
