package v1

import (
	"context"
	"encoding/json"
	"time"

	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/projections/audittrail"
)

// Happening is one fact about a person.
type Happening struct {
	Position    uint64           `json:"position"`
	Kind        audittrail.Topic `json:"kind" enum:"progress,feedback,plan,appraisal,person"`
	Name        string           `json:"name"`
	Stream      string           `json:"stream"`
	Revision    uint64           `json:"revision"`
	Actor       *Person          `json:"actor,omitempty"`
	Capacity    domain.Capacity  `json:"capacity"`
	RecordedAt  time.Time        `json:"recorded_at"`
	EffectiveAt time.Time        `json:"effective_at"`
	Day         domain.Date      `json:"day"`
	Reason      *Words           `json:"reason,omitempty"`
	Body        json.RawMessage  `json:"body" doc:"The fact as stored: canonical JSON (RFC 8785)"`
}

func (k *desk) timeline() {
	read(k, operation{id: "list-timeline", path: "/v1/people/{person}/timeline", tag: "people",
		summary: "What happened to a person, the latest first", description: "Open to whoever may see the person's record."},
		func(ctx context.Context, in *struct {
			Listing
			PersonPath
			Kind []audittrail.Topic `query:"kind,explode" maxItems:"5" enum:"progress,feedback,plan,appraisal,person" doc:"Only these kinds"`
		}) (*Page[Happening], error) {
			fresh, err := k.await(ctx, in.MinPosition)
			if err != nil {
				return nil, err
			}
			if err := k.maySee(ctx, in.Person); err != nil {
				return nil, err
			}
			rows, err := audittrail.Timeline(ctx, k.Read, in.Person, in.Kind, in.page())
			if err != nil {
				return nil, err
			}
			views, err := k.happenings(ctx, rows.Items)
			if err != nil {
				return nil, err
			}
			query := in.sized()
			for _, kind := range in.Kind {
				query.Add("kind", string(kind))
			}
			page := pageOf(views, rows.Next, "/v1/people/"+string(in.Person)+"/timeline", query)
			page.Fresh = fresh
			return page, nil
		})
}

func (k *desk) happenings(ctx context.Context, entries []audittrail.Entry) ([]Happening, error) {
	var sealed []domain.Sealed
	var people []domain.PersonID
	for _, e := range entries {
		sealed, people = append(sealed, e.Reason), append(people, e.Actor)
	}
	l, err := k.legend(ctx, sealed, people)
	if err != nil {
		return nil, err
	}
	views := make([]Happening, len(entries))
	for i, e := range entries {
		views[i] = Happening{Position: e.Position, Kind: e.Topic(), Name: e.Name, Stream: e.Stream, Revision: e.Revision,
			Actor: l.person(e.Actor), Capacity: e.Capacity, RecordedAt: e.RecordedAt, EffectiveAt: e.EffectiveAt, Day: e.Day,
			Reason: l.words(e.Reason), Body: e.Body}
	}
	return views, nil
}
