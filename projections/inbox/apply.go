package inbox

import (
	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/appraisal"
	"github.com/jejak-kinerja/jejak/domain/feedback"
	"github.com/jejak-kinerja/jejak/domain/plan"
	"github.com/jejak-kinerja/jejak/domain/progress"
	"github.com/jejak-kinerja/jejak/projections"
)

var (
	matters = projections.Lookup("inbox_v1_stream", "stream")
	items   = projections.Lookup("inbox_v1_item", "stream")
)

var (
	openSQL = projections.Over("stream text, person text, other text, open boolean, at bigint",
		`insert into inbox_v1_stream select stream, person, other, open, at from r on conflict do nothing`)
	otherSQL = projections.Over("stream text, other text, at bigint",
		`update inbox_v1_stream s set other = r.other, position = r.at from r, `+matters+` f where s.ctid = f.place and f.position < r.at`)
	dueSQL = projections.Over("stream text, open boolean, at bigint",
		`update inbox_v1_stream s set open = r.open, position = r.at from r, `+matters+` f where s.ctid = f.place and f.position < r.at`)
	askSQL = projections.Over("stream text, other text, at bigint",
		`update inbox_v1_stream s set open = false, other = r.other, position = r.at from r, `+matters+` f where s.ctid = f.place and f.position < r.at`)
	doneSQL = projections.Over("stream text, at bigint", `delete from inbox_v1_item i using r, `+items+` f where i.ctid = f.place and f.position < r.at`)
	// The two commonest steps of a report are one statement each.
	reportedSQL = projections.Over("stream text, person text, superior text, task text, since timestamptz, at bigint",
		`with s as (insert into inbox_v1_stream select stream, person, superior, false, at from r on conflict do nothing)
		insert into inbox_v1_item as i select superior, task, stream, person, since, at from r`+again)
	answeredSQL = projections.Over("stream text, at bigint",
		`with s as (update inbox_v1_stream s set open = true, position = r.at from r, `+matters+` f where s.ctid = f.place and f.position < r.at)
		delete from inbox_v1_item i using r, `+items+` f where i.ctid = f.place and f.position < r.at`)
	doneOneSQL = projections.Over("stream text, task text, at bigint",
		`delete from inbox_v1_item i using r, `+projections.Lookup("inbox_v1_item", "stream", "task")+` f where i.ctid = f.place and f.position < r.at`)
	doneForSQL = projections.Over("stream text, person text, task text, at bigint",
		`delete from inbox_v1_item i using r, `+projections.Lookup("inbox_v1_item", "stream", "task", "person")+` f where i.ctid = f.place and f.position < r.at`)
	// A task for one of the two sides; for a side that is not known there is none.
	personSQL = projections.Over(taskColumns,
		`insert into inbox_v1_item as i select s.person, task, r.stream, s.other, since, at from r, `+matters+` s where s.person <> ''`+again)
	otherToDo = projections.Over(taskColumns,
		`insert into inbox_v1_item as i select s.other, task, r.stream, s.person, since, at from r, `+matters+` s where s.other <> ''`+again)
	otherIfDo = projections.Over(taskColumns,
		`insert into inbox_v1_item as i select s.other, task, r.stream, s.person, since, at from r, `+matters+` s where s.other <> '' and s.open`+again)
	// The side that did not speak has something to read.
	replySQL = projections.Over(taskColumns+", speaker text",
		`insert into inbox_v1_item as i select case when s.person = speaker then s.other else s.person end, task, r.stream, speaker, since, at
		from r, `+matters+` s where true`+again)
)

const (
	taskColumns = "stream text, task text, since timestamptz, at bigint"
	again       = ` on conflict (stream, task, person) do update set since = excluded.since, position = excluded.position
		where i.position < excluded.position`
)

// matter is one fact on its way to tasks.
type matter struct {
	out  projections.Statements
	fact domain.Recorded
}

