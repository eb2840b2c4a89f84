package session_test

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"testing"

	"github.com/alexedwards/scs/v2/memstore"

	"github.com/jejak-kinerja/jejak/api/caller"
	"github.com/jejak-kinerja/jejak/api/session"
	"github.com/jejak-kinerja/jejak/domain"
)

func desk(t *testing.T, secure bool) (*httptest.Server, *http.Client) {
	t.Helper()
	lookup := func(_ context.Context, p domain.PersonID) (caller.Caller, error) {
		if p == "gone" {
			return caller.Caller{}, nil
		}
		return caller.Caller{Person: p, Unit: "dinas"}, nil
	}
	sessions := session.New(memstore.NewWithCleanupInterval(0), lookup, secure, slog.New(slog.DiscardHandler))
	mux := http.NewServeMux()
	mux.HandleFunc("/login", func(w http.ResponseWriter, r *http.Request) {
		if err := sessions.Login(r.Context(), domain.PersonID(r.FormValue("as"))); err != nil {
			t.Error(err)
		}
	})
	mux.HandleFunc("/logout", func(w http.ResponseWriter, r *http.Request) {
		if err := sessions.Logout(r.Context()); err != nil {
			t.Error(err)
		}
	})
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Who", string(caller.From(r.Context()).Person))
		w.Header().Set("Language", string(caller.LanguageOf(r.Context())))
	})
	server := httptest.NewServer(sessions.Middleware(mux))
	t.Cleanup(server.Close)
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return server, &http.Client{Jar: jar}
}

func get(t *testing.T, c *http.Client, url string) *http.Response {
	t.Helper()
	res, err := c.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	if err := res.Body.Close(); err != nil {
		t.Fatal(err)
	}
	return res
}

func TestALoginLastsUntilTheLogout(t *testing.T) {
	server, browser := desk(t, false)
	get(t, browser, server.URL+"/login?as=ani")
	if who := get(t, browser, server.URL).Header.Get("Who"); who != "ani" {
		t.Errorf("after login who = %q", who)
	}
	get(t, browser, server.URL+"/logout")
	if who := get(t, browser, server.URL).Header.Get("Who"); who != "" {
		t.Errorf("after logout who = %q", who)
	}
}

func TestAPersonWhoMayNotLogInIsNobody(t *testing.T) {
	server, browser := desk(t, false)
	get(t, browser, server.URL+"/login?as=gone")
	if who := get(t, browser, server.URL).Header.Get("Who"); who != "" {
		t.Errorf("who = %q", who)
	}
}

func TestLoginChangesTheToken(t *testing.T) {
	server, browser := desk(t, false)
	first := get(t, browser, server.URL+"/login?as=ani").Cookies()
	second := get(t, browser, server.URL+"/login?as=budi").Cookies()
	if len(first) == 0 || len(second) == 0 || first[0].Value == second[0].Value {
		t.Errorf("tokens %v and %v", first, second)
	}
}

func TestTheCookieIsClosedToScriptsAndOtherSites(t *testing.T) {
	for _, secure := range []bool{false, true} {
		server, browser := desk(t, secure)
		c := get(t, browser, server.URL+"/login?as=ani").Cookies()[0]
		if !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Secure != secure || (c.Name[:7] == "__Host-") != secure {
			t.Errorf("secure=%v: %v", secure, c)
		}
	}
}

func TestTheLanguageChosenOnceIsKept(t *testing.T) {
	server, browser := desk(t, false)
	for _, step := range []struct{ path, want string }{{"/", "id"}, {"/?lang=en", "en"}, {"/", "en"}, {"/?lang=fr", "en"}, {"/?lang=id", "id"}, {"/", "id"}} {
		if got := get(t, browser, server.URL+step.path).Header.Get("Language"); got != step.want {
			t.Errorf("%s in %s, want %s", step.path, got, step.want)
		}
	}
}

func TestAProgramIsAnsweredInTheLanguageItAsksFor(t *testing.T) {
	server, _ := desk(t, false)
	for accept, want := range map[string]string{"en-GB,en;q=0.9": "en", "id": "id", "": "id", "fr": "id"} {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL, nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Accept", "application/json")
		req.Header.Set("Accept-Language", accept)
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		_ = res.Body.Close()
		if got := res.Header.Get("Language"); got != want {
			t.Errorf("Accept-Language %q in %s, want %s", accept, got, want)
		}
	}
}
