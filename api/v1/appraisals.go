package v1

import (
	"context"
	"time"

	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/appraisal"
	"github.com/jejak-kinerja/jejak/projections/personpage"
)

// Appraisal is one appraisal as it stands. Realisations are missing in lists.
type Appraisal struct {
	Appraisal       domain.AppraisalID  `json:"appraisal"`
	Person          *Person             `json:"person"`
	Appraiser       *Person             `json:"appraiser"`
	Unit            domain.UnitID       `json:"unit"`
	Plan            domain.PlanID       `json:"plan,omitempty"`
	Kind            appraisal.Kind      `json:"kind" enum:"periodik,tahunan"`
	From            domain.Date         `json:"from"`
	Until           domain.Date         `json:"until"`
	ResultRating    appraisal.Rating    `json:"result_rating,omitempty"`
	ResultNote      *Words              `json:"result_note,omitempty"`
	BehaviourRating appraisal.Rating    `json:"behaviour_rating,omitempty"`
	BehaviourNote   *Words              `json:"behaviour_note,omitempty"`
	Values          []ValueRating       `json:"values,omitempty"`
	Predicate       appraisal.Predicate `json:"predicate,omitempty"`
	Realisations    []Realisation       `json:"realisations,omitempty"`
	Changes         []ScoreChange       `json:"score_changes,omitempty"`
	OpenedAt        time.Time           `json:"opened_at"`
	DeliveredAt     *time.Time          `json:"delivered_at,omitempty"`
	ReceivedAt      *time.Time          `json:"received_at,omitempty"`
	Revision        uint64              `json:"revision"`
	Position        uint64              `json:"position"`
}

// Realisation is what was reached on one result, and on what evidence.
type Realisation struct {
	Result     domain.ResultID   `json:"result"`
	Quantity   domain.Decimal    `json:"quantity_hundredths,omitempty"`
	Measure    string            `json:"measure,omitempty"`
	Reports    []domain.ReportID `json:"reports,omitempty"`
	NoEvidence *Words            `json:"no_evidence,omitempty"`
}

// ScoreChange is one replaced rating.
type ScoreChange struct {
	Dimension appraisal.Dimension `json:"dimension"`
	Old       appraisal.Rating    `json:"old"`
	New       appraisal.Rating    `json:"new"`
	Reason    *Words              `json:"reason"`
	Authority appraisal.Authority `json:"authority"`
	Reference string              `json:"reference,omitempty"`
	By        *Person             `json:"by"`
	Capacity  domain.Capacity     `json:"capacity"`
	At        time.Time           `json:"at"`
	Position  uint64              `json:"position"`
}

func (k *desk) appraisals() {
	k.appraisalWriting()
	read(k, operation{id: "get-appraisal", path: "/v1/appraisals/{appraisal}", tag: "appraisals",
		summary: "One appraisal", description: "Open to the appraiser and to whoever may see the person's record."},
		func(ctx context.Context, in *struct {
			Reading
			AppraisalPath
		}) (*One[Appraisal], error) {
			fresh, err := k.await(ctx, in.MinPosition)
			if err != nil {
				return nil, err
			}
			row, err := personpage.FindAppraisal(ctx, k.Read, in.Appraisal)
			if err != nil {
				return nil, err
			}
			if err := k.isOpen(ctx, row.Person, row.Appraiser); err != nil {
				return nil, err
			}
			views, err := k.appraisalViews(ctx, []personpage.Appraisal{row})
			if err != nil {
				return nil, err
			}
			return &One[Appraisal]{Fresh: fresh, ETag: revision(row.Revision), Body: views[0]}, nil
		})
	read(k, operation{id: "list-appraisals", path: "/v1/people/{person}/appraisals", tag: "appraisals",
		summary: "A person's appraisals, the latest period first", description: "Open to whoever may see the person's record."},
		func(ctx context.Context, in *struct {
			Reading
			PersonPath
		}) (*Page[Appraisal], error) {
			fresh, err := k.await(ctx, in.MinPosition)
			if err != nil {
				return nil, err
			}
			if err := k.maySee(ctx, in.Person); err != nil {
				return nil, err
			}
			rows, err := personpage.Appraisals(ctx, k.Read, in.Person)
			if err != nil {
				return nil, err
			}
			views, err := k.appraisalViews(ctx, rows)
			return all(views, fresh), err
		})
}
