package importing

import (
	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/bkn"
	"github.com/jejak-kinerja/jejak/domain/intake"
)

// Preview is a row as it was understood, or why it was not. It holds personal
// data of the operator's own file and goes to the operator's terminal only.
type Preview struct {
	Row       int           `json:"row"`
	Plan      string        `json:"plan,omitzero"`
	NIP       string        `json:"nip,omitzero"`
	Name      string        `json:"name,omitzero"`
	Post      string        `json:"post,omitzero"`
	Unit      domain.UnitID `json:"unit,omitzero"`
	Status    string        `json:"status,omitzero"`
	Acting    bool          `json:"acting,omitzero"`
	From      domain.Date   `json:"from,omitzero"`
	Until     domain.Date   `json:"until,omitzero"`
	Predicate bkn.Predicate `json:"predicate,omitzero"`
	Known     bool          `json:"known"`
	Rejected  []Reason      `json:"rejected,omitzero"`
}

// receipt counts what was found, before anything is stored.
func (b *batch) receipt(o Options) Receipt {
	h := b.table.heading
	r := Receipt{File: b.table.digest, Report: b.table.kind(), Agency: h.agency, Span: h.span, UpdatedOn: h.updatedOn, Rows: len(b.records),
		People: len(b.order)}
	for n, rec := range b.records {
		if n < o.Preview {
			r.Preview = append(r.Preview, b.preview(rec))
		}
		if !rec.accepted() {
			r.Rejected++
			for _, reason := range rec.reasons {
				if r.Reasons == nil {
					r.Reasons = map[string]int{}
				}
				r.Reasons[reason.Slug]++
			}
			continue
		}
		r.Accepted++
		r.ActingRows += count(rec.acting)
		r.Unrated += count(r.Report == intake.Predicates && rec.predicate == "")
		r.ByAgency += count(rec.byAgency)
	}
	for _, p := range b.order {
		posts := p.mainPosts()
		r.HeadCount += count(posts > 0)
		r.Transfers += count(posts > 1)
		r.Newcomers += count(!p.known)
	}
	return r
}

func count(yes bool) int {
	if yes {
		return 1
	}
	return 0
}

func (b *batch) preview(r *record) Preview {
	p := b.people[r.nip]
	return Preview{Row: r.row.Number, Plan: r.plan, NIP: r.nip, Name: r.name, Post: r.post, Unit: r.unit, Status: r.status, Acting: r.acting,
		From: r.from, Until: r.until, Predicate: r.predicate, Known: p != nil && p.known, Rejected: r.reasons}
}
