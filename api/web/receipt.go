package web

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/go-chi/chi/v5"

	"github.com/jejak-kinerja/jejak/api/caller"
	"github.com/jejak-kinerja/jejak/api/words"
	"github.com/jejak-kinerja/jejak/commands"
	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/progress"
)

// receiptModel proves that something was recorded.
type receiptModel struct {
	Fact     domain.Recorded
	Category string
	// Repeated says that the same was sent before; Nothing that it was already so.
	Repeated, Nothing bool
	// Behind says that the lists have not caught up yet.
	Behind bool
	// Alone says that a report has no superior to go to.
	Alone bool
	Open  string
}

// receipt shows a fact that somebody has just recorded: from the read models, or from
// the log when they have not got it yet, so that it is true at once.
func (s *Site) receipt(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	stream := chi.URLParam(r, "stream")
	category, id, _ := strings.Cut(stream, "-")
	position, _ := strconv.ParseUint(r.URL.Query().Get("nomor"), 10, 64)
	m := receiptModel{Category: category, Repeated: r.URL.Query().Get("ulang") != "", Behind: r.URL.Query().Get("menyusul") != "", Open: openHref(category, id)}
	for _, streams := range []commands.Streams{s.Lookup.Streams, s.LogStreams} {
		facts, err := streams.Load(ctx, stream)
		if err != nil {
			return err
		}
		if m.find(facts, position) {
			break
		}
	}
	if m.Fact.Stream == "" || m.Fact.Meta.Actor != caller.From(ctx).Person {
		return domain.Missing("event-unknown", "no such fact of the caller's")
	}
	m.Nothing = r.URL.Query().Get("nomor") == "0"
	if reported, ok := m.Fact.Body.(progress.Reported); ok {
		m.Alone = reported.Superior == ""
	}
	return s.show(w, r, http.StatusOK, t(ctx, words.ReceiptTitle), receiptPage(m))
}

// find takes the fact at a position, the newest for 0; false when there is none.
func (m *receiptModel) find(facts []domain.Recorded, position uint64) bool {
	for _, fact := range facts {
		if fact.Position == position || position == 0 {
			m.Fact = fact
		}
	}
	return m.Fact.Stream != ""
}

// openHref leads to the thing that a stream is about.
func openHref(category, id string) string {
	switch category {
	case "progress":
		return reportHref(domain.ReportID(id))
	case "feedback":
		return feedbackHref(domain.FeedbackID(id))
	case "plan":
		return planHref(domain.PlanID(id))
	case "appraisal":
		return appraisalHref(domain.AppraisalID(id))
	case "person":
		return personHref(domain.PersonID(id))
	case "unit":
		return unitHref(domain.UnitID(id))
	case "indicator":
		return "/kota#i-" + id
	}
	return streamHref(category + "-" + id)
}

// who and next are said about the kind of thing recorded.
func (m receiptModel) who() words.Key {
	return map[string]words.Key{"progress": words.ReceiptWhoReport, "feedback": words.ReceiptWhoFeedback, "plan": words.ReceiptWhoPlan,
		"appraisal": words.ReceiptWhoAppraisal, "person": words.ReceiptWhoPerson}[m.Category]
}

func (m receiptModel) next() words.Key {
	if m.Alone {
		return words.ReceiptNextReportAlone
	}
	return map[string]words.Key{"progress": words.ReceiptNextReport, "feedback": words.ReceiptNextFeedback, "plan": words.ReceiptNextPlan,
		"appraisal": words.ReceiptNextAppraisal, "person": words.ReceiptNextPerson}[m.Category]
}
