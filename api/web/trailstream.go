package web

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/go-chi/chi/v5"

	"github.com/jejak-kinerja/jejak/api/caller"
	"github.com/jejak-kinerja/jejak/api/words"
	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/projections"
	"github.com/jejak-kinerja/jejak/projections/audittrail"
)

// streamModel is everything that happened to one thing.
type streamModel struct {
	Stream   string
	Category string
	Subject  domain.PersonID
	Tally    audittrail.Tally
	Rows     projections.Rows[audittrail.Entry]
}

func (s *Site) stream(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	m := streamModel{Stream: chi.URLParam(r, "stream")}
	m.Category, _, _ = strings.Cut(m.Stream, "-")
	if err := s.streamIsOpen(ctx, m.Stream); err != nil {
		return s.loginFirst(w, r, err)
	}
	var err error
	if m.Rows, err = audittrail.Stream(ctx, s.Read, m.Stream, projections.Page{Cursor: r.URL.Query().Get("cursor"), Limit: trailRows}); err != nil {
		return err
	}
	if m.Tally, err = audittrail.Count(ctx, s.Read, projections.Trail{Stream: m.Stream}); err != nil {
		return err
	}
	for _, e := range m.Rows.Items {
		m.Subject = e.Subject
	}
	if err := s.revealEntries(ctx, m.Rows.Items); err != nil {
		return err
	}
	if caller.From(ctx).Known() { // the public's live pages follow read models only
		viewOf(ctx).follow = []string{m.Stream}
	}
	return s.show(w, r, http.StatusOK, t(ctx, words.TrailStreamTitle, "stream", shortStream(m.Stream)), streamPage(m))
}

// shownStream is how much of a stream's identifier a list shows: enough to tell
// two apart at a glance; the whole name is in the title and on the stream's page.
const shownStream = 8

func shortStream(stream string) string {
	category, id, _ := strings.Cut(stream, "-")
	if len(id) <= shownStream+4 {
		return stream
	}
	return category + "-" + id[:shownStream] + "…"
}

// ownPage says whether what a stream is about has a page of its own.
func ownPage(category string) bool {
	return !slices.Contains([]string{"policy", "bkn", "import"}, category)
}

// placeOf writes where a fact lies: its stream and its revision in it.
func placeOf(e audittrail.Entry) string {
	return shortStream(e.Stream) + "@" + strconv.FormatUint(e.Revision, 10)
}

// numberOf writes a fact's place in the whole log.
func numberOf(e audittrail.Entry) string { return "#" + strconv.FormatUint(e.Position, 10) }
