package api

import (
	"html/template"
	"net/http"
	"strings"

	"github.com/go-chi/chi/v5"

	"github.com/jejak-kinerja/jejak/api/caller"
	"github.com/jejak-kinerja/jejak/api/health"
	"github.com/jejak-kinerja/jejak/api/problem"
	"github.com/jejak-kinerja/jejak/api/trace"
	"github.com/jejak-kinerja/jejak/api/words"
	"github.com/jejak-kinerja/jejak/domain"
)

// waitingRetrySeconds is what we ask of a caller before the service is open.
const waitingRetrySeconds = "5"

// Waiting answers while the service is not open yet: it lives, it is not ready, and
// it says why. Reason is what every request is answered.
func Waiting(h *health.Health, metrics http.Handler, reason func() *domain.Error) http.Handler {
	r := chi.NewRouter()
	r.Use(trace.Follow, readable)
	r.Get("/healthz", h.Alive)
	r.Get("/readyz", h.Ready)
	r.Get("/version", h.ServeVersion)
	if metrics != nil {
		r.Method(http.MethodGet, "/metrics", metrics)
	}
	r.Group(func(r chi.Router) {
		r.Use(guarded, spoken)
		r.Get("/api.css", serveStyle)
		answer := func(w http.ResponseWriter, r *http.Request) { serveWaiting(w, r, reason()) }
		r.HandleFunc("/*", answer)
	})
	return r
}

func serveWaiting(w http.ResponseWriter, r *http.Request, reason *domain.Error) {
	if strings.HasPrefix(r.URL.Path, "/v1/") {
		problem.Write(w, r, reason)
		return
	}
	say := words.Of(r.Context())
	view := struct {
		Language                               caller.Language
		Name, Title, Reason, Lead, Retry, Path string
	}{say.Language(), say.Say(words.AppName), say.Say(words.WaitingTitle), say.Refusal(reason), say.Say(words.WaitingLead), "", r.URL.Path}
	if r.Method == http.MethodGet {
		view.Retry = waitingRetrySeconds
	} else {
		view.Lead = say.Say(words.WaitingSendAgain)
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Retry-After", waitingRetrySeconds)
	w.WriteHeader(http.StatusServiceUnavailable)
	_ = waitingPage.Execute(w, view) // the caller has gone: nothing is left to say
}

// waitingPage loads itself again, except after a form: that would drop what was sent.
var waitingPage = template.Must(template.New("waiting").Parse(`<!doctype html>
<html lang="{{.Language}}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
{{if .Retry}}<meta http-equiv="refresh" content="{{.Retry}}">
{{end}}<title>{{.Title}} - {{.Name}}</title><link rel="stylesheet" href="/api.css"></head>
<body><main>
<h1>{{.Title}}</h1>
<p role="status">{{.Reason}}</p>
<p>{{.Lead}}</p>
</main></body></html>
`))
