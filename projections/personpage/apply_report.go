package personpage

import (
	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/feedback"
	"github.com/jejak-kinerja/jejak/domain/progress"
	"github.com/jejak-kinerja/jejak/projections"
)

const (
	reportSQL = `insert into personpage_v1_report (report, revision, position, opened, person, superior, unit, plan, result, on_day,
			quantity, measure, text, late_reason, evidence, version, status, reported_at)
		values ($1, $2, $3, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, 1, 'reported', $15) on conflict do nothing`
	// A corrected report must be acknowledged again; a question stays open.
	correctSQL = `update personpage_v1_report set version = $4, quantity = $5, measure = $6, text = $7, reason = $8, evidence = $9,
			status = case status when 'acknowledged' then 'reported' else status end,
			answered_by = case status when 'acknowledged' then '' else answered_by end,
			answer = case status when 'acknowledged' then '' else answer end,
			answered_at = case status when 'acknowledged' then null else answered_at end,
			revision = $2, position = $3 where report = $1 and position < $3`
	answerSQL = `update personpage_v1_report set status = $4, answered_by = $5, answer = $6, answered_at = $7, reply = '',
			revision = $2, position = $3 where report = $1 and position < $3`
	replySQL    = `update personpage_v1_report set status = 'answered', reply = $4, revision = $2, position = $3 where report = $1 and position < $3`
	withdrawSQL = `update personpage_v1_report set status = 'withdrawn', reason = $4, revision = $2, position = $3
		where report = $1 and position < $3`

	feedbackSQL = `insert into personpage_v1_feedback (feedback, revision, position, opened, about, by, unit, relation, tone, report, plan,
			result, value, text, given_at)
		values ($1, $2, $3, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) on conflict do nothing`
	readSQL    = `update personpage_v1_feedback set read_at = $4, revision = $2, position = $3 where feedback = $1 and position < $3`
	threadSQL  = `insert into personpage_v1_reply values ($1, $2, $3, $4, $5) on conflict do nothing`
	touchSQL   = `update personpage_v1_feedback set revision = $2, position = $3 where feedback = $1 and position < $3`
	disputeSQL = `update personpage_v1_feedback set disputed = $4, revision = $2, position = $3 where feedback = $1 and position < $3`
)

func applyProgress(out projections.Statements, fact domain.Recorded, event progress.Event) error {
	id, rev, at := id(fact), fact.Revision, fact.Position
	switch e := event.(type) {
	case progress.Reported:
		evidence, err := inJSON(e.Evidence)
		if err != nil {
			return err
		}
		out.Exec(reportSQL, id, rev, at, e.Person, e.Superior, e.Unit, e.Plan, e.Result, e.On,
			e.Quantity, e.Measure, e.Text, e.LateReason, evidence, fact.Meta.RecordedAt)
	case progress.Corrected:
		evidence, err := inJSON(e.Evidence)
		if err != nil {
			return err
		}
		out.Exec(correctSQL, id, rev, at, e.Version, e.Quantity, e.Measure, e.Text, e.Reason, evidence)
	case progress.Acknowledged:
		out.Exec(answerSQL, id, rev, at, progress.Noted, e.By, e.Note, fact.Meta.RecordedAt)
	case progress.Questioned:
		out.Exec(answerSQL, id, rev, at, progress.Open, e.By, e.Question, fact.Meta.RecordedAt)
	case progress.Answered:
		out.Exec(replySQL, id, rev, at, e.Answer)
	case progress.Withdrawn:
		out.Exec(withdrawSQL, id, rev, at, e.Reason)
	}
	return nil
}

func applyFeedback(out projections.Statements, fact domain.Recorded, event feedback.Event) {
	id, rev, at := id(fact), fact.Revision, fact.Position
	switch e := event.(type) {
	case feedback.Given:
		out.Exec(feedbackSQL, id, rev, at, e.About, e.By, e.Unit, e.Relation, e.Tone, e.Report, e.Plan,
			e.Result, e.Value, e.Text, fact.Meta.EffectiveAt)
	case feedback.Read:
		out.Exec(readSQL, id, rev, at, fact.Meta.RecordedAt)
	case feedback.Replied:
		out.Exec(threadSQL, id, e.By, e.Text, fact.Meta.RecordedAt, at)
		out.Exec(touchSQL, id, rev, at)
	case feedback.Disputed:
		out.Exec(disputeSQL, id, rev, at, e.Reason)
	}
}
