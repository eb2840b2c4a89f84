package v1

import (
	"context"
	"net/http"

	"github.com/jejak-kinerja/jejak/commands"
	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/feedback"
)

// FeedbackPath names a piece of feedback.
type FeedbackPath struct {
	Feedback domain.FeedbackID `path:"feedback" maxLength:"64" doc:"The feedback"`
}

type newFeedback struct {
	Asking
	Body struct {
		About  domain.PersonID `json:"about" minLength:"1" maxLength:"64" doc:"Whom it is for"`
		Tone   feedback.Tone   `json:"tone" enum:"apresiasi,saran,perhatian"`
		Report domain.ReportID `json:"report,omitempty" maxLength:"64" doc:"Report it speaks of"`
		Plan   domain.PlanID   `json:"plan,omitempty" maxLength:"64" doc:"Plan and result it speaks of"`
		Result domain.ResultID `json:"result,omitempty" maxLength:"64"`
		Value  domain.Value    `json:"value,omitempty" enum:"berorientasi-pelayanan,akuntabel,kompeten,harmonis,loyal,adaptif,kolaboratif"`
		Text   string          `json:"text" minLength:"1" maxLength:"4000"`
	}
}

// feedbackWriting are words between two people. They need no If-Match: a word
// does not undo another.
func (k *desk) feedbackWriting() {
	order(k, operation{id: "give-feedback", path: "/v1/feedback", tag: "feedback", status: http.StatusCreated,
		summary: "Give a colleague feedback", description: "By anybody in service, to anybody else; the relation follows from the reporting line."},
		func(ctx context.Context, ask commands.Ask, in *newFeedback) (commands.Outcome, error) {
			b := in.Body
			return k.Office.GiveFeedback(ctx, ask, commands.GiveFeedback{
				About: b.About, Tone: b.Tone, Report: b.Report, Plan: b.Plan, Result: b.Result, Value: b.Value, Text: b.Text,
			})
		})
	order(k, operation{id: "read-feedback", path: "/v1/feedback/{feedback}/read-mark", tag: "feedback",
		summary: "Say that you have seen it", description: "By the person it is about."},
		func(ctx context.Context, ask commands.Ask, in *struct {
			Asking
			FeedbackPath
		}) (commands.Outcome, error) {
			return k.Office.ReadFeedback(ctx, ask, in.Feedback)
		})
	order(k, operation{id: "reply-to-feedback", path: "/v1/feedback/{feedback}/replies", tag: "feedback", status: http.StatusCreated,
		summary: "Reply", description: "By either of the two."},
		func(ctx context.Context, ask commands.Ask, in *struct {
			Asking
			FeedbackPath
			Body struct {
				Text string `json:"text" minLength:"1" maxLength:"4000"`
			}
		}) (commands.Outcome, error) {
			return k.Office.ReplyFeedback(ctx, ask, commands.ReplyFeedback{Feedback: in.Feedback, Text: in.Body.Text})
		})
	order(k, operation{id: "dispute-feedback", path: "/v1/feedback/{feedback}/dispute", tag: "feedback",
		summary: "Say that it is unfair", description: "By the person it is about."},
		func(ctx context.Context, ask commands.Ask, in *struct {
			Asking
			FeedbackPath
			Body ReasonBody
		}) (commands.Outcome, error) {
			return k.Office.DisputeFeedback(ctx, ask, commands.DisputeFeedback{Feedback: in.Feedback, Reason: in.Body.Reason})
		})
}
