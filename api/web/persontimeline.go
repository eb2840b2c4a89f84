package web

import (
	"net/http"
	"slices"

	"github.com/go-chi/chi/v5"

	"github.com/jejak-kinerja/jejak/api/words"
	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/projections"
	"github.com/jejak-kinerja/jejak/projections/audittrail"
	"github.com/jejak-kinerja/jejak/projections/directory"
)

// timelineModel is every fact about a person, the latest first.
type timelineModel struct {
	Person domain.PersonID
	Kind   audittrail.Topic
	Rows   projections.Rows[audittrail.Entry]
	// Later says that this is not the first page.
	Later bool
}

func (s *Site) timeline(w http.ResponseWriter, r *http.Request) error {
	ctx, q := r.Context(), r.URL.Query()
	m := timelineModel{Person: domain.PersonID(chi.URLParam(r, "person")), Kind: audittrail.Topic(q.Get("tentang")), Later: q.Get("cursor") != ""}
	if err := s.maySee(ctx, m.Person); err != nil {
		return err
	}
	if _, err := directory.FindPerson(ctx, s.Read, s.today(), m.Person); err != nil {
		return err
	}
	var kinds []audittrail.Topic
	if m.Kind != "" {
		if !slices.Contains(audittrail.Topics, m.Kind) {
			return domain.Bad("tentang", "kind-unknown", "%s is no kind of entry", m.Kind)
		}
		kinds = []audittrail.Topic{m.Kind}
	}
	var err error
	if m.Rows, err = audittrail.Timeline(ctx, s.Read, m.Person, kinds, projections.Page{Cursor: q.Get("cursor"), Limit: trailRows}); err != nil {
		return err
	}
	g := gather().person(m.Person)
	for _, e := range m.Rows.Items {
		g.person(e.Actor).text(e.Reason)
	}
	if err := s.reveal(ctx, g); err != nil {
		return err
	}
	if !m.Later {
		viewOf(ctx).follow = []string{audittrail.Name}
	}
	return s.show(w, r, http.StatusOK, t(ctx, words.PersonTimeline), timelinePage(m))
}

// trail is the audit trail of what the timeline shows.
func (m timelineModel) trail() projections.Trail {
	return projections.Trail{Subject: m.Person, Category: string(m.Kind)}
}
