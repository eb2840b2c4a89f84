package progress_test

import (
	"testing"

	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/progress"
)

var (
	noted    = progress.Acknowledged{By: budi}
	asked    = progress.Questioned{By: budi, Question: "q"}
	answered = progress.Answered{Answer: "a"}
)

func TestAReportIsAcknowledged(t *testing.T) {
	given(t, reported()).When(progress.Acknowledge{By: budi}).Then(noted)
	given(t, reported(), noted).When(progress.Acknowledge{By: budi}).Then()
	given(t, reported()).When(progress.Acknowledge{By: cut, OnFile: cut, Note: "n"}).Then(progress.Acknowledged{By: cut, Note: "n"})
}

func TestALaterNoteIsNotLost(t *testing.T) {
	given(t, reported(), noted).When(progress.Acknowledge{By: budi, Note: "n"}).Then(progress.Acknowledged{By: budi, Note: "n"})
}

func TestNobodyAnswersTheirOwnReport(t *testing.T) {
	given(t, reported()).When(progress.Acknowledge{By: ina, OnFile: ina}).ThenRefused("own-report")
	given(t, reported()).When(progress.Question{By: ina, OnFile: ina, Question: "q"}).ThenRefused("own-report")
	own := reported()
	own.Superior = ina
	given(t, own).When(progress.Acknowledge{By: ina}).ThenRefused("own-report")
}

func TestAColleagueAnswersNoReport(t *testing.T) {
	given(t, reported()).When(progress.Acknowledge{By: cut}).ThenRefused("not-the-superior")
	given(t, reported()).When(progress.Question{By: cut, Question: "q"}).ThenRefused("not-the-superior")
}

func TestAQuestionWaitsForItsAnswer(t *testing.T) {
	given(t, reported()).When(progress.Question{By: budi, Question: "q"}).Then(asked)
	given(t, reported(), noted).When(progress.Question{By: budi, Question: "q"}).Then(asked)
	given(t, reported(), asked).When(progress.Question{By: budi, Question: "q2"}).ThenRefused("report-questioned")
	given(t, reported(), asked).When(progress.Acknowledge{By: budi}).ThenRefused("report-questioned")
	given(t, reported(), asked).When(progress.Answer{By: ina, Answer: "a"}).Then(answered)
	given(t, reported(), asked, answered).When(progress.Acknowledge{By: budi}).Then(noted)
	given(t, reported(), asked, answered).When(progress.Question{By: budi, Question: "q"}).Then(asked)
}

func TestAskingAndAnsweringAreRefused(t *testing.T) {
	given(t, reported()).When(progress.Question{By: budi}).ThenRefused("text-missing")
	given(t, reported()).When(progress.Answer{By: ina, Answer: "a"}).ThenRefused("report-not-questioned")
	given(t, reported(), asked).When(progress.Answer{By: ina}).ThenRefused("text-missing")
	given(t, reported(), asked).When(progress.Answer{By: budi, Answer: "a"}).ThenRefused("not-the-author")
	given(t, reported(), asked, answered).When(progress.Answer{By: ina, Answer: "a"}).ThenRefused("report-not-questioned")
}

func correct(change func(*progress.Correct)) progress.Correct {
	c := progress.Correct{By: ina, Quantity: domain.Whole(3), Measure: "laporan", Text: "t2", Reason: "why"}
	change(&c)
	return c
}

func TestACorrectionIsTheNextVersion(t *testing.T) {
	second := progress.Corrected{Version: 2, Quantity: domain.Whole(3), Measure: "laporan", Text: "t2", Reason: "why"}
	given(t, reported()).When(correct(func(*progress.Correct) {})).Then(second)
	third := second
	third.Version, third.Text = 3, "t3"
	given(t, reported(), second).When(correct(func(c *progress.Correct) { c.Text = "t3" })).Then(third)
	given(t, reported(), second).When(correct(func(*progress.Correct) {})).Then()
}

func TestACorrectionAfterAcknowledgementMustBeAcknowledgedAgain(t *testing.T) {
	second := progress.Corrected{Version: 2, Text: "t2", Reason: "why"}
	given(t, reported(), noted, second).When(progress.Acknowledge{By: budi}).Then(noted)
}

func TestACorrectionLeavesAQuestionOpen(t *testing.T) {
	second := progress.Corrected{Version: 2, Text: "t2", Reason: "why"}
	given(t, reported(), asked, second).When(progress.Acknowledge{By: budi}).ThenRefused("report-questioned")
}

func TestCorrectingIsRefused(t *testing.T) {
	for slug, change := range map[string]func(*progress.Correct){
		"not-the-author":    func(c *progress.Correct) { c.By = budi },
		"reason-missing":    func(c *progress.Correct) { c.Reason = "" },
		"text-missing":      func(c *progress.Correct) { c.Text = "" },
		"quantity-negative": func(c *progress.Correct) { c.Quantity = -1 },
		"too-much-evidence": func(c *progress.Correct) { c.Evidence = make([]domain.Evidence, progress.MaxEvidence+1) },
	} {
		given(t, reported()).When(correct(change)).ThenRefused(slug)
	}
}

func TestAReportIsWithdrawn(t *testing.T) {
	given(t, reported()).When(progress.Withdraw{By: ina, Reason: "why"}).Then(progress.Withdrawn{Reason: "why"})
	given(t, reported(), noted).When(progress.Withdraw{By: ina, Reason: "why"}).Then(progress.Withdrawn{Reason: "why"})
	given(t, reported()).When(progress.Withdraw{By: ina}).ThenRefused("reason-missing")
	given(t, reported()).When(progress.Withdraw{By: budi, Reason: "why"}).ThenRefused("not-the-author")
}
