package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"

	"github.com/go-chi/chi/v5"

	"github.com/jejak-kinerja/jejak/api"
	"github.com/jejak-kinerja/jejak/api/caller"
	"github.com/jejak-kinerja/jejak/api/feed"
	"github.com/jejak-kinerja/jejak/api/health"
	"github.com/jejak-kinerja/jejak/api/session"
	"github.com/jejak-kinerja/jejak/api/token"
	v1 "github.com/jejak-kinerja/jejak/api/v1"
	"github.com/jejak-kinerja/jejak/api/web"
	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/internal/clock"
	"github.com/jejak-kinerja/jejak/internal/vault"
)

// edge is what listens: pages, API, feed and health, over the open rooms.
type edge struct {
	handler http.Handler
	health  *health.Health
	tail    *feed.Tail
	logins  *logins
}

// openEdge wires the edge to the rooms.
func openEdge(ctx context.Context, r *rooms, s *serveCommand) (*edge, error) {
	logins, err := openLogins(ctx, r.storage.databaseURL)
	if err != nil {
		return nil, err
	}
	tokens, err := token.Open(ctx, logins.pool, clock.Now)
	if err != nil {
		logins.close()
		return nil, err
	}
	secure := strings.HasPrefix(s.BaseURL, "https://")
	sessions := session.New(logins.store, r.lookUp, secure, r.log)
	site, err := web.New(r.webDeps(s, sessions, ctx.Done()))
	if err != nil {
		logins.close()
		return nil, fmt.Errorf("prepare the pages: %w", err)
	}
	pages := chi.NewRouter()
	site.Mount(pages)
	pages.NotFound(site.NotFound().ServeHTTP)
	source := feedSource{r.events, r.watch, r}
	e := &edge{tail: feed.NewTail(source, r.log), logins: logins, health: health.New(health.Options{Checks: append(r.checks(), serving(ctx)), Release: thisRelease(), Log: r.log})}
	e.handler = api.Router(api.Deps{
		V1: r.v1Deps(),
		Feed: feed.Deps{Source: source, Find: source.Find, Tail: e.tail, BaseURL: s.BaseURL, Names: r.catalog.Names(), Ready: r.logReadable, Clock: clock.Now, Log: r.log,
			Streams: r.metrics.Streams("feed"), Ledger: feedLedger{r}},
		Health:  e.health,
		Pages:   pages,
		Session: sessions.Middleware,
		Token:   tokens.LookUp,
		LookUp:  r.lookUp,
		Metrics: s.publicMetrics(r),
		Measure: r.measure,
		Log:     r.log,
	})
	if r.tracing != nil {
		e.handler = r.tracing.HTTP(e.handler, worthTracing)
	}
	return e, nil
}

// measure wraps every request inside of the router.
func (r *rooms) measure(next http.Handler) http.Handler {
	if r.tracing != nil {
		next = r.tracing.Named(routeOf)(next)
	}
	return r.metrics.HTTP(routeOf)(next)
}

// routeOf gives the pattern that matched, for metrics.
func routeOf(r *http.Request) string {
	if c := chi.RouteContext(r.Context()); c != nil {
		return c.RoutePattern()
	}
	return ""
}

// lookUp gives the caller that a person is today.
func (r *rooms) lookUp(ctx context.Context, id domain.PersonID) (caller.Caller, error) {
	return api.LookUp(ctx, r.pool, domain.DateOf(clock.Now(), r.config.location), id)
}

func (r *rooms) v1Deps() v1.Deps {
	return v1.Deps{
		Version: version, Office: r.office, Lookup: r.lookup(), Read: r.pool, Await: r.engine.WaitAll, Catalog: r.catalog, Availability: r.watch.State, Log: r.log,
		Texts: revealed(r.texts, func(t vault.Text) v1.Text { return v1.Text(t) }),
		Names: revealed(r.vault.Names, func(n vault.Name) v1.Name { return v1.Name(n) }),
	}
}

func (r *rooms) webDeps(s *serveCommand, sessions *session.Sessions, closing <-chan struct{}) web.Deps {
	return web.Deps{
		Office: r.office, Lookup: r.lookup(), LogStreams: logStreams{r.events, r.watch}, Read: r.pool, Await: r.engine.WaitAll, Changes: r.changes, Sessions: sessions,
		Names: revealed(r.vault.Names, func(n vault.Name) web.Name { return web.Name(n) }),
		Texts: revealed(r.texts, func(t vault.Text) web.Text { return web.Text(t) }),
		File: func(ctx context.Context, digest domain.Sealed) (web.File, error) {
			f, err := r.vault.OpenFile(ctx, digest)
			if errors.Is(err, vault.ErrLost) {
				r.log.ErrorContext(ctx, vaultLacks, slog.Any("error", err))
				return web.File{Lost: true}, nil
			}
			return web.File{MediaType: f.MediaType, Content: f.Content, Gone: f.Gone}, err
		},
		Operations: r.operations, Availability: r.watch.State, Clock: clock.Now, Zone: r.config.location, DemoLogin: s.Demo, Version: version, Log: r.log,
		Streams: r.metrics.Streams("pages"), Closing: closing,
	}
}

// changes tells the pages of commits of the read models until ctx ends.
func (r *rooms) changes(ctx context.Context) <-chan web.Change {
	out, listener := make(chan web.Change), r.engine.Changes()
	go func() {
		defer close(out)
		for {
			c, err := listener.Next(ctx)
			if err != nil {
				return // the context has ended
			}
			select {
			case out <- web.Change{Projection: c.Projection, To: c.To, Streams: c.Streams, Many: c.Many}:
			case <-ctx.Done():
				return
			}
		}
	}()
	return out
}
