package session

import (
	"net/http"

	"golang.org/x/text/language"

	"github.com/jejak-kinerja/jejak/api/caller"
)

// english is English's place among what is offered; the first is for everybody
// who asks for neither.
const english = 1

var offered = language.NewMatcher([]language.Tag{language.Indonesian, english: language.English})

// language chooses what the request asks for (?lang=en), else what this browser
// chose before. Programs, which send no cookie, are answered by Accept-Language;
// people get Indonesian until they choose, for a browser set to English is the
// rule in Indonesian offices and says nothing about its user.
func (s *Sessions) language(w http.ResponseWriter, r *http.Request) caller.Language {
	asked := caller.Language(r.URL.Query().Get("lang"))
	if asked == caller.Indonesian || asked == caller.English {
		http.SetCookie(w, &http.Cookie{Name: languageCookie, Value: string(asked), Path: "/", MaxAge: int(languageAge.Seconds()),
			HttpOnly: true, Secure: s.secure, SameSite: http.SameSiteLaxMode})
		return asked
	}
	if c, err := r.Cookie(languageCookie); err == nil && caller.Language(c.Value) == caller.English {
		return caller.English
	}
	if r.Header.Get("Accept") == "application/json" {
		if _, index := language.MatchStrings(offered, r.Header.Get("Accept-Language")); index == english {
			return caller.English
		}
	}
	return caller.Indonesian
}
