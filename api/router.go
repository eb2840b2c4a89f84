package api

import (
	"context"
	"log/slog"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"github.com/go-chi/chi/v5"

	"github.com/jejak-kinerja/jejak/api/caller"
	"github.com/jejak-kinerja/jejak/api/feed"
	"github.com/jejak-kinerja/jejak/api/health"
	"github.com/jejak-kinerja/jejak/api/problem"
	"github.com/jejak-kinerja/jejak/api/trace"
	v1 "github.com/jejak-kinerja/jejak/api/v1"
	"github.com/jejak-kinerja/jejak/domain"
)

// Deps is what the edge needs from the rest of the house.
type Deps struct {
	V1   v1.Deps
	Feed feed.Deps
	// Health says what must be well for /readyz.
	Health *health.Health
	// Pages serves everything that is not for programs; it brings its own session.
	Pages http.Handler
	// Session puts the caller of a session cookie into the context; nil without sessions.
	Session func(http.Handler) http.Handler
	// Token looks up a bearer token; nil when there are none.
	Token TokenLookUp
	// LookUp gives the caller that a person is today.
	LookUp func(context.Context, domain.PersonID) (caller.Caller, error)
	// Measure wraps every request from inside the router, so that it may ask
	// chi.RouteContext for the pattern that matched; nil measures nothing.
	Measure func(http.Handler) http.Handler
	// Metrics is served at /metrics; nil when it is served elsewhere.
	Metrics http.Handler
	Log     *slog.Logger
}

// Router composes every route of the product.
func Router(d Deps) http.Handler {
	r := chi.NewRouter()
	if d.Measure != nil {
		r.Use(d.Measure)
	}
	r.Use(trace.Follow, readable)
	r.Get("/healthz", d.Health.Alive)
	r.Get("/readyz", d.Health.Ready)
	r.Get("/version", d.Health.ServeVersion)
	if d.Metrics != nil {
		r.Method(http.MethodGet, "/metrics", d.Metrics)
	}
	if d.Pages != nil {
		r.Mount("/", d.Pages)
	} else {
		r.NotFound(guarded(spoken(notFound)).ServeHTTP)
	}
	r.Group(func(r chi.Router) {
		r.Use(d.caught, guarded, spoken)
		d.open(r)
	})
	r.Route("/v1", d.closed)
	return r
}

// open are the documents, which anybody may read.
func (d Deps) open(r chi.Router) {
	document := Document(d)
	r.Get("/openapi.json", serveDocument(document, false))
	r.Get("/openapi-3.0.json", serveDocument(document, true))
	r.Get("/api", servePage(document))
	r.Get("/api.css", serveStyle)
	r.Get(problem.Page+"{slug}", problem.ServePage(func(r *http.Request) string { return chi.URLParam(r, "slug") }))
	r.Get(feed.SchemaPath+"{file}", d.serveSchema())
}

// closed is for people and programs that we know.
func (d Deps) closed(r chi.Router) {
	origin := http.NewCrossOriginProtection()
	origin.SetDenyHandler(problem.Handler(&domain.Error{Kind: domain.Forbidden, Slug: "origin-refused"}, http.StatusForbidden))
	r.Use(d.caught, guarded)
	if d.Session != nil {
		r.Use(d.Session)
	}
	r.Use(spoken, origin.Handler, d.bearer)
	r.NotFound(notFound)
	r.MethodNotAllowed(problem.Handler(&domain.Error{Slug: "method-not-allowed"}, http.StatusMethodNotAllowed))
	r.Method(http.MethodGet, "/events", feed.Handler(d.Feed))
	r.Group(func(r chi.Router) {
		r.Use(known)
		v1.Open(under{r, "/v1"}, d.V1)
	})
}

var notFound = problem.Handler(&domain.Error{Kind: domain.NotFound, Slug: "route-unknown"}, http.StatusNotFound)

// Document describes every operation; nothing behind it is asked.
func Document(d Deps) *huma.OpenAPI {
	document := v1.Open(chi.NewRouter(), d.V1)
	describeFeed(document)
	return document
}
