// Package health says whether the process lives, whether it can work, and which
// version it is.
package health

import (
	"cmp"
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/internal/clock"
)

// checkLimit is how long a check may take: whoever asks has a limit of its own,
// often of a few seconds.
const checkLimit = 2 * time.Second

// Check looks at one thing that the service needs.
type Check struct {
	Name string
	// Required: without it the service is not ready. Others only tell.
	Required bool
	// Look says how it is, or fails when it is not well.
	Look func(context.Context) (Finding, error)
	// Do says what to do when it is not well; it names no host and no secret.
	Do string
}

// Finding is what a check saw.
type Finding struct {
	// Warn says that somebody should look, though it works.
	Warn bool
	// Detail names figures, and neither people nor hosts.
	Detail string
	// Do is what to do, where it is another thing than the check's own; "" for that.
	Do string
}

// Simply makes a Look of something that only works or fails.
func Simply(ask func(context.Context) error) func(context.Context) (Finding, error) {
	return func(ctx context.Context) (Finding, error) { return Finding{}, ask(ctx) }
}

// The states of a check.
const (
	ok      = "ok"
	warning = "warning"
	failed  = "failed"
)

// Result is what one check found. The error itself may name hosts and goes to
// the log only.
type Result struct {
	Status   string `json:"status"` // ok, warning or failed
	Required bool   `json:"required"`
	// Since is when a check first found this status without another between; Age is
	// how long ago that was.
	Since  time.Time `json:"since"`
	Age    float64   `json:"age_seconds"`
	Code   string    `json:"code,omitempty"`
	Detail string    `json:"detail,omitempty"`
	Do     string    `json:"do,omitempty"`
}

// Options is what is known about the service's health.
type Options struct {
	Checks []Check
	// Release is answered as it is at /version.
	Release any
	Clock   clock.Clock // clock.Now when nil
	Log     *slog.Logger
}

// Health answers about the service. Safe for concurrent use.
type Health struct {
	Options
	mu   sync.Mutex
	last map[string]Result
}

// New makes the answers.
func New(o Options) *Health {
	if o.Clock == nil {
		o.Clock = clock.Now
	}
	return &Health{Options: o, last: map[string]Result{}}
}

// Alive answers as long as the process does.
func (h *Health) Alive(w http.ResponseWriter, _ *http.Request) {
	reply(w, http.StatusOK, map[string]string{"status": ok})
}

// ServeVersion says what is running.
func (h *Health) ServeVersion(w http.ResponseWriter, _ *http.Request) {
	reply(w, http.StatusOK, h.Release)
}

// Ready runs all checks at once: 503 when one that is required fails, else 200.
func (h *Health) Ready(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), checkLimit)
	defer cancel()
	results, status := map[string]Result{}, ok
	var mu sync.Mutex
	var work sync.WaitGroup
	for _, check := range h.Checks {
		work.Go(func() {
			result := h.look(ctx, check)
			mu.Lock()
			defer mu.Unlock()
			results[check.Name] = result
			if result.Status == failed && check.Required {
				status = failed
			}
		})
	}
	work.Wait()
	code := http.StatusOK
	if status == failed {
		code = http.StatusServiceUnavailable
	}
	reply(w, code, map[string]any{"status": status, "checks": results})
}

// look runs one check and remembers since when it finds the same.
func (h *Health) look(ctx context.Context, check Check) Result {
	found, err := check.Look(ctx)
	now := h.Clock()
	result := Result{Status: ok, Required: check.Required, Since: now, Detail: found.Detail}
	do := cmp.Or(found.Do, check.Do)
	switch {
	case err != nil:
		result.Status, result.Code, result.Do = failed, domain.SlugOf(err), do
		h.Log.WarnContext(ctx, "not ready", slog.String("check", check.Name), slog.Any("error", err))
	case found.Warn:
		result.Status, result.Do = warning, do
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if before, known := h.last[check.Name]; known && before.Status == result.Status {
		result.Since = before.Since
	}
	h.last[check.Name] = result
	result.Age = max(0, now.Sub(result.Since).Seconds())
	return result
}

func reply(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // the asker has gone: nothing is left to say
}
