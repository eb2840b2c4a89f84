package commands_test

import (
	"context"
	"errors"
	"testing"

	"github.com/jejak-kinerja/jejak/commands"
	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/appraisal"
	"github.com/jejak-kinerja/jejak/domain/feedback"
	"github.com/jejak-kinerja/jejak/domain/plan"
)

// who maps an asker to the refusal; askers not named are refused with the row's rest.
type who map[domain.PersonID]string

// performanceOrders is every order on plans, progress, feedback and appraisals:
// what happened before, the order, and who may give it.
var performanceOrders = []struct {
	name  string
	given func(hall)
	order func(hall, commands.Ask) (commands.Outcome, error)
	who   who
	rest  string
}{
	{"OpenPlan", func(hall) {}, func(h hall, a commands.Ask) (commands.Outcome, error) {
		return h.OpenPlan(ctx, a, commands.OpenPlan{})
	}, who{ina: "", budi: "", eko: "", cut: "", dewi: "", fitri: ""}, ""},
	{"EditPlan", plans(planWritten), func(h hall, a commands.Ask) (commands.Outcome, error) {
		return h.EditPlan(ctx, a, "p", []commands.PlanEdit{plan.AddResult{Kind: plan.Additional, Wording: "Tersusunnya laporan bencana"}})
	}, who{ina: ""}, "not-the-employee"},
	{"SubmitPlan", plans(planWritten), func(h hall, a commands.Ask) (commands.Outcome, error) {
		return h.SubmitPlan(ctx, a, commands.SubmitPlan{Plan: "p", Content: planContent})
	}, who{ina: ""}, "not-the-employee"},
	{"ReturnPlan", plans(planSubmitted), func(h hall, a commands.Ask) (commands.Outcome, error) {
		return h.ReturnPlan(ctx, a, commands.ReturnPlan{Plan: "p", Reason: "Target terlalu rendah"})
	}, who{budi: ""}, "not-the-superior"},
	{"SignPlan", plans(planSubmitted[:4]), func(h hall, a commands.Ask) (commands.Outcome, error) {
		return h.SignPlan(ctx, a, commands.SignPlan{Plan: "p", Content: planContent})
	}, who{ina: "", budi: ""}, "not-the-superior"},
	{"WithdrawSignature", plans(planEstablished), func(h hall, a commands.Ask) (commands.Outcome, error) {
		return h.WithdrawSignature(ctx, a, commands.WithdrawSignature{Plan: "p", Reason: "Tugas baru"})
	}, who{ina: "", budi: ""}, "not-the-superior"},
	{"ClosePlan", plans(planEstablished), func(h hall, a commands.Ask) (commands.Outcome, error) {
		return h.ClosePlan(ctx, a, commands.ClosePlan{Plan: "p", LastDay: "2026-12-31", Cause: plan.YearEnd})
	}, who{budi: "", fitri: ""}, "role-needed"},
	{"ChangePlanAppraiser", func(h hall) {
		former := planOpened
		former.Appraiser = eko
		h.given("plan", "p", former)
	}, func(h hall, a commands.Ask) (commands.Outcome, error) {
		return h.ChangePlanAppraiser(ctx, a, commands.ChangePlanAppraiser{Plan: "p", Appraiser: budi})
	}, who{ina: "", budi: "", fitri: ""}, "role-needed"},

	{"ReportProgress", func(hall) {}, func(h hall, a commands.Ask) (commands.Outcome, error) {
		return h.ReportProgress(ctx, a, commands.ReportProgress{Text: "Melayani 4 pemohon"})
	}, who{ina: "", budi: "", eko: "", cut: "", dewi: "", fitri: ""}, ""},
	{"ReportProgress for Ina's plan", plans(planEstablished), func(h hall, a commands.Ask) (commands.Outcome, error) {
		return h.ReportProgress(ctx, a, commands.ReportProgress{Plan: "p", Result: "r1", Text: "Melayani 4 pemohon"})
	}, who{ina: ""}, "plan-of-another"},
	{"CorrectProgress", reports(workReported), func(h hall, a commands.Ask) (commands.Outcome, error) {
		return h.CorrectProgress(ctx, a, commands.CorrectProgress{Report: "x", Text: "Melayani 5 pemohon", Reason: "Salah hitung"})
	}, who{ina: ""}, "not-the-author"},
	{"AnswerProgress", reports(workReported, workQuestioned), func(h hall, a commands.Ask) (commands.Outcome, error) {
		return h.AnswerProgress(ctx, a, commands.AnswerProgress{Report: "x", Answer: "Izin usaha mikro"})
	}, who{ina: ""}, "not-the-author"},
	{"WithdrawProgress", reports(workReported), func(h hall, a commands.Ask) (commands.Outcome, error) {
		return h.WithdrawProgress(ctx, a, commands.WithdrawProgress{Report: "x", Reason: "Laporan ganda"})
	}, who{ina: ""}, "not-the-author"},
	{"AcknowledgeProgress", reports(workReported), func(h hall, a commands.Ask) (commands.Outcome, error) {
		return h.AcknowledgeProgress(ctx, a, commands.AcknowledgeProgress{Report: "x", Note: "Baik"})
	}, who{budi: "", ina: "own-report"}, "not-the-superior"},
	{"AcknowledgeProgress of the predecessor's days", func(h hall) {
		old := workReported
		old.Superior, old.On = eko, "2026-05-04"
		h.given("progress", "x", old)
	}, func(h hall, a commands.Ask) (commands.Outcome, error) {
		return h.AcknowledgeProgress(ctx, a, commands.AcknowledgeProgress{Report: "x"})
	}, who{eko: "", budi: "", ina: "own-report"}, "not-the-superior"},
	{"QuestionProgress", reports(workReported), func(h hall, a commands.Ask) (commands.Outcome, error) {
		return h.QuestionProgress(ctx, a, commands.QuestionProgress{Report: "x", Question: "Izin apa?"})
	}, who{budi: "", ina: "own-report"}, "not-the-superior"},

	{"GiveFeedback", func(hall) {}, func(h hall, a commands.Ask) (commands.Outcome, error) {
		return h.GiveFeedback(ctx, a, commands.GiveFeedback{About: ina, Tone: feedback.Praise, Text: "Cepat dan ramah"})
	}, who{budi: "", eko: "", cut: "", dewi: "", fitri: ""}, "feedback-to-self"},
	{"ReadFeedback", feedbacks(wordGiven), func(h hall, a commands.Ask) (commands.Outcome, error) {
		return h.ReadFeedback(ctx, a, "f")
	}, who{ina: ""}, "not-the-person"},
	{"ReplyFeedback", feedbacks(wordGiven), func(h hall, a commands.Ask) (commands.Outcome, error) {
		return h.ReplyFeedback(ctx, a, commands.ReplyFeedback{Feedback: "f", Text: "Terima kasih"})
	}, who{ina: "", budi: ""}, "not-in-the-thread"},
	{"DisputeFeedback", feedbacks(wordGiven), func(h hall, a commands.Ask) (commands.Outcome, error) {
		return h.DisputeFeedback(ctx, a, commands.DisputeFeedback{Feedback: "f", Reason: "Bukan tugas saya"})
	}, who{ina: ""}, "not-the-person"},

	{"OpenAppraisal", plans(planEstablished), func(h hall, a commands.Ask) (commands.Outcome, error) {
		return h.OpenAppraisal(ctx, a, commands.OpenAppraisal{Person: ina, Plan: "p", Kind: appraisal.Annual, Span: planOpened.Span})
	}, who{budi: ""}, "not-the-superior"},
	{"OpenAppraisal of the predecessor's months", plans(planEstablished), func(h hall, a commands.Ask) (commands.Outcome, error) {
		return h.OpenAppraisal(ctx, a, commands.OpenAppraisal{Person: ina, Kind: appraisal.Periodic, Span: domain.Span{From: "2026-01-01", Until: "2026-03-31"}})
	}, who{eko: ""}, "not-the-superior"},
	{"RecordRealisation", appraisals(appraisalOpened), func(h hall, a commands.Ask) (commands.Outcome, error) {
		return h.RecordRealisation(ctx, a, commands.RecordRealisation{Appraisal: "a", Result: "r1", Reports: []domain.ReportID{"x"}})
	}, who{budi: ""}, "not-the-appraiser"},
	{"RateResult", appraisals(appraisalOpened, appraisalReached), func(h hall, a commands.Ask) (commands.Outcome, error) {
		return h.RateResult(ctx, a, commands.RateResult{Appraisal: "a", Rating: appraisal.Above, Note: "Melampaui target"})
	}, who{budi: ""}, "not-the-appraiser"},
	{"RateBehaviour", appraisals(appraisalOpened), func(h hall, a commands.Ask) (commands.Outcome, error) {
		return h.RateBehaviour(ctx, a, commands.RateBehaviour{Appraisal: "a", Values: sevenValues(), Rating: appraisal.Above})
	}, who{budi: ""}, "not-the-appraiser"},
	{"ChangeScore before delivery", appraisals(appraisalRated...), func(h hall, a commands.Ask) (commands.Outcome, error) {
		return h.ChangeScore(ctx, a, commands.ChangeScore{Appraisal: "a", Dimension: appraisal.OfResult, Old: appraisal.Above, New: appraisal.Below, Reason: "Salah tulis"})
	}, who{budi: "", ina: "own-score", cut: "appraisal-not-delivered"}, "not-the-appraisers-superior"},
	{"ChangeScore after delivery", appraisals(appraisalDelivered...), func(h hall, a commands.Ask) (commands.Outcome, error) {
		return h.ChangeScore(ctx, a, commands.ChangeScore{Appraisal: "a", Dimension: appraisal.OfResult, Old: appraisal.Above, New: appraisal.Below, Reason: "Keberatan diterima", Reference: "keberatan-1"})
	}, who{cut: "", ina: "own-score", budi: "appraisal-delivered"}, "not-the-appraisers-superior"},
	{"DeliverAppraisal", appraisals(appraisalRated...), func(h hall, a commands.Ask) (commands.Outcome, error) {
		return h.DeliverAppraisal(ctx, a, "a")
	}, who{budi: ""}, "not-the-appraiser"},
	{"ReceiveAppraisal", appraisals(appraisalDelivered...), func(h hall, a commands.Ask) (commands.Outcome, error) {
		return h.ReceiveAppraisal(ctx, a, "a")
	}, who{ina: ""}, "not-the-person"},
}

