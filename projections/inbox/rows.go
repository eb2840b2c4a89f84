package inbox

import (
	"time"

	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/projections"
)

// Task is what somebody waits for.
type Task string

const (
	// SignPlanAsAppraiser: a plan is offered for signature.
	SignPlanAsAppraiser Task = "sign-plan-as-appraiser"
	// SignPlanAsEmployee: one's own plan is offered for signature.
	SignPlanAsEmployee Task = "sign-plan-as-employee"
	// ReworkPlan: one's own plan came back.
	ReworkPlan Task = "rework-plan"
	// AcknowledgeReport: a report of one's staff is new or corrected.
	AcknowledgeReport Task = "acknowledge-report"
	// ReadAnswer: a question to one's staff was answered.
	ReadAnswer Task = "read-answer"
	// AnswerQuestion: the superior asks about one's report.
	AnswerQuestion Task = "answer-question"
	// ReadFeedback: feedback to oneself is unread.
	ReadFeedback Task = "read-feedback"
	// ReadReply: the other one in a thread has replied.
	ReadReply Task = "read-reply"
	// FinishAppraisal: begun and not delivered.
	FinishAppraisal Task = "finish-appraisal"
	// ReceiveAppraisal: one's own appraisal was delivered.
	ReceiveAppraisal Task = "receive-appraisal"
)

// Tasks lists every task, the most pressing first.
var Tasks = []Task{AnswerQuestion, ReworkPlan, SignPlanAsEmployee, SignPlanAsAppraiser, ReceiveAppraisal,
	ReadFeedback, ReadReply, AcknowledgeReport, ReadAnswer, FinishAppraisal}

// Item is one thing that waits for a person.
type Item struct {
	Person domain.PersonID
	Task   Task
	// Stream it is about ("progress-…"); the id follows the first dash.
	Stream string
	// About is the other person: whose plan or report it is, who gave the feedback.
	About domain.PersonID
	Since time.Time
	// Position of the fact that made it wait.
	Position uint64
}

// Trail lists the one fact that made it wait.
func (i Item) Trail() projections.Trail {
	return projections.Trail{Stream: i.Stream, After: i.Position - 1, UpTo: i.Position}
}

// Count is how many things of one kind wait for a person.
type Count struct {
	Task   Task
	Items  int64
	Oldest time.Time
	// Position of the newest fact counted.
	Position uint64
}
