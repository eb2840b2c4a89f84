package commands_test

import (
	"reflect"
	"testing"

	"github.com/jejak-kinerja/jejak/commands"
	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/person"
	"github.com/jejak-kinerja/jejak/domain/plan"
)

// done fails the test when an order was refused.
func done(t *testing.T) func(commands.Outcome, error) commands.Outcome {
	return func(out commands.Outcome, err error) commands.Outcome {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
}

func refused(t *testing.T, slug string) func(commands.Outcome, error) {
	return func(_ commands.Outcome, err error) {
		t.Helper()
		if domain.SlugOf(err) != slug {
			t.Fatalf("want %q, got %v", slug, err)
		}
	}
}

// key gives the same asker another key.
func key(a commands.Ask, k domain.CommandID) commands.Ask { a.Key = k; return a }

func TestAPlanIsOpenedForTheMainPostUnderTheSuperiorOnFile(t *testing.T) {
	h := newHall(t)
	out := done(t)(h.OpenPlan(ctx, as(ina), commands.OpenPlan{}))
	want := plan.Opened{Plan: domain.PlanID(out.ID()), Person: ina, Appraiser: budi, Unit: "dinas", Post: "Analis",
		Span: domain.Span{From: "2026-01-01", Until: "2026-12-31"}}
	if got := h.facts(out.Stream, 0); !reflect.DeepEqual(got, []any{want}) {
		t.Fatalf("got %#v", got)
	}
}

func TestALeaderWithoutASuperiorOpensALeadersPlan(t *testing.T) {
	h := newHall(t)
	done(t)(h.OpenPlan(ctx, as(cut), commands.OpenPlan{}))
	if got := h.last().Body.(plan.Opened); !got.Leader || got.Appraiser != "" {
		t.Fatalf("got %#v", got)
	}
}

func TestOnePlanForOnePersonPostAndYear(t *testing.T) {
	h := newHall(t)
	first := done(t)(h.OpenPlan(ctx, as(ina), commands.OpenPlan{}))
	again := done(t)(h.OpenPlan(ctx, key(as(ina), "another-key"), commands.OpenPlan{}))
	if again.Stream != first.Stream || again.Events != 0 || again.Replayed {
		t.Fatalf("a second plan: %+v", again)
	}
	refused(t, "plan-already-opened")(h.OpenPlan(ctx, key(as(ina), "a-third-key"), commands.OpenPlan{Span: domain.Span{From: "2026-02-01", Until: "2026-12-31"}}))
	next := done(t)(h.OpenPlan(ctx, key(as(ina), "a-fourth-key"), commands.OpenPlan{Span: domain.Span{From: "2027-01-01", Until: "2027-12-31"}}))
	if next.Stream == first.Stream {
		t.Fatal("next year's plan is this year's")
	}
}

func TestAnActingPostHasItsOwnPlan(t *testing.T) {
	h := newHall(t)
	h.given("person", "ina", person.PostAssigned{Post: "p2", Title: "Plt. Kepala Seksi", Level: person.Supervisor, Unit: "seksi", Acting: domain.ActingVacant, From: "2026-09-01"})
	done(t)(h.OpenPlan(ctx, as(ina), commands.OpenPlan{}))
	done(t)(h.OpenPlan(ctx, key(as(ina), "another-key"), commands.OpenPlan{Post: "p2"}))
	got := h.last().Body.(plan.Opened)
	if got.Acting != domain.ActingVacant || got.Unit != "seksi" || got.Span.From != "2026-09-01" {
		t.Fatalf("got %#v", got)
	}
	refused(t, "post-unknown")(h.OpenPlan(ctx, key(as(ina), "a-third-key"), commands.OpenPlan{Post: "p3"}))
}

func TestEditsAreStoredAllOrNone(t *testing.T) {
	h := newHall(t)
	h.given("plan", "p", planOpened)
	add := plan.AddResult{By: budi, Kind: plan.Main, Wording: "Terlaksananya layanan"} // By is always who asks
	id := domain.ResultID(as(ina).NewID("result/0"))
	measure := plan.SetIndicator{Result: id, Wording: "Jumlah", Aspect: plan.Quantity, Target: 100, Measure: "laporan"}
	bad := measure
	bad.Aspect = plan.Budget
	refused(t, "aspect-not-for-plan")(h.EditPlan(ctx, as(ina), "p", []commands.PlanEdit{add, bad}))
	if n := len(h.facts("plan-p", 1)); n != 0 {
		t.Fatalf("%d edits of a refused request are stored", n)
	}
	out := done(t)(h.EditPlan(ctx, as(ina), "p", []commands.PlanEdit{add, measure}))
	want := []any{plan.ResultAdded{Result: id, Kind: plan.Main, Wording: "Terlaksananya layanan"},
		plan.IndicatorSet{Result: id, Key: "i1", Wording: "Jumlah", Aspect: plan.Quantity, Target: 100, Measure: "laporan"}}
	if got := h.facts("plan-p", 1); out.Events != 2 || !reflect.DeepEqual(got, want) {
		t.Fatalf("got %#v", got)
	}
	refused(t, "edits-count")(h.EditPlan(ctx, as(ina), "p", nil))
}

func TestSubmittingSignsAsEmployeeAndTheAppraisersSignatureEstablishes(t *testing.T) {
	h := newHall(t)
	h.given("plan", "p", planWritten...)
	submit := commands.SubmitPlan{Plan: "p"}
	first := done(t)(h.SubmitPlan(ctx, as(ina), submit))
	refused(t, "content-changed")(h.SignPlan(ctx, as(budi), commands.SignPlan{Plan: "p", Content: "other"}))
	done(t)(h.SignPlan(ctx, as(budi), commands.SignPlan{Plan: "p", Content: planContent}))
	want := []any{plan.Submitted{Content: planContent}, plan.SignedByEmployee{Content: planContent},
		plan.SignedByAppraiser{Content: planContent}, plan.Established{Content: planContent, Version: 1}}
	if got := h.facts("plan-p", 3); !reflect.DeepEqual(got, want) {
		t.Fatalf("got %#v", got)
	}
	again := done(t)(h.SubmitPlan(ctx, as(ina), submit))
	if !again.Replayed || again.Position != first.Position || again.Revision != first.Revision {
		t.Fatalf("the repeat after the stream moved on: %+v, first %+v", again, first)
	}
}

func TestARepeatIsAnsweredEvenWhenItWouldBeRefusedNow(t *testing.T) {
	h := newHall(t)
	h.given("plan", "p", planSubmitted...)
	back := commands.ReturnPlan{Plan: "p", Reason: "Target terlalu rendah"}
	first := done(t)(h.ReturnPlan(ctx, as(budi), back))
	h.given("person", "ina", person.ReportingLineSet{Superior: dewi, From: "2026-11-01"})
	h.given("person", "budi", person.Separated{LastDay: "2026-11-01", Cause: person.Moved})
	again := done(t)(h.ReturnPlan(ctx, as(budi), back))
	if !again.Replayed || again.Position != first.Position {
		t.Fatalf("got %+v", again)
	}
	refused(t, "idempotency-key-reused")(h.ReturnPlan(ctx, as(budi), commands.ReturnPlan{Plan: "p", Reason: "Lain"}))
}

func TestWhyAPlanWentBackIsSealedUnderTheEmployeesKey(t *testing.T) {
	h := newHall(t)
	h.given("plan", "p", planSubmitted...)
	done(t)(h.ReturnPlan(ctx, as(budi), commands.ReturnPlan{Plan: "p", Reason: "Target terlalu rendah"}))
	want := sealed(ina, "reason", "Target terlalu rendah")
	if got := h.last(); got.Body != any(plan.Returned{Reason: want}) || got.Meta.Reason != want || got.Meta.Authority != commands.AsSuperior {
		t.Fatalf("got %#v", got)
	}
	refused(t, "text-missing")(h.ReturnPlan(ctx, key(as(budi), "another-key"), commands.ReturnPlan{Plan: "p"}))
}

func TestTheAppraiserFollowsTheReportingLineOnly(t *testing.T) {
	h := newHall(t)
	h.given("plan", "p", planSubmitted...)
	change := commands.ChangePlanAppraiser{Plan: "p", Appraiser: dewi}
	refused(t, "not-the-superior")(h.ChangePlanAppraiser(ctx, as(fitri), change))
	h.given("person", "ina", person.ReportingLineSet{Superior: dewi, From: "2026-11-01"})
	refused(t, "not-the-superior")(h.SignPlan(ctx, as(budi), commands.SignPlan{Plan: "p", Content: planContent}))
	refused(t, "not-the-appraiser")(h.SignPlan(ctx, as(dewi), commands.SignPlan{Plan: "p", Content: planContent}))
	done(t)(h.ChangePlanAppraiser(ctx, as(fitri), change))
	done(t)(h.SignPlan(ctx, as(dewi), commands.SignPlan{Plan: "p", Content: planContent}))
	if _, ok := h.last().Body.(plan.Established); !ok {
		t.Fatalf("got %#v", h.last().Body)
	}
}
