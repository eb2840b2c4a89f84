package v1

import (
	"context"
	"time"

	"github.com/jejak-kinerja/jejak/api/caller"
	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/feedback"
	"github.com/jejak-kinerja/jejak/domain/person"
	"github.com/jejak-kinerja/jejak/projections"
	"github.com/jejak-kinerja/jejak/projections/personpage"
)

// Feedback is one piece of feedback with its thread.
type Feedback struct {
	Feedback domain.FeedbackID `json:"feedback"`
	About    *Person           `json:"about"`
	By       *Person           `json:"by"`
	Unit     domain.UnitID     `json:"unit,omitempty" doc:"Unit of the person then"`
	Relation feedback.Relation `json:"relation" enum:"atasan,rekan,bawahan"`
	Tone     feedback.Tone     `json:"tone" enum:"apresiasi,saran,perhatian"`
	Report   domain.ReportID   `json:"report,omitempty"`
	Plan     domain.PlanID     `json:"plan,omitempty"`
	Result   domain.ResultID   `json:"result,omitempty"`
	Value    domain.Value      `json:"value,omitempty"`
	Text     *Words            `json:"text"`
	GivenAt  time.Time         `json:"given_at"`
	ReadAt   *time.Time        `json:"read_at,omitempty"`
	Disputed *Words            `json:"disputed,omitempty" doc:"Why the person finds it unfair"`
	Replies  []Reply           `json:"replies,omitempty"`
	Revision uint64            `json:"revision"`
	Position uint64            `json:"position"`
}

// Reply is one further word in a thread.
type Reply struct {
	By   *Person   `json:"by"`
	Text *Words    `json:"text"`
	At   time.Time `json:"at"`
}

func (k *desk) feedback() {
	k.feedbackWriting()
	read(k, operation{id: "get-feedback", path: "/v1/feedback/{feedback}", tag: "feedback",
		summary: "One piece of feedback with its thread", description: "Open to its giver and to whoever may see the person's record."},
		func(ctx context.Context, in *struct {
			Reading
			FeedbackPath
		}) (*One[Feedback], error) {
			fresh, err := k.await(ctx, in.MinPosition)
			if err != nil {
				return nil, err
			}
			row, err := personpage.FindFeedback(ctx, k.Read, in.Feedback)
			if err != nil {
				return nil, err
			}
			if err := k.isOpen(ctx, row.About, row.By); err != nil {
				return nil, err
			}
			views, err := k.feedbackViews(ctx, []personpage.Feedback{row})
			if err != nil {
				return nil, err
			}
			return &One[Feedback]{Fresh: fresh, ETag: revision(row.Revision), Body: views[0]}, nil
		})
	read(k, operation{id: "list-feedback", path: "/v1/people/{person}/feedback", tag: "feedback",
		summary: "Feedback that a person was given, the newest first", description: "With given=true, feedback that the person gave. Open to whoever may see the person's record."},
		func(ctx context.Context, in *struct {
			Listing
			PersonPath
			Given bool `query:"given" doc:"Feedback that the person gave"`
		}) (*Page[Feedback], error) {
			fresh, err := k.await(ctx, in.MinPosition)
			if err != nil {
				return nil, err
			}
			if err := k.maySee(ctx, in.Person); err != nil {
				return nil, err
			}
			list, query := personpage.FeedbackAbout, in.sized()
			if in.Given {
				// What somebody said to others is those others' record.
				if c := caller.From(ctx); c.Person != in.Person && !c.Has(person.Inspectorate) {
					return nil, domain.Forbid("person-not-visible", "feedback given is open to its giver")
				}
				list = personpage.FeedbackBy
				query.Set("given", "true")
			}
			rows, err := list(ctx, k.Read, in.Person, in.page())
			if err != nil {
				return nil, err
			}
			return feedbackPage(ctx, k, rows, fresh, "/v1/people/"+string(in.Person)+"/feedback", query)
		})
}

func feedbackPage(ctx context.Context, k *desk, rows projections.Rows[personpage.Feedback], fresh Fresh, path string, query map[string][]string) (*Page[Feedback], error) {
	views, err := k.feedbackViews(ctx, rows.Items)
	if err != nil {
		return nil, err
	}
	page := pageOf(views, rows.Next, path, query)
	page.Fresh = fresh
	return page, nil
}

func (k *desk) feedbackViews(ctx context.Context, rows []personpage.Feedback) ([]Feedback, error) {
	var sealed []domain.Sealed
	var people []domain.PersonID
	for _, f := range rows {
		sealed = append(sealed, f.Text, f.Disputed)
		people = append(people, f.About, f.By)
		for _, r := range f.Replies {
			sealed, people = append(sealed, r.Text), append(people, r.By)
		}
	}
	l, err := k.legend(ctx, sealed, people)
	if err != nil {
		return nil, err
	}
	views := make([]Feedback, len(rows))
	for i, f := range rows {
		views[i] = Feedback{
			Feedback: f.Feedback, About: l.person(f.About), By: l.person(f.By), Unit: f.Unit, Relation: f.Relation, Tone: f.Tone,
			Report: f.Report, Plan: f.Plan, Result: f.Result, Value: f.Value, Text: l.words(f.Text), GivenAt: f.GivenAt,
			ReadAt: f.ReadAt, Disputed: l.words(f.Disputed), Revision: f.Revision, Position: f.Position,
		}
		for _, r := range f.Replies {
			views[i].Replies = append(views[i].Replies, Reply{By: l.person(r.By), Text: l.words(r.Text), At: r.At})
		}
	}
	return views, nil
}
