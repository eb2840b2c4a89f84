package web

import (
	"context"
	"net/http"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"github.com/jejak-kinerja/jejak/api/caller"
	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/projections/inbox"
)

const (
	themeCookie = "jejak_theme"
	// themeAge is how long a browser remembers light or dark: a year.
	themeAge = 365 * 24 * 60 * 60
)

// handler serves one page; a refusal it returns becomes a page that explains it.
type handler func(w http.ResponseWriter, r *http.Request) error

// page gives a handler the view of its page and shows what it returns as an error.
func (s *Site) page(h handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		v := &view{url: r.URL, theme: s.theme(w, r), now: s.Clock(), zone: s.Zone, demo: s.DemoLogin, version: s.Version,
			assets: s.assets.urls, recorded: r.URL.Query().Get("tercatat"), store: s.Availability()}
		r = r.WithContext(withView(r.Context(), v))
		s.catchUp(r, v.recorded)
		if err := h(w, r); err != nil {
			s.fault(w, r, err)
		}
	})
}

// catchUp waits for the fact that somebody has just recorded: the answer to the
// form may have led from one process to another that has not seen it yet.
func (s *Site) catchUp(r *http.Request, recorded string) {
	position, err := strconv.ParseUint(recorded, 10, 64)
	if err == nil && r.Method == http.MethodGet && caller.From(r.Context()).Known() {
		s.settled(r.Context(), position)
	}
}

// known is page for people who are signed in; others are sent to the login and
// come back.
func (s *Site) known(h handler) http.Handler {
	return s.page(func(w http.ResponseWriter, r *http.Request) error {
		if caller.From(r.Context()).Known() {
			return h(w, r)
		}
		if r.Method == http.MethodGet {
			http.Redirect(w, r, loginHref(r.URL.RequestURI()), http.StatusSeeOther)
			return nil
		}
		return &domain.Error{Kind: domain.Unauthenticated, Slug: "login-needed", Detail: "nobody is logged in"}
	})
}

// show renders a page with its frame.
func (s *Site) show(w http.ResponseWriter, r *http.Request, status int, title string, body templ.Component) error {
	ctx := r.Context()
	v := viewOf(ctx)
	v.title = title
	if c := caller.From(ctx); c.Known() {
		if err := s.aboutCaller(ctx, c); err != nil {
			return err
		}
	}
	if v.refused != nil { // whether the page still offers the form shows when it is rendered
		var rendered strings.Builder
		if err := body.Render(ctx, &rendered); err != nil {
			return err
		}
		body = templ.Raw(rendered.String())
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "private, no-cache")
	w.Header().Add("Vary", "Cookie")
	if status == http.StatusServiceUnavailable {
		w.Header().Set("Retry-After", retrySeconds)
	}
	w.WriteHeader(status)
	return frame(body).Render(ctx, w)
}

func (s *Site) aboutCaller(ctx context.Context, c caller.Caller) error {
	counts, err := inbox.Counts(ctx, s.Read, c.Person)
	if err != nil {
		return err
	}
	v := viewOf(ctx)
	v.waits = 0
	for _, n := range counts {
		v.waits += n.Items
	}
	return s.reveal(ctx, gather().person(c.Person))
}

// theme keeps the choice of light or dark; empty follows the device.
func (s *Site) theme(w http.ResponseWriter, r *http.Request) string {
	asked := r.URL.Query().Get("tema")
	if asked == "dark" || asked == "light" {
		http.SetCookie(w, &http.Cookie{Name: themeCookie, Value: asked, Path: "/", MaxAge: themeAge, HttpOnly: true, SameSite: http.SameSiteLaxMode})
		return asked
	}
	if c, err := r.Cookie(themeCookie); err == nil && (c.Value == "dark" || c.Value == "light") {
		return c.Value
	}
	return ""
}
