// Package health says whether the process lives, whether it can work, and which
// version it is.
package health

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"runtime"
	"sync"
	"time"

	"github.com/jejak-kinerja/jejak/domain"
)

// checkLimit is how long a check may take: whoever asks has a limit of its own,
// often of a few seconds.
const checkLimit = 2 * time.Second

// Check fails when something the service needs is not well.
type Check func(context.Context) error

// Deps is what is known about the service's health.
type Deps struct {
	// Checks by the names of what they check.
	Checks  map[string]Check
	Version string
	Log     *slog.Logger
}

// Alive answers as long as the process does.
func (d Deps) Alive(w http.ResponseWriter, _ *http.Request) {
	reply(w, http.StatusOK, map[string]string{"status": "ok"})
}

// ServeVersion says what is running.
func (d Deps) ServeVersion(w http.ResponseWriter, _ *http.Request) {
	reply(w, http.StatusOK, map[string]string{"version": d.Version, "go": runtime.Version()})
}

// Result is what one check found. The error itself may name hosts and goes to
// the log only.
type Result struct {
	Status string `json:"status"`
	Code   string `json:"code,omitempty"`
}

// Ready runs all checks at once: 200 when all are well, else 503.
func (d Deps) Ready(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), checkLimit)
	defer cancel()
	results, status := map[string]Result{}, http.StatusOK
	var mu sync.Mutex
	var work sync.WaitGroup
	for name, check := range d.Checks {
		work.Go(func() {
			err := check(ctx)
			result := Result{Status: "ok"}
			if err != nil {
				result = Result{Status: "failed", Code: domain.SlugOf(err)}
				d.Log.WarnContext(ctx, "not ready", slog.String("check", name), slog.Any("error", err))
			}
			mu.Lock()
			defer mu.Unlock()
			if results[name] = result; err != nil {
				status = http.StatusServiceUnavailable
			}
		})
	}
	work.Wait()
	word := "ok"
	if status != http.StatusOK {
		word = "failed"
	}
	reply(w, status, map[string]any{"status": word, "checks": results})
}

func reply(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // the asker has gone: nothing is left to say
}
