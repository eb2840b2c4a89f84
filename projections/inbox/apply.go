package inbox

import (
	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/appraisal"
	"github.com/jejak-kinerja/jejak/domain/feedback"
	"github.com/jejak-kinerja/jejak/domain/plan"
	"github.com/jejak-kinerja/jejak/domain/progress"
	"github.com/jejak-kinerja/jejak/projections"
)

const (
	openSQL  = `insert into inbox_v1_stream values ($1, $2, $3, $4, $5) on conflict do nothing`
	otherSQL = `update inbox_v1_stream set other = $2, position = $3 where stream = $1 and position < $3`
	dueSQL   = `update inbox_v1_stream set open = $2, position = $3 where stream = $1 and position < $3`
	askSQL   = `update inbox_v1_stream set open = false, other = $2, position = $3 where stream = $1 and position < $3`
	doneSQL  = `delete from inbox_v1_item where stream = $1 and position < $2`
	// The two commonest steps of a report are one statement each.
	reportedSQL = `with s as (insert into inbox_v1_stream values ($1, $2, $3, false, $6) on conflict do nothing)
		insert into inbox_v1_item as i values ($3, $4, $1, $2, $5, $6)` + again
	answeredSQL = `with s as (update inbox_v1_stream set open = true, position = $2 where stream = $1 and position < $2)
		delete from inbox_v1_item where stream = $1 and position < $2`
	doneOneSQL = `delete from inbox_v1_item where stream = $1 and task = $2 and position < $3`
	doneForSQL = `delete from inbox_v1_item where stream = $1 and person = $2 and task = $3 and position < $4`
	// A task for one of the two sides; for a side that is not known there is none.
	personSQL = `insert into inbox_v1_item as i select person, $2, stream, other, $3, $4 from inbox_v1_stream where stream = $1 and person <> ''` + again
	otherToDo = `insert into inbox_v1_item as i select other, $2, stream, person, $3, $4 from inbox_v1_stream where stream = $1 and other <> ''` + again
	otherIfDo = `insert into inbox_v1_item as i select other, $2, stream, person, $3, $4 from inbox_v1_stream where stream = $1 and other <> '' and open` + again
	// The side that did not speak has something to read.
	replySQL = `insert into inbox_v1_item as i select case when person = $5 then other else person end, $2, stream, $5, $3, $4
		from inbox_v1_stream where stream = $1` + again
	again = ` on conflict (stream, task, person) do update set since = excluded.since, position = excluded.position
		where i.position < excluded.position`
)

// matter is one fact on its way to tasks.
type matter struct {
	out  projections.Statements
	fact domain.Recorded
}

func (m matter) open(person, other domain.PersonID) {
	m.out.Exec(openSQL, m.fact.Stream, person, other, false, m.fact.Position)
}
func (m matter) other(p domain.PersonID) { m.out.Exec(otherSQL, m.fact.Stream, p, m.fact.Position) }
func (m matter) due(open bool)           { m.out.Exec(dueSQL, m.fact.Stream, open, m.fact.Position) }
func (m matter) done()                   { m.out.Exec(doneSQL, m.fact.Stream, m.fact.Position) }
func (m matter) doneOne(t Task)          { m.out.Exec(doneOneSQL, m.fact.Stream, t, m.fact.Position) }
func (m matter) forPerson(t Task)        { m.task(personSQL, t) }
func (m matter) forOther(t Task)         { m.task(otherToDo, t) }
func (m matter) forOtherIfOpen(t Task)   { m.task(otherIfDo, t) }
func (m matter) task(sql string, t Task) {
	m.out.Exec(sql, m.fact.Stream, t, m.fact.Meta.RecordedAt, m.fact.Position)
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
		m.out.Exec(reportedSQL, m.fact.Stream, e.Person, e.Superior, AcknowledgeReport, m.fact.Meta.RecordedAt, m.fact.Position)
	case progress.Corrected:
		m.forOtherIfOpen(AcknowledgeReport) // acknowledged before: once more
		m.due(false)
	case progress.Acknowledged:
		m.out.Exec(answeredSQL, m.fact.Stream, m.fact.Position)
	case progress.Questioned:
		m.done()
		m.out.Exec(askSQL, m.fact.Stream, e.By, m.fact.Position) // who asked reads the answer
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
		m.out.Exec(doneForSQL, m.fact.Stream, e.By, ReadReply, m.fact.Position)
		m.out.Exec(replySQL, m.fact.Stream, ReadReply, m.fact.Meta.RecordedAt, m.fact.Position, e.By)
	case feedback.Disputed:
		m.out.Exec(doneForSQL, m.fact.Stream, m.fact.Meta.Actor, ReadReply, m.fact.Position)
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
