package api

import (
	"context"
	"net/http"
	"strings"

	"github.com/jejak-kinerja/jejak/api/caller"
	"github.com/jejak-kinerja/jejak/api/problem"
	"github.com/jejak-kinerja/jejak/api/token"
	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/projections"
	"github.com/jejak-kinerja/jejak/projections/directory"
)

// LookUp gives the caller that a person is on a day: unit and roles. It is the
// zero Caller for somebody who is not in service then, who may not log in.
func LookUp(ctx context.Context, read projections.Querier, on domain.Date, id domain.PersonID) (caller.Caller, error) {
	p, err := directory.FindStanding(ctx, read, on, id)
	if domain.KindOf(err) == domain.NotFound || err == nil && p.LastDay != "" && p.LastDay < on {
		return caller.Caller{}, nil
	}
	if err != nil {
		return caller.Caller{}, err
	}
	return caller.Caller{Person: id, Unit: p.Unit, Roles: p.Roles}, nil
}

// bearer lets a token speak for its person. Requests without one go on as they
// are: the session may know who asks.
func (d Deps) bearer(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		header := r.Header.Get("Authorization")
		if header == "" {
			next.ServeHTTP(w, r)
			return
		}
		c, err := d.tokenCaller(r.Context(), header)
		if err != nil {
			problem.Write(w, r, err)
			return
		}
		next.ServeHTTP(w, r.WithContext(caller.With(r.Context(), c)))
	})
}

var errToken = &domain.Error{Kind: domain.Unauthenticated, Slug: "token-refused", Detail: "the token is unknown, revoked or expired"}

func (d Deps) tokenCaller(ctx context.Context, header string) (caller.Caller, error) {
	secret, ok := strings.CutPrefix(header, "Bearer ")
	if !ok || d.Token == nil {
		return caller.Caller{}, errToken
	}
	t, err := d.Token(ctx, secret)
	if domain.KindOf(err) == domain.NotFound {
		return caller.Caller{}, errToken
	}
	if err != nil {
		return caller.Caller{}, err
	}
	c, err := d.LookUp(ctx, t.Person)
	if err == nil && !c.Known() {
		err = errToken
	}
	c.Source, c.Session, c.Scopes = domain.FromAPI, t.ID, t.Scopes
	return c, err
}

// known refuses nobody in particular, and a token without the scope that the
// method needs.
func known(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c, scope := caller.From(r.Context()), caller.Write
		if r.Method == http.MethodGet || r.Method == http.MethodHead {
			scope = caller.Read
		}
		switch {
		case !c.Known():
			problem.Write(w, r, &domain.Error{Kind: domain.Unauthenticated, Slug: "login-needed", Detail: "nobody is logged in"})
		case !c.May(scope):
			problem.Write(w, r, domain.Forbid("scope-needed", "the token lacks the scope %s", scope))
		default:
			next.ServeHTTP(w, r)
		}
	})
}

// TokenLookUp gives the token behind a secret; NotFound when it opens nothing.
type TokenLookUp func(ctx context.Context, secret string) (token.Token, error)
