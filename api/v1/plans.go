package v1

import (
	"context"
	"time"

	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/plan"
	"github.com/jejak-kinerja/jejak/projections/personpage"
)

// Plan is one plan as it reads now. Results and what follows are missing in lists.
type Plan struct {
	Plan              domain.PlanID   `json:"plan"`
	Person            *Person         `json:"person"`
	Appraiser         *Person         `json:"appraiser,omitempty"`
	Unit              domain.UnitID   `json:"unit"`
	Post              string          `json:"post"`
	Leader            bool            `json:"leader,omitempty" doc:"Carries perspectives instead of aspects"`
	Acting            domain.Capacity `json:"acting,omitempty"`
	From              domain.Date     `json:"from"`
	Until             domain.Date     `json:"until"`
	Status            plan.Status     `json:"status"`
	Content           string          `json:"content,omitempty" doc:"Digest offered for signature"`
	EmployeeSignedAt  *time.Time      `json:"employee_signed_at,omitempty"`
	AppraiserSignedAt *time.Time      `json:"appraiser_signed_at,omitempty"`
	Version           int             `json:"version" doc:"Last established; 0 before the first"`
	Reason            *Words          `json:"reason,omitempty" doc:"Why it was returned or reopened"`
	LastDay           domain.Date     `json:"last_day,omitempty"`
	Cause             plan.CloseCause `json:"cause,omitempty"`
	Results           []Result        `json:"results,omitempty"`
	Expectations      []Expectation   `json:"expectations,omitempty"`
	Progress          []Progress      `json:"progress,omitempty"`
	Versions          []Version       `json:"versions,omitempty"`
	Revision          uint64          `json:"revision"`
	Position          uint64          `json:"position"`
}

// Result is one result of a plan and how it is measured.
type Result struct {
	Result     domain.ResultID `json:"result"`
	Kind       plan.ResultKind `json:"kind" enum:"utama,tambahan"`
	Wording    string          `json:"wording"`
	Serves     Serves          `json:"serves"`
	Indicators []Indicator     `json:"indicators"`
}

// Indicator is one measure of a result.
type Indicator struct {
	Key     string         `json:"key"`
	Wording string         `json:"wording"`
	Aspect  plan.Aspect    `json:"aspect"`
	Target  domain.Decimal `json:"target_hundredths"`
	Measure string         `json:"measure"`
}

// Expectation is the leader's on one value.
type Expectation struct {
	Value       domain.Value `json:"value"`
	Expectation string       `json:"expectation"`
}

// Progress is what was reported on one result in one measure.
type Progress struct {
	Result   domain.ResultID `json:"result"`
	Measure  string          `json:"measure,omitempty"`
	Quantity domain.Decimal  `json:"quantity_hundredths" doc:"Sum over reports that were not withdrawn"`
	Reports  int64           `json:"reports"`
	LastOn   domain.Date     `json:"last_on"`
	Trail    string          `json:"trail" doc:"Where the facts behind it are listed"`
}

// Version is one content that both signed.
type Version struct {
	Version       int       `json:"version"`
	Content       string    `json:"content"`
	EstablishedAt time.Time `json:"established_at"`
}

func (k *desk) plans() {
	k.planWriting()
	read(k, operation{id: "get-plan", path: "/v1/plans/{plan}", tag: "plans",
		summary: "One plan with its results, progress and versions", description: "Open to its appraiser and to whoever may see the person's record."},
		func(ctx context.Context, in *struct {
			Reading
			PlanPath
		}) (*One[Plan], error) {
			fresh, err := k.await(ctx, in.MinPosition)
			if err != nil {
				return nil, err
			}
			row, err := personpage.FindPlan(ctx, k.Read, in.Plan)
			if err != nil {
				return nil, err
			}
			if err := k.isOpen(ctx, row.Person, row.Appraiser); err != nil {
				return nil, err
			}
			views, err := k.planViews(ctx, []personpage.Plan{row})
			if err != nil {
				return nil, err
			}
			if err := k.fillPlan(ctx, &views[0]); err != nil {
				return nil, err
			}
			return &One[Plan]{Fresh: fresh, ETag: revision(row.Revision), Body: views[0]}, nil
		})
	read(k, operation{id: "list-plans", path: "/v1/people/{person}/plans", tag: "plans",
		summary: "A person's plans, the latest first", description: "Open to whoever may see the person's record."},
		func(ctx context.Context, in *struct {
			Reading
			PersonPath
		}) (*Page[Plan], error) {
			fresh, err := k.await(ctx, in.MinPosition)
			if err != nil {
				return nil, err
			}
			if err := k.maySee(ctx, in.Person); err != nil {
				return nil, err
			}
			rows, err := personpage.Plans(ctx, k.Read, in.Person)
			if err != nil {
				return nil, err
			}
			views, err := k.planViews(ctx, rows)
			return all(views, fresh), err
		})
}

// fillPlan adds what was reported and what was established.
func (k *desk) fillPlan(ctx context.Context, p *Plan) error {
	progress, err := personpage.ProgressOf(ctx, k.Read, p.Plan)
	if err != nil {
		return err
	}
	for _, r := range progress {
		p.Progress = append(p.Progress, Progress{Result: r.Result, Measure: r.Measure, Quantity: r.Quantity, Reports: r.Reports,
			LastOn: r.LastOn, Trail: trailOf(r.Trail())})
	}
	versions, err := personpage.Versions(ctx, k.Read, p.Plan)
	for _, v := range versions {
		p.Versions = append(p.Versions, Version{Version: v.Version, Content: v.Content, EstablishedAt: v.EstablishedAt})
	}
	return err
}

func (k *desk) planViews(ctx context.Context, rows []personpage.Plan) ([]Plan, error) {
	var sealed []domain.Sealed
	var people []domain.PersonID
	for _, p := range rows {
		sealed, people = append(sealed, p.Reason), append(people, p.Person, p.Appraiser)
	}
	l, err := k.legend(ctx, sealed, people)
	if err != nil {
		return nil, err
	}
	views := make([]Plan, len(rows))
	for i, p := range rows {
		views[i] = Plan{
			Plan: p.Plan, Person: l.person(p.Person), Appraiser: l.person(p.Appraiser), Unit: p.Unit, Post: p.Post, Leader: p.Leader,
			Acting: p.Acting, From: p.From, Until: p.Until, Status: p.Status, Content: p.Content, EmployeeSignedAt: p.EmployeeSignedAt,
			AppraiserSignedAt: p.AppraiserSignedAt, Version: p.Version, Reason: l.words(p.Reason), LastDay: p.LastDay, Cause: p.Cause,
			Revision: p.Revision, Position: p.Position,
		}
		for _, r := range p.Results {
			result := Result{Result: r.Result, Kind: r.Kind, Wording: r.Wording, Serves: Serves(r.Serves), Indicators: []Indicator{}}
			for _, m := range r.Indicators {
				result.Indicators = append(result.Indicators, Indicator{Key: m.Key, Wording: m.Wording, Aspect: m.Aspect, Target: m.Target, Measure: m.Measure})
			}
			views[i].Results = append(views[i].Results, result)
		}
		for _, e := range p.Expectations {
			views[i].Expectations = append(views[i].Expectations, Expectation{Value: e.Value, Expectation: e.Expectation})
		}
	}
	return views, nil
}
