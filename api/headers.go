package api

import (
	"log/slog"
	"net/http"
	"runtime/debug"

	"golang.org/x/text/language"

	"github.com/jejak-kinerja/jejak/api/caller"
	"github.com/jejak-kinerja/jejak/api/problem"
	"github.com/jejak-kinerja/jejak/api/trace"
	"github.com/jejak-kinerja/jejak/domain"
)

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

var languages = language.NewMatcher([]language.Tag{language.Indonesian, language.English})

// spoken chooses the language: lang in the address, then Accept-Language, then
// what the session chose.
func spoken(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		l := caller.LanguageOf(r.Context())
		if accept := r.Header.Get("Accept-Language"); accept != "" {
			l = caller.Indonesian
			if tag, _ := language.MatchStrings(languages, accept); tag == language.English {
				l = caller.English
			}
		}
		if asked := caller.Language(r.URL.Query().Get("lang")); asked == caller.Indonesian || asked == caller.English {
			l = asked
		}
		w.Header().Set("Content-Language", string(l))
		next.ServeHTTP(w, r.WithContext(caller.WithLanguage(r.Context(), l)))
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
