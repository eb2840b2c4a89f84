package web

import (
	"context"
	"net/http"
	"strings"

	"github.com/jejak-kinerja/jejak/api/caller"
	"github.com/jejak-kinerja/jejak/api/words"
	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/projections"
	"github.com/jejak-kinerja/jejak/projections/inbox"
	"github.com/jejak-kinerja/jejak/projections/personpage"
)

// inboxModel is what waits for the caller, the reports apart since they can be
// answered together.
type inboxModel struct {
	Items   []inbox.Item
	Reports []personpage.Report
	Next    string
	Form    form
	// Done and Failed tell what a batch came to; Why is the first refusal.
	Done, Failed int
	Why          string
}

func (s *Site) inbox(w http.ResponseWriter, r *http.Request) error {
	m := inboxModel{Form: blank()}
	return s.showInbox(w, r, http.StatusOK, m)
}

func (s *Site) showInbox(w http.ResponseWriter, r *http.Request, status int, m inboxModel) error {
	ctx := r.Context()
	me := caller.From(ctx).Person
	var err error
	if m.Items, m.Reports, m.Next, err = s.waiting(ctx, me, projections.Page{Cursor: r.URL.Query().Get("cursor"), Limit: projections.MaxPageRows}); err != nil {
		return err
	}
	viewOf(ctx).follow = []string{"inbox_v1"}
	return s.show(w, r, status, t(ctx, words.InboxTitle), inboxPage(m))
}

// waiting gives what waits for a person, and the reports among it that the person
// can acknowledge.
func (s *Site) waiting(ctx context.Context, me domain.PersonID, page projections.Page) ([]inbox.Item, []personpage.Report, string, error) {
	rows, err := inbox.Items(ctx, s.Read, me, "", page)
	if err != nil {
		return nil, nil, "", err
	}
	var others []inbox.Item
	var ids []domain.ReportID
	g := gather()
	for _, i := range rows.Items {
		g.person(i.About)
		if i.Task == inbox.AcknowledgeReport || i.Task == inbox.ReadAnswer {
			ids = append(ids, domain.ReportID(idOf(i.Stream)))
		} else {
			others = append(others, i)
		}
	}
	reports, err := personpage.FindReports(ctx, s.Read, ids)
	if err != nil {
		return nil, nil, "", err
	}
	for _, report := range reports {
		g.person(report.Person).text(report.Text)
	}
	return others, reports, rows.Next, s.reveal(ctx, g)
}

// acknowledgeAll answers the chosen reports, each on its own: one that cannot be
// acknowledged does not hold up the others.
func (s *Site) acknowledgeAll(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	f, err := readForm(w, r)
	if err != nil {
		return err
	}
	var ids []domain.ReportID
	for _, id := range f.Values["report"] {
		ids = append(ids, domain.ReportID(id))
	}
	m := inboxModel{Form: blank()}
	if len(ids) == 0 {
		m.Failed, m.Why = 0, t(ctx, words.ReportBatchNone)
		return s.showInbox(w, r, http.StatusBadRequest, m)
	}
	answers, err := s.Office.AcknowledgeAll(ctx, f.ask(ctx), ids)
	if status, ok := f.refused(r, err); ok {
		m.Form = f
		return s.showInbox(w, r, status, m)
	}
	if err != nil {
		return err
	}
	var last uint64
	for _, a := range answers {
		if a.Err == nil {
			m.Done++
			last = max(last, a.Outcome.Position)
			continue
		}
		m.Failed++
		if e, ok := mendable(a.Err); ok && m.Why == "" {
			m.Why = words.Of(ctx).Refusal(e)
		}
	}
	s.settled(ctx, last)
	return s.showInbox(w, r, http.StatusOK, m)
}

// itemHref leads to what waits.
func itemHref(i inbox.Item) string {
	category, id, _ := strings.Cut(i.Stream, "-")
	return openHref(category, id)
}
