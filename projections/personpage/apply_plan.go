package personpage

import (
	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/plan"
	"github.com/jejak-kinerja/jejak/projections"
)

// onPlan makes an update of one plan's row, which keeps the fact it was made from.
func onPlan(columns, set string) string {
	return projections.Over("plan text, revision bigint, at bigint"+columns,
		`update personpage_v1_plan p set `+set+`, revision = r.revision, position = r.at from r, `+projections.Lookup("personpage_v1_plan", "plan")+` l where p.ctid = l.place and l.position < r.at`)
}

var results = projections.Lookup("personpage_v1_result", "plan", "result")

var (
	openPlanSQL = projections.Over(`plan text, revision bigint, at bigint, person text, appraiser text, unit text, post text, leader boolean,
			acting text, from_day text, until_day text`, `insert into personpage_v1_plan
			(plan, person, appraiser, unit, post, leader, acting, from_day, until_day, status, revision, position, opened)
		select plan, person, appraiser, unit, post, leader, acting, from_day, until_day, 'draft', revision, at, at from r on conflict do nothing`)
	// The former appraiser's signature does not bind the next one.
	appraiserSQL = onPlan(", appraiser text", `appraiser = r.appraiser,
		appraiser_signed_at = case when p.status = 'submitted' then null else p.appraiser_signed_at end`)
	// A change of content voids the signatures and makes a draft again.
	rewriteSQL = onPlan("", `status = case p.status when 'returned' then p.status else 'draft' end,
		content = '', employee_signed_at = null, appraiser_signed_at = null`)
	stepSQL = onPlan(", status text, content text, reason text",
		`status = r.status, content = r.content, reason = r.reason, employee_signed_at = null, appraiser_signed_at = null`)
	employeeSignedSQL  = onPlan(", signed_at timestamptz", `employee_signed_at = r.signed_at`)
	appraiserSignedSQL = onPlan(", signed_at timestamptz", `appraiser_signed_at = r.signed_at`)
	establishSQL       = onPlan(", content text, version int", `status = 'established', content = r.content, version = r.version`)
	versionSQL         = projections.Over("plan text, version int, content text, established_at timestamptz, at bigint",
		`insert into personpage_v1_version select * from r on conflict do nothing`)
	closePlanSQL = onPlan(", last_day text, cause text", `status = 'closed', last_day = r.last_day, cause = r.cause`)

	resultSQL = projections.Over("plan text, result text, kind text, wording text, serves text, at bigint",
		`insert into personpage_v1_result as o (plan, result, kind, wording, serves, opened, position)
			select plan, result, kind, wording, serves::jsonb, at, at from r
		on conflict (plan, result) do update set kind = excluded.kind, wording = excluded.wording, serves = excluded.serves,
			withdrawn = false, position = excluded.position where o.position < excluded.position`)
	amendSQL = projections.Over("plan text, result text, wording text, serves text, at bigint",
		`update personpage_v1_result o set wording = r.wording, serves = r.serves::jsonb, position = r.at
		from r, `+results+` l where o.ctid = l.place and l.position < r.at`)
	withdrawResultSQL = projections.Over("plan text, result text, at bigint",
		`update personpage_v1_result o set withdrawn = true, position = r.at from r, `+results+` l where o.ctid = l.place and l.position < r.at`)
	measureSQL = projections.Over("plan text, result text, key text, wording text, aspect text, target bigint, measure text, at bigint",
		`insert into personpage_v1_measure as m select plan, result, key, wording, aspect, target, measure, false, at from r
		on conflict (plan, result, key) do update set wording = excluded.wording, aspect = excluded.aspect,
			target = excluded.target, measure = excluded.measure, removed = false, position = excluded.position
		where m.position < excluded.position`)
	removeMeasureSQL = projections.Over("plan text, result text, key text, at bigint", `update personpage_v1_measure m set removed = true, position = r.at
		from r, `+projections.Lookup("personpage_v1_measure", "plan", "result", "key")+` l where m.ctid = l.place and l.position < r.at`)
	expectSQL = projections.Over("plan text, value text, expectation text, at bigint",
		`insert into personpage_v1_expectation as x select plan, value, expectation, at from r
		on conflict (plan, value) do update set expectation = excluded.expectation, position = excluded.position
		where x.position < excluded.position`)
)

func applyPlan(out projections.Statements, fact domain.Recorded, event plan.Event) error {
	id, at := id(fact), fact.Position
	step := func(sql string, args ...any) { out.Each(sql, append([]any{id, fact.Revision, at}, args...)...) }
	switch e := event.(type) {
	case plan.Opened:
		step(openPlanSQL, e.Person, e.Appraiser, e.Unit, e.Post, e.Leader, e.Acting, e.Span.From, e.Span.Until)
	case plan.AppraiserChanged:
		step(appraiserSQL, e.Appraiser)
	case plan.ResultAdded:
		serves, err := inJSON(e.Serves)
		if err != nil {
			return err
		}
		out.Each(resultSQL, id, e.Result, e.Kind, e.Wording, serves, at)
		step(rewriteSQL)
	case plan.ResultAmended:
		serves, err := inJSON(e.Serves)
		if err != nil {
			return err
		}
		out.Each(amendSQL, id, e.Result, e.Wording, serves, at)
		step(rewriteSQL)
	case plan.ResultWithdrawn:
		out.Each(withdrawResultSQL, id, e.Result, at)
		step(rewriteSQL)
	case plan.IndicatorSet:
		out.Each(measureSQL, id, e.Result, e.Key, e.Wording, e.Aspect, e.Target, e.Measure, at)
		step(rewriteSQL)
	case plan.IndicatorRemoved:
		out.Each(removeMeasureSQL, id, e.Result, e.Key, at)
		step(rewriteSQL)
	case plan.BehaviourExpected:
		out.Each(expectSQL, id, e.Value, e.Expectation, at)
		step(rewriteSQL)
	case plan.Submitted:
		step(stepSQL, plan.AwaitingSignature, e.Content, "")
	case plan.Returned:
		step(stepSQL, plan.SentBack, "", e.Reason)
	case plan.SignatureWithdrawn:
		step(stepSQL, plan.Draft, "", e.Reason)
	case plan.SignedByEmployee:
		step(employeeSignedSQL, fact.Meta.RecordedAt)
	case plan.SignedByAppraiser:
		step(appraiserSignedSQL, fact.Meta.RecordedAt)
	case plan.Established:
		out.Each(versionSQL, id, e.Version, e.Content, fact.Meta.RecordedAt, at)
		step(establishSQL, e.Content, e.Version)
	case plan.Closed:
		step(closePlanSQL, e.LastDay, e.Cause)
	}
	return nil
}
