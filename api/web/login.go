package web

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/jejak-kinerja/jejak/api/words"
	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/person"
	"github.com/jejak-kinerja/jejak/projections/directory"
)

// loginHref leads to the login and back again.
func loginHref(back string) string { return "/masuk?ke=" + url.QueryEscape(back) }

func (s *Site) loginPage(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	if !s.DemoLogin {
		return s.show(w, r, http.StatusOK, t(ctx, words.LoginOff), loginOff())
	}
	personas, err := directory.Personas(ctx, s.Read, s.today())
	if err != nil {
		return err
	}
	slices.SortStableFunc(personas, func(a, b directory.Persona) int {
		return slices.Index(personaOrder, a.As) - slices.Index(personaOrder, b.As)
	})
	g := gather()
	for _, p := range personas {
		g.person(p.Person.Person)
	}
	if err := s.reveal(ctx, g); err != nil {
		return err
	}
	return s.show(w, r, http.StatusOK, t(ctx, words.LoginTitle), loginDemo(personas, r.URL.Query().Get("ke")))
}

// login lets anybody be one of the invented people, and nobody else.
func (s *Site) login(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	if !s.DemoLogin {
		return domain.Forbid("demo-login-off", "demo login is not enabled")
	}
	id := domain.PersonID(r.PostFormValue("orang"))
	p, err := s.Lookup.PersonState(ctx, id)
	if err != nil {
		return err
	}
	if !p.Invented || !p.ServingOn(s.today()) {
		return domain.Forbid("demo-login-real-person", "only invented people in service can be tried out")
	}
	if err := s.Sessions.Login(ctx, id); err != nil {
		return err
	}
	http.Redirect(w, r, localPath(r.PostFormValue("ke")), http.StatusSeeOther)
	return nil
}

func (s *Site) logout(w http.ResponseWriter, r *http.Request) error {
	if err := s.Sessions.Logout(r.Context()); err != nil {
		return err
	}
	http.Redirect(w, r, "/", http.StatusSeeOther)
	return nil
}

// personaOrder is that of the way of a plan, then of those who look on.
var personaOrder = []string{directory.AsEmployee, directory.AsSuperior, directory.AsHead, string(person.PersonnelAgency),
	string(person.Inspectorate), string(person.PerformanceOffice), string(person.CityLeadership), string(person.SystemAdministrator)}

// localPath lets nobody be sent to another site by a link to our login.
func localPath(back string) string {
	u, err := url.Parse(back)
	if err != nil || u.IsAbs() || u.Host != "" || !strings.HasPrefix(u.Path, "/") || strings.HasPrefix(back, "//") || strings.Contains(back, "\\") {
		return "/"
	}
	return u.RequestURI()
}

// personaName names a role, or one of the places that are no role.
func personaName(ctx context.Context, as string) string {
	if slices.Contains([]string{directory.AsEmployee, directory.AsSuperior, directory.AsHead}, as) {
		return words.Of(ctx).Label("persona", as)
	}
	return words.Of(ctx).Label("role", as)
}
