package web

import (
	"net/http"
	"net/url"

	"github.com/go-chi/chi/v5"

	"github.com/jejak-kinerja/jejak/api/caller"
	"github.com/jejak-kinerja/jejak/api/words"
	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/projections"
	"github.com/jejak-kinerja/jejak/projections/audittrail"
)

// trailRows is what one page of the trail holds: a table one still reads whole.
const trailRows = 25

// trailModel is a list of facts with the filters that chose them.
type trailModel struct {
	Trail  projections.Trail
	Oldest bool
	// Own says that nothing was asked for, so that one's own facts are shown.
	Own bool
	// Later says that this is not the first page.
	Later bool
	Tally audittrail.Tally
	Rows  projections.Rows[audittrail.Entry]
	trailChoices
}

func (s *Site) trailPages(r chi.Router) {
	get := func(path string, h handler) { r.Method(http.MethodGet, path, s.page(h)) }
	get("/jejak", s.trail)
	get("/jejak/aliran/{stream}", s.stream)
	get("/jejak/{position}", s.event)
	get("/jejak/{position}/json", s.eventJSON)
}

func (s *Site) trail(w http.ResponseWriter, r *http.Request) error {
	ctx, q := r.Context(), r.URL.Query()
	if to, err := s.tidyTrail(r); err != nil || to != "" {
		if err == nil {
			http.Redirect(w, r, to, http.StatusSeeOther)
		}
		return err
	}
	m := trailModel{Oldest: q.Get("urut") == older, Later: q.Get("cursor") != ""}
	var err error
	if m.Trail, err = projections.ParseTrail(q); err != nil {
		return err
	}
	who := caller.From(ctx)
	if len(m.Trail.Query()) == 0 && who.Known() && !seesAll(who) {
		m.Trail.Subject, m.Own = who.Person, true
	}
	if err := s.trailIsOpen(ctx, m.Trail); err != nil {
		return s.loginFirst(w, r, err)
	}
	if m.Tally, err = audittrail.Count(ctx, s.Read, m.Trail); err != nil {
		return err
	}
	order := audittrail.NewestFirst
	if m.Oldest {
		order = audittrail.OldestFirst
	}
	if m.Rows, err = audittrail.List(ctx, s.Read, m.Trail, order, projections.Page{Cursor: q.Get("cursor"), Limit: trailRows}); err != nil {
		return err
	}
	if err := s.hideUnseen(ctx, m.Rows.Items); err != nil {
		return err
	}
	if m.trailChoices, err = s.trailChoices(ctx, m.Trail); err != nil {
		return err
	}
	if err := s.revealEntries(ctx, m.Rows.Items, m.people...); err != nil {
		return err
	}
	if m.Trail.AsOf == "" && !m.Later && !m.Oldest {
		viewOf(ctx).follow = []string{audittrail.Name}
	}
	return s.show(w, r, http.StatusOK, t(ctx, words.TrailTitle), trailPage(m))
}

// tidyTrail gives the address without empty fields, with the person of a NIP
// instead of the NIP; empty when it is tidy already. NIPs are for those who may
// see everybody: for others, asking would tell who is on file.
func (s *Site) tidyTrail(r *http.Request) (string, error) {
	q, tidy := r.URL.Query(), url.Values{}
	for name, values := range q {
		for _, v := range values {
			if v != "" {
				tidy.Add(name, v)
			}
		}
	}
	if nip := tidy.Get("nip"); nip != "" {
		tidy.Del("nip")
		if !seesAll(caller.From(r.Context())) {
			return "", domain.Forbid("trail-not-open", "only those who may see everybody look for a NIP")
		}
		id, found, err := s.Office.Vault.FindByNIP(r.Context(), nip)
		if err != nil {
			return "", err
		}
		if !found {
			return "", domain.Missing("person-unknown", "no person has this NIP")
		}
		tidy.Set("subject", string(id))
	}
	if len(tidy) == len(q) {
		return "", nil
	}
	return (&url.URL{Path: r.URL.Path, RawQuery: tidy.Encode()}).String(), nil
}

// loginFirst sends those who are not signed in to the login, and the others away.
func (s *Site) loginFirst(w http.ResponseWriter, r *http.Request, refusal error) error {
	if domain.KindOf(refusal) != domain.Unauthenticated {
		return refusal
	}
	http.Redirect(w, r, loginHref(r.URL.RequestURI()), http.StatusSeeOther)
	return nil
}