func (m matter) open(person, other domain.PersonID) {
	m.out.Each(openSQL, m.fact.Stream, person, other, false, m.fact.Position)
}
func (m matter) other(p domain.PersonID) { m.out.Each(otherSQL, m.fact.Stream, p, m.fact.Position) }
func (m matter) due(open bool)           { m.out.Each(dueSQL, m.fact.Stream, open, m.fact.Position) }
func (m matter) done()                   { m.out.Each(doneSQL, m.fact.Stream, m.fact.Position) }
func (m matter) doneOne(t Task)          { m.out.Each(doneOneSQL, m.fact.Stream, t, m.fact.Position) }
func (m matter) forPerson(t Task)        { m.task(personSQL, t) }
func (m matter) forOther(t Task)         { m.task(otherToDo, t) }
func (m matter) forOtherIfOpen(t Task)   { m.task(otherIfDo, t) }
func (m matter) task(sql string, t Task) {
	m.out.Each(sql, m.fact.Stream, t, m.fact.Meta.RecordedAt, m.fact.Position)
}

func apply(out projections.Statements, fact domain.Recorded) error {
	m := matter{out, fact}
	switch e := fact.Body.(type) {
	case plan.Event:
		m.ofPlan(e)
	case progress.Event:
		m.ofReport(e)
	case feedback.Event:
		m.ofFeedback(e)
	case appraisal.Event:
		m.ofAppraisal(e)
	}
	return nil
}

func (m matter) ofPlan(event plan.Event) {
	switch e := event.(type) {
	case plan.Opened:
		m.open(e.Person, e.Appraiser)
	case plan.AppraiserChanged:
		m.doneOne(SignPlanAsAppraiser)
		m.other(e.Appraiser)
		m.forOtherIfOpen(SignPlanAsAppraiser)
	case plan.ResultAdded, plan.ResultAmended, plan.ResultWithdrawn, plan.IndicatorSet, plan.IndicatorRemoved, plan.BehaviourExpected:
		m.doneOne(SignPlanAsEmployee)
		m.doneOne(SignPlanAsAppraiser)
		m.due(false)
	case plan.Submitted:
		m.done()
		m.due(true)
		m.forPerson(SignPlanAsEmployee)
		m.forOther(SignPlanAsAppraiser)
	case plan.Returned, plan.SignatureWithdrawn:
		m.done()
		m.due(false)
		m.forPerson(ReworkPlan)
	case plan.SignedByEmployee:
		m.doneOne(SignPlanAsEmployee)
	case plan.SignedByAppraiser:
		m.doneOne(SignPlanAsAppraiser)
	case plan.Established, plan.Closed:
		m.done()
		m.due(false)
	}
}

func (m matter) ofReport(event progress.Event) {
	switch e := event.(type) {
	case progress.Reported:
		if e.Superior == "" {
			m.open(e.Person, "")
			return
		}
		m.out.Each(reportedSQL, m.fact.Stream, e.Person, e.Superior, AcknowledgeReport, m.fact.Meta.RecordedAt, m.fact.Position)
	case progress.Corrected:
		m.forOtherIfOpen(AcknowledgeReport) // acknowledged before: once more
		m.due(false)
	case progress.Acknowledged:
		m.out.Each(answeredSQL, m.fact.Stream, m.fact.Position)
	case progress.Questioned:
		m.done()
		m.out.Each(askSQL, m.fact.Stream, e.By, m.fact.Position) // who asked reads the answer
		m.forPerson(AnswerQuestion)
	case progress.Answered:
		m.done()
		m.forOther(ReadAnswer)
	case progress.Withdrawn:
		m.done()
		m.due(false)
	}
}

func (m matter) ofFeedback(event feedback.Event) {
	switch e := event.(type) {
	case feedback.Given:
		m.open(e.About, e.By)
		m.forPerson(ReadFeedback)
	case feedback.Read:
		m.doneOne(ReadFeedback)
	case feedback.Replied:
		m.out.Each(doneForSQL, m.fact.Stream, e.By, ReadReply, m.fact.Position)
		m.out.Each(replySQL, m.fact.Stream, ReadReply, m.fact.Meta.RecordedAt, m.fact.Position, e.By)
	case feedback.Disputed:
		m.out.Each(doneForSQL, m.fact.Stream, m.fact.Meta.Actor, ReadReply, m.fact.Position)
	}
}

func (m matter) ofAppraisal(event appraisal.Event) {
	switch e := event.(type) {
	case appraisal.Opened:
		m.open(e.Person, e.Appraiser)
		m.forOther(FinishAppraisal)
	case appraisal.Delivered:
		m.done()
		m.forPerson(ReceiveAppraisal)
	case appraisal.Received:
		m.done()
	}
}
