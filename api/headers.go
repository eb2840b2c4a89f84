package api

import (
	"log/slog"
	"net/http"
	"net/url"
	"runtime/debug"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/language"

	"github.com/jejak-kinerja/jejak/api/caller"
	"github.com/jejak-kinerja/jejak/api/problem"
	"github.com/jejak-kinerja/jejak/api/trace"
	"github.com/jejak-kinerja/jejak/domain"
)

// readable refuses an address that is no plain text once decoded: invalid UTF-8
// and control characters, which no identifier holds and PostgreSQL refuses.
func readable(next http.Handler) http.Handler {
	refuse := problem.Handler(domain.Bad("", "address-malformed", "the address is no plain text"), http.StatusBadRequest)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		query, err := url.ParseQuery(r.URL.RawQuery)
		ok := err == nil && plain(r.URL.Path)
		for name, values := range query {
			ok = ok && plain(name) && !slices.ContainsFunc(values, func(v string) bool { return !plain(v) })
		}
		if !ok {
			refuse(w, r)
			return
		}
		next.ServeHTTP(w, r)
	})
}

func plain(s string) bool {
	return utf8.ValidString(s) && !strings.ContainsFunc(s, unicode.IsControl)
}

// policy lets our plain pages load our own style sheet, and nothing else.
const policy = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// guarded sets what every answer for programs carries.
func guarded(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Cache-Control", "no-store")
		h.Add("Vary", "Accept-Language, Cookie, Authorization")
		next.ServeHTTP(w, r)
	})
}

// offered are the languages in the order in which languages knows them.
var (
	offered   = []caller.Language{caller.Indonesian, caller.English}
	languages = language.NewMatcher([]language.Tag{language.Indonesian, language.English})
)

// spoken chooses the language: lang in the address, then Accept-Language, then
// what the session chose.
func spoken(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		l := caller.LanguageOf(r.Context())
		if accept := r.Header.Get("Accept-Language"); accept != "" {
			_, chosen := language.MatchStrings(languages, accept)
			l = offered[chosen]
		}
		query := r.URL.Query()
		if asked := caller.Language(query.Get("lang")); asked == caller.Indonesian || asked == caller.English {
			l = asked
		}
		w.Header().Set("Content-Language", string(l))
		r = r.Clone(caller.WithLanguage(r.Context(), l))
		if query.Has("lang") { // it is answered here; operations refuse what they do not know
			query.Del("lang")
			r.URL.RawQuery = query.Encode()
		}
		next.ServeHTTP(w, r)
	})
}

// caught answers a panic with 500 and logs where it came from.
func (d Deps) caught(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			fault := recover()
			if fault == nil {
				return
			}
			if fault == http.ErrAbortHandler { //nolint:errorlint // net/http compares it so too
				panic(fault)
			}
			d.Log.ErrorContext(r.Context(), "a handler panicked", slog.Any("fault", fault), slog.String("trace", trace.ID(r.Context())),
				slog.String("stack", string(debug.Stack())))
			problem.Write(w, r, &domain.Error{Slug: "internal", Detail: "something failed here"})
		}()
		next.ServeHTTP(w, r)
	})
}
