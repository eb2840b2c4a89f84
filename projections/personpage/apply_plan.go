package personpage

import (
	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/plan"
	"github.com/jejak-kinerja/jejak/projections"
)

// seen ends every update of a plan: which fact the row was made from, once.
const seen = `, revision = $2, position = $3 where plan = $1 and position < $3`

const (
	openPlanSQL = `insert into personpage_v1_plan
		(plan, person, appraiser, unit, post, leader, acting, from_day, until_day, status, revision, position, opened)
		values ($1, $4, $5, $6, $7, $8, $9, $10, $11, 'draft', $2, $3, $3) on conflict do nothing`
	// The former appraiser's signature does not bind the next one.
	appraiserSQL = `update personpage_v1_plan set appraiser = $4,
		appraiser_signed_at = case when status = 'submitted' then null else appraiser_signed_at end` + seen
	// A change of content voids the signatures and makes a draft again.
	rewriteSQL = `update personpage_v1_plan set status = case status when 'returned' then status else 'draft' end,
		content = '', employee_signed_at = null, appraiser_signed_at = null` + seen
	stepSQL = `update personpage_v1_plan set status = $4, content = $5, reason = $6,
		employee_signed_at = null, appraiser_signed_at = null` + seen
	employeeSignedSQL  = `update personpage_v1_plan set employee_signed_at = $4` + seen
	appraiserSignedSQL = `update personpage_v1_plan set appraiser_signed_at = $4` + seen
	establishSQL       = `update personpage_v1_plan set status = 'established', content = $4, version = $5` + seen
	versionSQL         = `insert into personpage_v1_version values ($1, $2, $3, $4, $5) on conflict do nothing`
	closePlanSQL       = `update personpage_v1_plan set status = 'closed', last_day = $4, cause = $5` + seen

	resultSQL = `insert into personpage_v1_result as r (plan, result, kind, wording, serves, opened, position) values ($1, $2, $3, $4, $5, $6, $6)
		on conflict (plan, result) do update set kind = excluded.kind, wording = excluded.wording, serves = excluded.serves,
			withdrawn = false, position = excluded.position where r.position < excluded.position`
	amendSQL          = `update personpage_v1_result set wording = $3, serves = $4, position = $5 where plan = $1 and result = $2 and position < $5`
	withdrawResultSQL = `update personpage_v1_result set withdrawn = true, position = $3 where plan = $1 and result = $2 and position < $3`
	measureSQL        = `insert into personpage_v1_measure as m values ($1, $2, $3, $4, $5, $6, $7, false, $8)
		on conflict (plan, result, key) do update set wording = excluded.wording, aspect = excluded.aspect,
			target = excluded.target, measure = excluded.measure, removed = false, position = excluded.position
		where m.position < excluded.position`
	removeMeasureSQL = `update personpage_v1_measure set removed = true, position = $4
		where plan = $1 and result = $2 and key = $3 and position < $4`
	expectSQL = `insert into personpage_v1_expectation as x values ($1, $2, $3, $4)
		on conflict (plan, value) do update set expectation = excluded.expectation, position = excluded.position
		where x.position < excluded.position`
)

func applyPlan(out projections.Statements, fact domain.Recorded, event plan.Event) error {
	id, at := id(fact), fact.Position
	onPlan := func(sql string, args ...any) { out.Exec(sql, append([]any{id, fact.Revision, at}, args...)...) }
	switch e := event.(type) {
	case plan.Opened:
		onPlan(openPlanSQL, e.Person, e.Appraiser, e.Unit, e.Post, e.Leader, e.Acting, e.Span.From, e.Span.Until)
	case plan.AppraiserChanged:
		onPlan(appraiserSQL, e.Appraiser)
	case plan.ResultAdded:
		serves, err := inJSON(e.Serves)
		if err != nil {
			return err
		}
		out.Exec(resultSQL, id, e.Result, e.Kind, e.Wording, serves, at)
		onPlan(rewriteSQL)
	case plan.ResultAmended:
		serves, err := inJSON(e.Serves)
		if err != nil {
			return err
		}
		out.Exec(amendSQL, id, e.Result, e.Wording, serves, at)
		onPlan(rewriteSQL)
	case plan.ResultWithdrawn:
		out.Exec(withdrawResultSQL, id, e.Result, at)
		onPlan(rewriteSQL)
	case plan.IndicatorSet:
		out.Exec(measureSQL, id, e.Result, e.Key, e.Wording, e.Aspect, e.Target, e.Measure, at)
		onPlan(rewriteSQL)
	case plan.IndicatorRemoved:
		out.Exec(removeMeasureSQL, id, e.Result, e.Key, at)
		onPlan(rewriteSQL)
	case plan.BehaviourExpected:
		out.Exec(expectSQL, id, e.Value, e.Expectation, at)
		onPlan(rewriteSQL)
	case plan.Submitted:
		onPlan(stepSQL, plan.AwaitingSignature, e.Content, "")
	case plan.Returned:
		onPlan(stepSQL, plan.SentBack, "", e.Reason)
	case plan.SignatureWithdrawn:
		onPlan(stepSQL, plan.Draft, "", e.Reason)
	case plan.SignedByEmployee:
		onPlan(employeeSignedSQL, fact.Meta.RecordedAt)
	case plan.SignedByAppraiser:
		onPlan(appraiserSignedSQL, fact.Meta.RecordedAt)
	case plan.Established:
		out.Exec(versionSQL, id, e.Version, e.Content, fact.Meta.RecordedAt, at)
		onPlan(establishSQL, e.Content, e.Version)
	case plan.Closed:
		onPlan(closePlanSQL, e.LastDay, e.Cause)
	}
	return nil
}
