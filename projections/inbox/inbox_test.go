package inbox_test

import (
	"slices"
	"testing"

	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/appraisal"
	"github.com/jejak-kinerja/jejak/domain/feedback"
	"github.com/jejak-kinerja/jejak/domain/plan"
	"github.com/jejak-kinerja/jejak/domain/progress"
	"github.com/jejak-kinerja/jejak/internal/pgrun/pgtest"
	"github.com/jejak-kinerja/jejak/projections"
	"github.com/jejak-kinerja/jejak/projections/inbox"
	"github.com/jejak-kinerja/jejak/projections/projectiontest"
)

// matter is one stream: after each fact the tasks of clerk, chief and other.
type matter []struct {
	fact               any
	clerk, chief, next []inbox.Task
}

func tasks(t ...inbox.Task) []inbox.Task { return t }

func (m matter) check(t *testing.T, stream string) {
	t.Helper()
	l := projectiontest.New(t)
	pool := projectiontest.Open(t, pgtest.URL(t), inbox.Projection())
	for i, step := range m {
		l.Add(stream, "clerk", step.fact)
		projectiontest.Apply(t, pool, l.Facts[i:], inbox.Projection())
		for who, want := range map[domain.PersonID][]inbox.Task{"clerk": step.clerk, "chief": step.chief, "next": step.next} {
			items, err := inbox.Items(t.Context(), pool, who, "", projections.Page{})
			if err != nil {
				t.Fatal(err)
			}
			var got []inbox.Task
			for _, item := range items.Items {
				got = append(got, item.Task)
			}
			slices.Sort(got)
			slices.Sort(want)
			if !slices.Equal(got, want) {
				t.Errorf("after step %d, %T, %s has %v, want %v", i, step.fact, who, got, want)
			}
		}
	}
}

func TestAPlanWaitsForWhoeverHasNotSigned(t *testing.T) {
	sign, approve, rework := inbox.SignPlanAsEmployee, inbox.SignPlanAsAppraiser, inbox.ReworkPlan
	matter{
		{fact: plan.Opened{Plan: "1", Person: "clerk", Appraiser: "chief", Unit: "u", Span: domain.Span{From: "2026-01-01"}}},
		{fact: plan.Submitted{Content: "c"}, clerk: tasks(sign), chief: tasks(approve)},
		{fact: plan.Returned{Reason: "r"}, clerk: tasks(rework)},
		{fact: plan.ResultAmended{Result: "r", Wording: "w"}, clerk: tasks(rework)},
		{fact: plan.Submitted{Content: "c"}, clerk: tasks(sign), chief: tasks(approve)},
		{fact: plan.SignedByEmployee{Content: "c"}, chief: tasks(approve)},
		{fact: plan.SignedByAppraiser{Content: "c"}},
		{fact: plan.SignatureWithdrawn{Reason: "r"}, clerk: tasks(rework)},
		{fact: plan.AppraiserChanged{Appraiser: "next"}, clerk: tasks(rework)},
		{fact: plan.Submitted{Content: "c"}, clerk: tasks(sign), next: tasks(approve)},
		{fact: plan.SignedByAppraiser{Content: "c"}, clerk: tasks(sign)},
		{fact: plan.AppraiserChanged{Appraiser: "chief"}, clerk: tasks(sign), chief: tasks(approve)},
		{fact: plan.ResultAdded{Result: "r2", Kind: plan.Main, Wording: "w"}},
		{fact: plan.Submitted{Content: "c"}, clerk: tasks(sign), chief: tasks(approve)},
		{fact: plan.Closed{LastDay: "2026-02-01", Cause: plan.Transfer}},
	}.check(t, "plan-1")
}

func TestAReportGoesToAndFro(t *testing.T) {
	matter{
		{fact: progress.Reported{Report: "1", Person: "clerk", Superior: "chief", On: "2026-01-05", Text: "t"}, chief: tasks(inbox.AcknowledgeReport)},
		{fact: progress.Questioned{By: "next", Question: "q"}, clerk: tasks(inbox.AnswerQuestion)},
		{fact: progress.Answered{Answer: "a"}, next: tasks(inbox.ReadAnswer)},
		{fact: progress.Acknowledged{By: "next"}},
		{fact: progress.Corrected{Version: 2, Text: "t", Reason: "r"}, next: tasks(inbox.AcknowledgeReport)},
		{fact: progress.Corrected{Version: 3, Text: "t", Reason: "r"}, next: tasks(inbox.AcknowledgeReport)},
		{fact: progress.Withdrawn{Reason: "r"}},
	}.check(t, "progress-1")
}

func TestAReportWithoutASuperiorWaitsForNobody(t *testing.T) {
	matter{{fact: progress.Reported{Report: "1", Person: "clerk", On: "2026-01-05", Text: "t"}}}.check(t, "progress-1")
}

func TestFeedbackIsToBeReadAndSoIsAReply(t *testing.T) {
	matter{
		{fact: feedback.Given{Feedback: "1", About: "clerk", By: "chief", Relation: feedback.FromSuperior, Tone: feedback.Praise, Text: "t"},
			clerk: tasks(inbox.ReadFeedback)},
		{fact: feedback.Read{}},
		{fact: feedback.Replied{By: "clerk", Text: "t"}, chief: tasks(inbox.ReadReply)},
		{fact: feedback.Replied{By: "chief", Text: "t"}, clerk: tasks(inbox.ReadReply)},
		{fact: feedback.Disputed{Reason: "r"}},
	}.check(t, "feedback-1")
}

func TestAnAppraisalIsFinishedAndThenReceived(t *testing.T) {
	matter{
		{fact: appraisal.Opened{Appraisal: "1", Person: "clerk", Appraiser: "chief", Unit: "u", Kind: appraisal.Annual}, chief: tasks(inbox.FinishAppraisal)},
		{fact: appraisal.ResultRated{Rating: appraisal.Above}, chief: tasks(inbox.FinishAppraisal)},
		{fact: appraisal.Delivered{}, clerk: tasks(inbox.ReceiveAppraisal)},
		{fact: appraisal.Received{}},
	}.check(t, "appraisal-1")
}
