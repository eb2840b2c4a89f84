package feedback_test

import (
	"slices"
	"testing"

	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/feedback"
	"github.com/jejak-kinerja/jejak/domain/spec"
)

// Budi speaks to Ina; Cut listens in vain. All are invented.
const (
	ina  domain.PersonID = "ina"
	budi domain.PersonID = "budi"
	cut  domain.PersonID = "cut"
)

func said() feedback.Given {
	return feedback.Given{Feedback: "f", About: ina, Unit: "dinas", By: budi, Relation: feedback.FromSuperior, Tone: feedback.Praise, Text: "t"}
}

func given(t *testing.T, facts ...feedback.Event) spec.Case[feedback.State, feedback.Command, feedback.Event] {
	t.Helper()
	return spec.Given(t, feedback.Decider, facts...)
}

func TestEvolveIsTotal(t *testing.T) {
	spec.EvolveIsTotal(t, feedback.Decider, spec.AnyEvent[feedback.Event](feedback.Stored))
}

func TestFeedbackIsGiven(t *testing.T) {
	given(t).When(feedback.Give(said())).Then(said())
	full := said()
	full.Report, full.Plan, full.Result, full.Value = "x", "p", "r1", domain.Loyal
	given(t).When(feedback.Give(full)).Then(full)
	given(t, said()).When(feedback.Give(said())).ThenRefused("feedback-exists")
}

func TestGivingIsRefused(t *testing.T) {
	for slug, change := range map[string]func(*feedback.Give){
		"id-missing":       func(c *feedback.Give) { c.By = "" },
		"feedback-to-self": func(c *feedback.Give) { c.By = ina },
		"relation-unknown": func(c *feedback.Give) { c.Relation = "teman" },
		"tone-unknown":     func(c *feedback.Give) { c.Tone = "marah" },
		"value-unknown":    func(c *feedback.Give) { c.Value = "rajin" },
		"plan-missing":     func(c *feedback.Give) { c.Result = "r1" },
		"text-missing":     func(c *feedback.Give) { c.Text = "" },
	} {
		c := feedback.Give(said())
		change(&c)
		given(t).When(c).ThenRefused(slug)
	}
}

func TestThePersonReadsItOnce(t *testing.T) {
	given(t, said()).When(feedback.MarkRead{By: ina}).Then(feedback.Read{})
	given(t, said(), feedback.Read{}).When(feedback.MarkRead{By: ina}).Then()
	given(t, said()).When(feedback.MarkRead{By: budi}).ThenRefused("not-the-person")
	given(t).When(feedback.MarkRead{By: ina}).ThenRefused("feedback-unknown")
}

func TestBothSidesSpeakInTheThread(t *testing.T) {
	mine := feedback.Replied{By: ina, Text: "a"}
	given(t, said(), feedback.Read{}).When(feedback.ReplyTo{By: ina, Text: "a"}).Then(mine)
	given(t, said(), mine).When(feedback.ReplyTo{By: budi, Text: "b"}).Then(feedback.Replied{By: budi, Text: "b"})
	given(t, said(), feedback.Disputed{Reason: "d"}).When(feedback.ReplyTo{By: budi, Text: "b"}).Then(feedback.Replied{By: budi, Text: "b"})
}

func TestWhoAnswersHasRead(t *testing.T) {
	given(t, said()).When(feedback.ReplyTo{By: ina, Text: "a"}).Then(feedback.Read{}, feedback.Replied{By: ina, Text: "a"})
	given(t, said()).When(feedback.Dispute{By: ina, Reason: "d"}).Then(feedback.Read{}, feedback.Disputed{Reason: "d"})
	given(t, said()).When(feedback.ReplyTo{By: budi, Text: "b"}).Then(feedback.Replied{By: budi, Text: "b"})
}

func TestReplyingIsRefused(t *testing.T) {
	given(t).When(feedback.ReplyTo{By: ina, Text: "a"}).ThenRefused("feedback-unknown")
	given(t, said()).When(feedback.ReplyTo{By: cut, Text: "a"}).ThenRefused("not-in-the-thread")
	given(t, said()).When(feedback.ReplyTo{By: "", Text: "a"}).ThenRefused("not-in-the-thread")
	given(t, said()).When(feedback.ReplyTo{By: ina}).ThenRefused("text-missing")
	full := append([]feedback.Event{said()}, slices.Repeat([]feedback.Event{feedback.Replied{By: budi, Text: "b"}}, feedback.MaxReplies)...)
	given(t, full...).When(feedback.ReplyTo{By: ina, Text: "a"}).ThenRefused("thread-full")
}

func TestThePersonDisputesItOnce(t *testing.T) {
	given(t, said(), feedback.Read{}).When(feedback.Dispute{By: ina, Reason: "d"}).Then(feedback.Disputed{Reason: "d"})
	given(t, said(), feedback.Disputed{Reason: "d"}).When(feedback.Dispute{By: ina, Reason: "e"}).ThenRefused("already-disputed")
	given(t, said()).When(feedback.Dispute{By: budi, Reason: "d"}).ThenRefused("not-the-person")
	given(t, said()).When(feedback.Dispute{By: ina}).ThenRefused("reason-missing")
	given(t).When(feedback.Dispute{By: ina, Reason: "d"}).ThenRefused("feedback-unknown")
}
