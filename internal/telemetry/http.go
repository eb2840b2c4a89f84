package telemetry

import (
	"net/http"
	"slices"
	"strconv"

	"github.com/jejak-kinerja/jejak/internal/clock"
)

// methods are those that get a label of their own; a caller can invent others.
var methods = []string{http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions}

// HTTP measures every request. route gives the pattern that matched
// ("/v1/plans/{id}"), never the path itself, which holds ids; it is asked after
// the request has been answered. "" counts as "none".
func (m *Metrics) HTTP(route func(*http.Request) string) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			start, answer := clock.Now(), &answer{ResponseWriter: w, status: http.StatusOK}
			completed := false
			defer func() {
				if !completed && !answer.begun { // a panic, on its way to the server
					answer.status = http.StatusInternalServerError
				}
				pattern := route(r)
				if pattern == "" {
					pattern = "none"
				}
				m.requests.WithLabelValues(pattern, methodOf(r), strconv.Itoa(answer.status)).Observe(clock.Since(start).Seconds())
			}()
			next.ServeHTTP(answer, r)
			completed = true
		})
	}
}

func methodOf(r *http.Request) string {
	if slices.Contains(methods, r.Method) {
		return r.Method
	}
	return "other"
}

// answer remembers the status that was written.
type answer struct {
	http.ResponseWriter
	status int
	begun  bool
}

func (a *answer) WriteHeader(status int) {
	if !a.begun && status >= 200 { // a 1xx is not the answer yet
		a.status, a.begun = status, true
	}
	a.ResponseWriter.WriteHeader(status)
}

func (a *answer) Write(body []byte) (int, error) {
	a.begun = true
	return a.ResponseWriter.Write(body)
}

// Flush is here because callers look for it without asking http.ResponseController.
func (a *answer) Flush() {
	a.begun = true
	if f, ok := a.ResponseWriter.(http.Flusher); ok {
		f.Flush()
	}
}

// Unwrap lets http.ResponseController reach what else the connection can do.
func (a *answer) Unwrap() http.ResponseWriter { return a.ResponseWriter }
