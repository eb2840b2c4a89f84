package commands_test

import (
	"reflect"
	"testing"

	"github.com/jejak-kinerja/jejak/commands"
	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/appraisal"
	"github.com/jejak-kinerja/jejak/domain/plan"
	"github.com/jejak-kinerja/jejak/domain/progress"
)

func TestAnAppraisalFromOpeningToReceipt(t *testing.T) {
	h := newHall(t)
	h.given("plan", "p", planEstablished...)
	h.given("progress", "x", workReported)
	out := done(t)(h.OpenAppraisal(ctx, as(budi), commands.OpenAppraisal{Person: ina, Plan: "p", Kind: appraisal.Annual, Span: planOpened.Span}))
	id := domain.AppraisalID(out.ID())
	want := appraisalOpened
	want.Appraisal = id
	if got := h.last().Body; got != any(want) {
		t.Fatalf("got %#v", got)
	}
	result := commands.RateResult{Appraisal: id, Rating: appraisal.Above}
	refused(t, "realisation-missing")(h.RateResult(ctx, key(as(budi), "rate-early"), result))
	done(t)(h.RecordRealisation(ctx, key(as(budi), "record-one"), commands.RecordRealisation{Appraisal: id, Result: "r1", Quantity: 1300, Measure: "laporan", Reports: []domain.ReportID{"x"}}))
	done(t)(h.RateResult(ctx, key(as(budi), "rate-result"), result))
	refused(t, "predicate-missing")(h.DeliverAppraisal(ctx, key(as(budi), "deliver-early"), id))
	done(t)(h.RateBehaviour(ctx, key(as(budi), "rate-behaviour"), commands.RateBehaviour{Appraisal: id, Values: sevenValues(), Rating: appraisal.AsExpected}))
	if got := h.last().Body; got != any(appraisal.PredicateDerived{Result: appraisal.Above, Behaviour: appraisal.AsExpected, Predicate: appraisal.Good}) {
		t.Fatalf("got %#v", got)
	}
	refused(t, "appraisal-not-delivered")(h.ReceiveAppraisal(ctx, as(ina), id))
	done(t)(h.DeliverAppraisal(ctx, key(as(budi), "deliver-now"), id))
	done(t)(h.ReceiveAppraisal(ctx, as(ina), id))
	again := done(t)(h.ReceiveAppraisal(ctx, key(as(ina), "receive-again"), id))
	if again.Events != 0 {
		t.Fatalf("received twice: %+v", again)
	}
}

func TestTheSameAppraisalIsOpenedOnceUnderAnyKey(t *testing.T) {
	h := newHall(t)
	open := commands.OpenAppraisal{Person: ina, Kind: appraisal.Annual, Span: planOpened.Span}
	first := done(t)(h.OpenAppraisal(ctx, as(budi), open))
	again := done(t)(h.OpenAppraisal(ctx, key(as(budi), "another-key"), open))
	if again.Stream != first.Stream || again.Events != 0 {
		t.Fatalf("a second appraisal: %+v", again)
	}
	open.Plan = "nothing"
	refused(t, "plan-unknown")(h.OpenAppraisal(ctx, key(as(budi), "a-third-key"), open))
	h.given("plan", "q", plan.Opened{Plan: "q", Person: dewi, Unit: "dinas", Post: "Analis", Span: planOpened.Span})
	open.Plan = "q"
	refused(t, "plan-of-another")(h.OpenAppraisal(ctx, key(as(budi), "a-fourth-key"), open))
}

func TestARealisationRestsOnThePersonsOwnReports(t *testing.T) {
	h := newHall(t)
	appraisals(appraisalOpened)(h)
	other := workReported
	other.Report, other.Person = "y", dewi
	h.given("progress", "y", other)
	h.given("progress", "w", workReported, progress.Withdrawn{Reason: "w"})
	for slug, change := range map[string]func(*commands.RecordRealisation){
		"report-of-another": func(c *commands.RecordRealisation) { c.Reports = []domain.ReportID{"x", "y"} },
		"report-withdrawn":  func(c *commands.RecordRealisation) { c.Reports = []domain.ReportID{"w"} },
		"report-unknown":    func(c *commands.RecordRealisation) { c.Reports = []domain.ReportID{"z"} },
		"result-unknown":    func(c *commands.RecordRealisation) { c.Result = "r9" },
		"evidence-missing":  func(c *commands.RecordRealisation) { c.Reports = nil },
		"too-many-reports": func(c *commands.RecordRealisation) {
			c.Reports = make([]domain.ReportID, appraisal.MaxReports+1)
		},
	} {
		c := commands.RecordRealisation{Appraisal: "a", Result: "r1", Reports: []domain.ReportID{"x"}}
		change(&c)
		refused(t, slug)(h.RecordRealisation(ctx, as(budi), c))
	}
	done(t)(h.RecordRealisation(ctx, as(budi), commands.RecordRealisation{Appraisal: "a", Result: "r1", NoEvidence: "Berkas terbakar"}))
	want := appraisal.RealisationRecorded{Result: "r1", NoEvidence: sealed(ina, "no_evidence", "Berkas terbakar")}
	if got := h.last().Body; !reflect.DeepEqual(got, any(want)) {
		t.Fatalf("got %#v", got)
	}
}

func TestAChangedScoreSaysFromWhatToWhatWhyAndOnWhoseAuthority(t *testing.T) {
	h := newHall(t)
	appraisals(appraisalDelivered...)(h)
	change := commands.ChangeScore{Appraisal: "a", Dimension: appraisal.OfBehaviour, Old: appraisal.Above, New: appraisal.Below,
		Reason: "Keberatan diterima", Reference: "keberatan-1"}
	done(t)(h.ChangeScore(ctx, as(cut), change))
	reason := sealed(ina, "reason", "Keberatan diterima")
	want := []any{
		appraisal.ScoreChanged{Dimension: appraisal.OfBehaviour, Old: appraisal.Above, New: appraisal.Below, Reason: reason,
			Authority: appraisal.ByAppraisersSuperior, Reference: "keberatan-1"},
		appraisal.PredicateDerived{Result: appraisal.Above, Behaviour: appraisal.Below, Predicate: appraisal.Poor},
	}
	if got := h.facts("appraisal-a", 6); !reflect.DeepEqual(got, want) {
		t.Fatalf("got %#v", got)
	}
	if m := h.last().Meta; m.Reason != reason || m.Authority != commands.AsUpperLine {
		t.Fatalf("got %+v", m)
	}
	_, err := h.ChangeScore(ctx, key(as(cut), "another-key"), change)
	if domain.SlugOf(err) != "score-moved" || domain.KindOf(err) != domain.Conflict {
		t.Fatalf("got %v", err)
	}
}
