package personpage

import (
	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/feedback"
	"github.com/jejak-kinerja/jejak/domain/progress"
	"github.com/jejak-kinerja/jejak/projections"
)

// onReport and onFeedback make an update of one row, which keeps the fact it was made from.
func onReport(columns, set string) string {
	return projections.Over("report text, revision bigint, at bigint"+columns,
		`update personpage_v1_report p set `+set+`, revision = r.revision, position = r.at from r, `+projections.Lookup("personpage_v1_report", "report")+` l where p.ctid = l.place and l.position < r.at`)
}

func onFeedback(columns, set string) string {
	return projections.Over("feedback text, revision bigint, at bigint"+columns,
		`update personpage_v1_feedback f set `+set+`revision = r.revision, position = r.at from r, `+projections.Lookup("personpage_v1_feedback", "feedback")+` l where f.ctid = l.place and l.position < r.at`)
}

var (
	reportSQL = projections.Over(`report text, revision bigint, at bigint, person text, superior text, unit text, plan text, result text,
			on_day text, quantity bigint, measure text, text text, late_reason text, evidence text, reported_at timestamptz`,
		`insert into personpage_v1_report (report, revision, position, opened, person, superior, unit, plan, result, on_day,
			quantity, measure, text, late_reason, evidence, version, status, reported_at)
		select report, revision, at, at, person, superior, unit, plan, result, on_day,
			quantity, measure, text, late_reason, evidence::jsonb, 1, 'reported', reported_at from r on conflict do nothing`)
	// A corrected report must be acknowledged again; a question stays open.
	correctSQL = onReport(", version int, quantity bigint, measure text, text text, reason text, evidence text",
		`version = r.version, quantity = r.quantity, measure = r.measure, text = r.text, reason = r.reason, evidence = r.evidence::jsonb,
			status = case p.status when 'acknowledged' then 'reported' else p.status end,
			answered_by = case p.status when 'acknowledged' then '' else p.answered_by end,
			answer = case p.status when 'acknowledged' then '' else p.answer end,
			answered_at = case p.status when 'acknowledged' then null else p.answered_at end`)
	answerSQL = onReport(", status text, answered_by text, answer text, answered_at timestamptz",
		`status = r.status, answered_by = r.answered_by, answer = r.answer, answered_at = r.answered_at, reply = ''`)
	replySQL    = onReport(", reply text", `status = 'answered', reply = r.reply`)
	withdrawSQL = onReport(", reason text", `status = 'withdrawn', reason = r.reason`)

	feedbackSQL = projections.Over(`feedback text, revision bigint, at bigint, about text, by text, unit text, relation text, tone text,
			report text, plan text, result text, value text, text text, given_at timestamptz`,
		`insert into personpage_v1_feedback (feedback, revision, position, opened, about, by, unit, relation, tone, report, plan,
			result, value, text, given_at)
		select feedback, revision, at, at, about, by, unit, relation, tone, report, plan, result, value, text, given_at from r on conflict do nothing`)
	readSQL   = onFeedback(", read_at timestamptz", "read_at = r.read_at, ")
	threadSQL = projections.Over("feedback text, by text, text text, said_at timestamptz, at bigint",
		`insert into personpage_v1_reply select * from r on conflict do nothing`)
	touchSQL   = onFeedback("", "")
	disputeSQL = onFeedback(", reason text", "disputed = r.reason, ")
)

func applyProgress(out projections.Statements, fact domain.Recorded, event progress.Event) error {
	id, rev, at := id(fact), fact.Revision, fact.Position
	switch e := event.(type) {
	case progress.Reported:
		evidence, err := inJSON(e.Evidence)
		if err != nil {
			return err
		}
		out.Each(reportSQL, id, rev, at, e.Person, e.Superior, e.Unit, e.Plan, e.Result, e.On,
			e.Quantity, e.Measure, e.Text, e.LateReason, evidence, fact.Meta.RecordedAt)
	case progress.Corrected:
		evidence, err := inJSON(e.Evidence)
		if err != nil {
			return err
		}
		out.Each(correctSQL, id, rev, at, e.Version, e.Quantity, e.Measure, e.Text, e.Reason, evidence)
	case progress.Acknowledged:
		out.Each(answerSQL, id, rev, at, progress.Noted, e.By, e.Note, fact.Meta.RecordedAt)
	case progress.Questioned:
		out.Each(answerSQL, id, rev, at, progress.Open, e.By, e.Question, fact.Meta.RecordedAt)
	case progress.Answered:
		out.Each(replySQL, id, rev, at, e.Answer)
	case progress.Withdrawn:
		out.Each(withdrawSQL, id, rev, at, e.Reason)
	}
	return nil
}

func applyFeedback(out projections.Statements, fact domain.Recorded, event feedback.Event) {
	id, rev, at := id(fact), fact.Revision, fact.Position
	switch e := event.(type) {
	case feedback.Given:
		out.Each(feedbackSQL, id, rev, at, e.About, e.By, e.Unit, e.Relation, e.Tone, e.Report, e.Plan,
			e.Result, e.Value, e.Text, fact.Meta.EffectiveAt)
	case feedback.Read:
		out.Each(readSQL, id, rev, at, fact.Meta.RecordedAt)
	case feedback.Replied:
		out.Each(threadSQL, id, e.By, e.Text, fact.Meta.RecordedAt, at)
		out.Each(touchSQL, id, rev, at)
	case feedback.Disputed:
		out.Each(disputeSQL, id, rev, at, e.Reason)
	}
}
