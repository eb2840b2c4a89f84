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
	"time"

	"github.com/jejak-kinerja/jejak/api/health"
	"github.com/jejak-kinerja/jejak/domain"
)

var quiet = slog.New(slog.DiscardHandler)

func well(context.Context) error { return nil }

func check(name string, required bool, ask func(context.Context) error) health.Check {
	return health.Check{Name: name, Required: required, Look: health.Simply(ask), Do: "mend the " + name}
}

func ready(t *testing.T, h *health.Health) (int, map[string]health.Result, string) {
	t.Helper()
	w := httptest.NewRecorder()
	h.Ready(w, httptest.NewRequest(http.MethodGet, "/readyz", nil))
	var answer struct {
		Checks map[string]health.Result `json:"checks"`
	}
	if err := json.Unmarshal(w.Body.Bytes(), &answer); err != nil {
		t.Fatal(err)
	}
	return w.Code, answer.Checks, w.Body.String()
}

func TestReadyWhenAllIsWell(t *testing.T) {
	h := health.New(health.Options{Log: quiet, Checks: []health.Check{check("database", true, well), check("event-store", true, well)}})
	status, checks, _ := ready(t, h)
	if status != http.StatusOK || len(checks) != 2 || checks["database"].Status != "ok" || checks["database"].Do != "" {
		t.Errorf("%d %+v", status, checks)
	}
}

func TestOneFaultIsNamedWithItsCureAndItsDetailIsNotTold(t *testing.T) {
	h := health.New(health.Options{Log: quiet, Checks: []health.Check{
		check("database", true, func(context.Context) error { return errors.New("host db.internal refused") }),
		check("projections", true, func(context.Context) error { return &domain.Error{Kind: domain.Unavailable, Slug: "lagging"} }),
		check("event-store", true, well),
	}})
	status, checks, body := ready(t, h)
	if status != http.StatusServiceUnavailable || checks["database"].Status != "failed" || checks["projections"].Code != "lagging" ||
		checks["database"].Do != "mend the database" || checks["event-store"].Status != "ok" || strings.Contains(body, "db.internal") {
		t.Errorf("%d %s", status, body)
	}
}

func TestWhatIsNotRequiredOnlyTells(t *testing.T) {
	h := health.New(health.Options{Log: quiet, Checks: []health.Check{
		check("lease", false, func(context.Context) error { return errors.New("nobody") }),
		{Name: "disk", Required: true, Do: "make room", Look: func(context.Context) (health.Finding, error) {
			return health.Finding{Warn: true, Detail: "9 % free"}, nil
		}},
		{Name: "log", Do: "start the store", Look: func(context.Context) (health.Finding, error) {
			return health.Finding{Do: "put the right one back"}, errors.New("another log")
		}},
	}})
	status, checks, body := ready(t, h)
	if status != http.StatusOK || checks["lease"].Status != "failed" || checks["disk"].Status != "warning" ||
		checks["disk"].Detail != "9 % free" || checks["disk"].Do != "make room" || checks["log"].Do != "put the right one back" {
		t.Errorf("%d %s", status, body)
	}
}

func TestACheckTellsSinceWhenItFindsTheSame(t *testing.T) {
	now := time.Date(2026, 3, 2, 5, 0, 0, 0, time.UTC)
	var fault error
	h := health.New(health.Options{Log: quiet, Clock: func() time.Time { return now },
		Checks: []health.Check{check("database", true, func(context.Context) error { return fault })}})
	for _, step := range []struct {
		after time.Duration
		fault error
		age   float64
	}{{0, nil, 0}, {time.Minute, nil, 60}, {time.Second, errors.New("away"), 0}, {5 * time.Second, errors.New("still away"), 5}, {time.Second, nil, 0},
		{-time.Hour, nil, 0}} { // at last the clock was set back
		now, fault = now.Add(step.after), step.fault
		if _, checks, body := ready(t, h); checks["database"].Age != step.age {
			t.Errorf("%v later: %s", step.after, body)
		}
	}
}

func TestACheckThatHangsIsGivenUp(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel() // the asker's patience is over
	w := httptest.NewRecorder()
	slow := check("slow", true, func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() })
	health.New(health.Options{Log: quiet, Checks: []health.Check{slow}}).
		Ready(w, httptest.NewRequest(http.MethodGet, "/readyz", nil).WithContext(ctx))
	if w.Code != http.StatusServiceUnavailable {
		t.Errorf("status %d", w.Code)
	}
}
