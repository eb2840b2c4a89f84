// Package session knows who sits at the browser: it keeps a login in a cookie
// and a table, and puts the caller and the language of the answer into each
// request's context, for pages and for the JSON interface alike.
package session

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"github.com/alexedwards/scs/v2"

	"github.com/jejak-kinerja/jejak/api/caller"
	"github.com/jejak-kinerja/jejak/domain"
)

const (
	// Lifetime ends a login for good: one working day with overtime.
	Lifetime = 12 * time.Hour
	// IdleTimeout ends a login nobody used; a teacher reports between lessons.
	IdleTimeout = 4 * time.Hour
	// languageAge is how long a browser remembers the language: a year.
	languageAge = 365 * 24 * time.Hour
)

const (
	personKey      = "person"
	languageCookie = "jejak_lang"
)

// Lookup gives the caller that a person is today: unit and roles. It answers the
// zero Caller for a person who may not log in (any more).
type Lookup func(ctx context.Context, person domain.PersonID) (caller.Caller, error)

// Sessions keeps the logins.
type Sessions struct {
	scs    *scs.SessionManager
	lookup Lookup
	secure bool
	log    *slog.Logger
}

// New makes the keeper of logins. Behind TLS (secure) the cookie is bound to the
// host and never sent in clear.
func New(store scs.Store, lookup Lookup, secure bool, log *slog.Logger) *Sessions {
	m := scs.New()
	m.Store, m.Lifetime, m.IdleTimeout, m.HashTokenInStore = store, Lifetime, IdleTimeout, true
	m.Cookie.Name, m.Cookie.Path = "jejak_session", "/"
	if secure {
		m.Cookie.Name = "__Host-jejak_session"
	}
	m.Cookie.HttpOnly, m.Cookie.Secure, m.Cookie.SameSite, m.Cookie.Persist = true, secure, http.SameSiteLaxMode, true
	m.ErrorFunc = func(w http.ResponseWriter, r *http.Request, err error) {
		log.ErrorContext(r.Context(), "session store failed", slog.Any("error", err))
		w.Header().Set("Retry-After", "5")
		http.Error(w, "503", http.StatusServiceUnavailable)
	}
	return &Sessions{m, lookup, secure, log}
}

// Middleware loads the login and the language into the request's context. A
// request that carries an Authorization header is left to whoever reads tokens.
func (s *Sessions) Middleware(next http.Handler) http.Handler {
	known := s.scs.LoadAndSave(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx, err := s.whoAsks(r.Context())
		if err != nil {
			s.scs.ErrorFunc(w, r, err)
			return
		}
		next.ServeHTTP(w, r.WithContext(ctx))
	}))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r = r.WithContext(caller.WithLanguage(r.Context(), s.language(w, r)))
		if r.Header.Get("Authorization") != "" {
			next.ServeHTTP(w, r)
			return
		}
		known.ServeHTTP(w, r)
	})
}

func (s *Sessions) whoAsks(ctx context.Context) (context.Context, error) {
	person := domain.PersonID(s.scs.GetString(ctx, personKey))
	if person == "" {
		return ctx, nil
	}
	c, err := s.lookup(ctx, person)
	if err != nil {
		return ctx, fmt.Errorf("look up the person logged in: %w", err)
	}
	if !c.Known() {
		return ctx, nil
	}
	c.Source = domain.FromPage
	return caller.With(ctx, c), nil
}

// Login makes the request's session that of a person, under a new token.
func (s *Sessions) Login(ctx context.Context, person domain.PersonID) error {
	if err := s.scs.RenewToken(ctx); err != nil {
		return fmt.Errorf("renew the session: %w", err)
	}
	s.scs.Put(ctx, personKey, string(person))
	return nil
}

// Logout ends the request's session.
func (s *Sessions) Logout(ctx context.Context) error {
	if err := s.scs.Destroy(ctx); err != nil {
		return fmt.Errorf("end the session: %w", err)
	}
	return nil
}