var ctx = context.Background()

func plans(facts []any) func(hall)      { return func(h hall) { h.given("plan", "p", facts...) } }
func reports(facts ...any) func(hall)   { return func(h hall) { h.given("progress", "x", facts...) } }
func feedbacks(facts ...any) func(hall) { return func(h hall) { h.given("feedback", "f", facts...) } }

func appraisals(facts ...any) func(hall) {
	return func(h hall) {
		h.given("plan", "p", planEstablished...)
		h.given("progress", "x", workReported)
		h.given("appraisal", "a", facts...)
	}
}

func TestWhoMayGiveWhichOrder(t *testing.T) {
	for _, row := range performanceOrders {
		for _, asker := range []domain.PersonID{ina, budi, eko, cut, dewi, fitri, gani, "stranger", ""} {
			want, named := row.who[asker]
			if !named {
				want = row.rest
			}
			switch asker {
			case gani:
				want = "not-in-service"
			case "stranger":
				want = "login-unknown"
			case "":
				want = "login-needed"
			}
			t.Run(row.name+" by "+string(asker), func(t *testing.T) {
				h := newHall(t)
				row.given(h)
				before := len(h.log.All())
				out, err := row.order(h, as(asker))
				if got := domain.SlugOf(err); got != want || err != nil && got == "" {
					t.Fatalf("want %q, got %v", want, err)
				}
				if err == nil && (out.Events == 0 || len(h.log.All()) != before+out.Events || h.last().Meta.Authority == "") {
					t.Fatalf("nothing stored, or on no authority: %+v", h.last().Meta)
				}
				if err != nil && (len(h.log.All()) != before || h.chest.kept != 0) {
					t.Fatal("a refused order left something behind")
				}
			})
		}
	}
}

