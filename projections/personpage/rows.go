package personpage

import (
	"cmp"
	"time"

	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/plan"
	"github.com/jejak-kinerja/jejak/projections"
)

// Plan is one plan as it reads now.
type Plan struct {
	Plan      domain.PlanID
	Person    domain.PersonID
	Appraiser domain.PersonID
	Unit      domain.UnitID
	Post      string
	Leader    bool
	Acting    domain.Capacity
	From      domain.Date
	Until     domain.Date
	Status    plan.Status
	// Content is the digest offered for signature; empty while it is a draft.
	Content string
	// EmployeeSignedAt and AppraiserSignedAt are nil until they signed this content.
	EmployeeSignedAt  *time.Time
	AppraiserSignedAt *time.Time
	// Version last established; 0 before the first.
	Version int
	// Reason is why it was returned or reopened, sealed.
	Reason domain.Sealed
	// LastDay and Cause are set when it was closed.
	LastDay      domain.Date
	Cause        plan.CloseCause
	Results      []Result
	Expectations []Expectation
	// Revision of the stream, for If-Match; Position of its last fact.
	Revision uint64
	Position uint64
}

// Trail lists the facts of the plan's own stream.
func (p Plan) Trail() projections.Trail { return projections.Trail{Stream: "plan-" + string(p.Plan)} }

// Result is one result of a plan and how it is measured.
type Result struct {
	Plan       domain.PlanID
	Result     domain.ResultID
	Kind       plan.ResultKind
	Wording    string
	Serves     plan.Serves
	Indicators []Indicator
	Position   uint64
}

// Indicator is one measure of a result.
type Indicator struct {
	Plan    domain.PlanID
	Result  domain.ResultID
	Key     string
	Wording string
	Aspect  plan.Aspect
	// Target in hundredths of Measure.
	Target   domain.Decimal
	Measure  string
	Position uint64
}

// Expectation is the leader's on one value.
type Expectation struct {
	Value       domain.Value
	Expectation string
	Position    uint64
}

// Version is one content of a plan that both signed.
type Version struct {
	Plan          domain.PlanID
	Version       int
	Content       string
	EstablishedAt time.Time
	Position      uint64
}

// Progress is what was reported on one result, one row for each measure used.
type Progress struct {
	Plan    domain.PlanID
	Result  domain.ResultID
	Measure string
	// Quantity in hundredths, the sum over reports that were not withdrawn.
	Quantity domain.Decimal
	Reports  int64
	// LastOn is the latest day reported on.
	LastOn   domain.Date
	Position uint64
}

// Trail lists the reports counted; "-" stands for no measure.
func (p Progress) Trail() projections.Trail {
	return projections.Trail{Names: []string{"progress.reported.v1"}, Plan: p.Plan, Result: p.Result, Slot: "report", Value: cmp.Or(p.Measure, "-")}
}
