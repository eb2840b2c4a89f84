package personpage

import (
	"time"

	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/appraisal"
	"github.com/jejak-kinerja/jejak/projections"
)

// Appraisal is one appraisal as it stands.
type Appraisal struct {
	Appraisal domain.AppraisalID
	Person    domain.PersonID
	Appraiser domain.PersonID
	Unit      domain.UnitID
	Plan      domain.PlanID
	Kind      appraisal.Kind
	From      domain.Date
	Until     domain.Date
	// ResultRating, BehaviourRating and Predicate are empty until they were set.
	ResultRating    appraisal.Rating
	ResultNote      domain.Sealed
	BehaviourRating appraisal.Rating
	BehaviourNote   domain.Sealed
	Values          []appraisal.ValueRating
	Predicate       appraisal.Predicate
	Realisations    []Realisation
	Changes         []ScoreChange
	OpenedAt        time.Time
	DeliveredAt     *time.Time
	ReceivedAt      *time.Time
	Revision        uint64
	Position        uint64
}

// Trail lists the facts of the appraisal's own stream.
func (a Appraisal) Trail() projections.Trail {
	return projections.Trail{Stream: "appraisal-" + string(a.Appraisal)}
}

// Realisation is what was reached on one result, and on what evidence.
type Realisation struct {
	Appraisal  domain.AppraisalID
	Result     domain.ResultID
	Quantity   domain.Decimal
	Measure    string
	Reports    []domain.ReportID
	NoEvidence domain.Sealed
	Position   uint64
}

// ScoreChange is one replaced rating.
type ScoreChange struct {
	Appraisal domain.AppraisalID
	Dimension appraisal.Dimension
	Old       appraisal.Rating
	New       appraisal.Rating
	Reason    domain.Sealed
	Authority appraisal.Authority
	Reference string
	By        domain.PersonID
	Capacity  domain.Capacity
	At        time.Time
	Position  uint64
}