// granted runs every order once by somebody who may give it.
func granted(t *testing.T, check func(t *testing.T, h hall, ask commands.Ask, order func(commands.Ask) (commands.Outcome, error))) {
	for _, row := range performanceOrders {
		t.Run(row.name, func(t *testing.T) {
			for asker, slug := range row.who {
				if slug != "" {
					continue
				}
				h := newHall(t)
				row.given(h)
				check(t, h, as(asker), func(a commands.Ask) (commands.Outcome, error) { return row.order(h, a) })
			}
		})
	}
}

func TestTheSameKeyTwiceIsOneAnswer(t *testing.T) {
	granted(t, func(t *testing.T, h hall, ask commands.Ask, order func(commands.Ask) (commands.Outcome, error)) {
		first, err := order(ask)
		if err != nil {
			t.Fatal(err)
		}
		stored, kept := len(h.log.All()), h.chest.kept
		again, err := order(ask)
		if err != nil {
			t.Fatal(err)
		}
		if again.Position != first.Position || again.Stream != first.Stream || again.Events != first.Events {
			t.Fatalf("first %+v, again %+v", first, again)
		}
		if !again.Replayed || first.Replayed || len(h.log.All()) != stored || h.chest.kept != kept {
			t.Fatalf("the repeat stored again: %+v", again)
		}
	})
}

func TestAnOrderOnAnOldRevisionIsStale(t *testing.T) {
	granted(t, func(t *testing.T, h hall, ask commands.Ask, order func(commands.Ask) (commands.Outcome, error)) {
		revision := int64(99)
		ask.IfMatch = &revision
		if _, err := order(ask); domain.SlugOf(err) != "revision-stale" {
			t.Fatalf("want revision-stale, got %v", err)
		}
	})
}

func TestWithoutAKeyNothingIsDone(t *testing.T) {
	granted(t, func(t *testing.T, h hall, ask commands.Ask, order func(commands.Ask) (commands.Outcome, error)) {
		ask.Key = ""
		if _, err := order(ask); domain.SlugOf(err) != "idempotency-key-length" || h.chest.kept != 0 {
			t.Fatalf("want idempotency-key-length, got %v", err)
		}
	})
}

func TestWhenTheVaultFailsNothingIsStored(t *testing.T) {
	broken := errors.New("vault broken")
	granted(t, func(t *testing.T, h hall, ask commands.Ask, order func(commands.Ask) (commands.Outcome, error)) {
		h.chest.broken = broken
		before := len(h.log.All())
		if _, err := order(ask); err != nil && (!errors.Is(err, broken) || len(h.log.All()) != before) {
			t.Fatalf("want the vault's fault and no fact, got %v", err)
		}
		if h.chest.broken = nil; len(h.log.All()) == before {
			if _, err := order(ask); err != nil {
				t.Fatalf("after the vault is mended: %v", err)
			}
		}
	})
}
