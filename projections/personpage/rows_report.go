package personpage

import (
	"time"

	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/feedback"
	"github.com/jejak-kinerja/jejak/domain/progress"
	"github.com/jejak-kinerja/jejak/projections"
)

// Report is one progress report in its latest version.
type Report struct {
	Report   domain.ReportID
	Person   domain.PersonID
	Superior domain.PersonID
	Unit     domain.UnitID
	Plan     domain.PlanID
	Result   domain.ResultID
	On       domain.Date
	Quantity domain.Decimal
	Measure  string
	Text     domain.Sealed
	// LateReason is why an old day was reported late.
	LateReason domain.Sealed
	Evidence   []domain.Evidence
	// Version grows with each correction, from 1.
	Version int
	Status  progress.Status
	// AnsweredBy is who acknowledged or questioned it last, with Answer: the note or question.
	AnsweredBy domain.PersonID
	Answer     domain.Sealed
	AnsweredAt *time.Time
	// Reply is the person's answer to the question.
	Reply domain.Sealed
	// Reason is why it was corrected or withdrawn last.
	Reason     domain.Sealed
	ReportedAt time.Time
	// Opened is the position of the stream's first fact: the order of lists.
	Opened   uint64
	Revision uint64
	Position uint64
}

// Trail lists the facts of the report's own stream.
func (r Report) Trail() projections.Trail {
	return projections.Trail{Stream: "progress-" + string(r.Report)}
}

// Feedback is one piece of feedback with its thread.
type Feedback struct {
	Feedback domain.FeedbackID
	About    domain.PersonID
	By       domain.PersonID
	Unit     domain.UnitID
	Relation feedback.Relation
	Tone     feedback.Tone
	Report   domain.ReportID
	Plan     domain.PlanID
	Result   domain.ResultID
	Value    domain.Value
	Text     domain.Sealed
	GivenAt  time.Time
	// ReadAt is nil until the person has seen it.
	ReadAt *time.Time
	// Disputed is why the person finds it unfair; empty when not disputed.
	Disputed domain.Sealed
	Replies  []Reply
	// Opened is the position of the stream's first fact: the order of lists.
	Opened   uint64
	Revision uint64
	Position uint64
}

// Trail lists the facts of the feedback's own stream.
func (f Feedback) Trail() projections.Trail {
	return projections.Trail{Stream: "feedback-" + string(f.Feedback)}
}

// Reply is one further word in the thread.
type Reply struct {
	Feedback domain.FeedbackID
	By       domain.PersonID
	Text     domain.Sealed
	At       time.Time
	Position uint64
}
