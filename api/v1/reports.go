package v1

import (
	"context"
	"time"

	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/progress"
	"github.com/jejak-kinerja/jejak/projections/personpage"
)

// Report is one progress report in its latest version.
type Report struct {
	Report     domain.ReportID   `json:"report"`
	Person     *Person           `json:"person"`
	Superior   *Person           `json:"superior,omitempty" doc:"Who is to answer"`
	Unit       domain.UnitID     `json:"unit,omitempty"`
	Plan       domain.PlanID     `json:"plan,omitempty"`
	Result     domain.ResultID   `json:"result,omitempty"`
	On         domain.Date       `json:"on" doc:"Day of the work"`
	Quantity   domain.Decimal    `json:"quantity_hundredths,omitempty"`
	Measure    string            `json:"measure,omitempty"`
	Text       *Words            `json:"text"`
	LateReason *Words            `json:"late_reason,omitempty"`
	Evidence   []domain.Evidence `json:"evidence,omitempty"`
	Version    int               `json:"version" doc:"Grows with each correction, from 1"`
	Status     progress.Status   `json:"status" enum:"reported,questioned,answered,acknowledged,withdrawn"`
	AnsweredBy *Person           `json:"answered_by,omitempty" doc:"Who acknowledged or questioned it last"`
	Answer     *Words            `json:"superiors_word,omitempty" doc:"The note or the question"`
	AnsweredAt *time.Time        `json:"answered_at,omitempty"`
	Reply      *Words            `json:"authors_reply,omitempty"`
	Reason     *Words            `json:"reason,omitempty" doc:"Why it was corrected or withdrawn last"`
	ReportedAt time.Time         `json:"reported_at"`
	Revision   uint64            `json:"revision"`
	Position   uint64            `json:"position"`
}

// PersonPath names a person.
type PersonPath struct {
	Person domain.PersonID `path:"person" maxLength:"64" doc:"The person"`
}

func (k *desk) reports() {
	k.reportWriting()
	k.reportAnswers()
	read(k, operation{id: "get-report", path: "/v1/reports/{report}", tag: "reports",
		summary: "One report", description: "Open to whoever may see the author's record, and to the superior it went to."},
		func(ctx context.Context, in *struct {
			Reading
			ReportPath
		}) (*One[Report], error) {
			fresh, err := k.await(ctx, in.MinPosition)
			if err != nil {
				return nil, err
			}
			row, err := personpage.FindReport(ctx, k.Read, in.Report)
			if err != nil {
				return nil, err
			}
			if err := k.isOpen(ctx, row.Person, row.Superior); err != nil {
				return nil, err
			}
			views, err := k.reportViews(ctx, []personpage.Report{row})
			if err != nil {
				return nil, err
			}
			return &One[Report]{Fresh: fresh, ETag: revision(row.Revision), Body: views[0]}, nil
		})
	read(k, operation{id: "list-reports", path: "/v1/people/{person}/reports", tag: "reports",
		summary: "A person's reports, the newest first", description: "Open to whoever may see the person's record."},
		func(ctx context.Context, in *struct {
			Listing
			PersonPath
		}) (*Page[Report], error) {
			fresh, err := k.await(ctx, in.MinPosition)
			if err != nil {
				return nil, err
			}
			if err := k.maySee(ctx, in.Person); err != nil {
				return nil, err
			}
			rows, err := personpage.Reports(ctx, k.Read, in.Person, in.page())
			if err != nil {
				return nil, err
			}
			views, err := k.reportViews(ctx, rows.Items)
			if err != nil {
				return nil, err
			}
			page := pageOf(views, rows.Next, "/v1/people/"+string(in.Person)+"/reports", in.sized())
			page.Fresh = fresh
			return page, nil
		})
}

func (k *desk) reportViews(ctx context.Context, rows []personpage.Report) ([]Report, error) {
	var sealed []domain.Sealed
	var people []domain.PersonID
	for _, r := range rows {
		sealed = append(sealed, r.Text, r.LateReason, r.Answer, r.Reply, r.Reason)
		people = append(people, r.Person, r.Superior, r.AnsweredBy)
	}
	l, err := k.legend(ctx, sealed, people)
	if err != nil {
		return nil, err
	}
	views := make([]Report, len(rows))
	for i, r := range rows {
		views[i] = Report{
			Report: r.Report, Person: l.person(r.Person), Superior: l.person(r.Superior), Unit: r.Unit, Plan: r.Plan, Result: r.Result,
			On: r.On, Quantity: r.Quantity, Measure: r.Measure, Text: l.words(r.Text), LateReason: l.words(r.LateReason),
			Evidence: r.Evidence, Version: r.Version, Status: r.Status, AnsweredBy: l.person(r.AnsweredBy),
			Answer: l.words(r.Answer), AnsweredAt: r.AnsweredAt, Reply: l.words(r.Reply), Reason: l.words(r.Reason),
			ReportedAt: r.ReportedAt, Revision: r.Revision, Position: r.Position,
		}
	}
	return views, nil
}
