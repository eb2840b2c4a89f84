package commands_test

import (
	"context"
	"errors"
	"reflect"
	"testing"
	"time"

	"github.com/jejak-kinerja/jejak/commands"
	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/person"
	"github.com/jejak-kinerja/jejak/domain/policy"
	"github.com/jejak-kinerja/jejak/domain/progress"
)

func TestAReportNamesSuperiorUnitAndPolicyOfItsDay(t *testing.T) {
	h := newHall(t)
	photo := commands.EvidenceFile{MediaType: "image/png", Content: []byte("picture")}
	out := done(t)(h.ReportProgress(ctx, as(ina), commands.ReportProgress{Text: "Melayani 4 pemohon", Quantity: 400, Measure: "pemohon",
		On: "2026-11-20", Evidence: []commands.EvidenceFile{photo}}))
	want := progress.Reported{Report: domain.ReportID(as(ina).NewID("progress")), Person: ina, Superior: budi, Unit: "dinas", On: "2026-11-20",
		Quantity: 400, Measure: "pemohon", Text: sealed(ina, "text", "Melayani 4 pemohon"),
		Evidence: []domain.Evidence{{Digest: sealed(ina, "file", "picture"), MediaType: "image/png", SizeBytes: 7}}}
	got := h.last()
	if !reflect.DeepEqual(got.Body, any(want)) || out.ID() != string(want.Report) {
		t.Fatalf("got %#v", got.Body)
	}
	if got.Meta.Policy != "kinerja@0" || got.Meta.Authority != commands.OwnMatter {
		t.Fatalf("got %+v", got.Meta)
	}
	if day := time.Date(2026, 11, 19, 17, 0, 0, 0, time.UTC); !got.Meta.EffectiveAt.Equal(day) {
		t.Fatalf("holds since %s, want the first moment of its day in Sabang, %s", got.Meta.EffectiveAt, day)
	}
}

func TestAReportWithoutADayIsOfTheDayItWasWritten(t *testing.T) {
	h := newHall(t)
	ask := as(ina)
	ask.EffectiveAt = time.Date(2026, 11, 20, 18, 0, 0, 0, time.UTC) // the 21st in Sabang; sent when there was a line again
	done(t)(h.ReportProgress(ctx, ask, commands.ReportProgress{Text: "Melayani 4 pemohon"}))
	if got := h.last(); got.Body.(progress.Reported).On != "2026-11-21" || !got.Meta.EffectiveAt.Equal(ask.EffectiveAt) {
		t.Fatalf("got %#v, %s", got.Body, got.Meta.EffectiveAt)
	}
	done(t)(h.ReportProgress(ctx, key(as(ina), "another-key"), commands.ReportProgress{Text: "Melayani 4 pemohon"}))
	if got := h.last().Body.(progress.Reported).On; got != "2026-11-23" {
		t.Fatalf("got %s", got)
	}
}

func TestAReportIsTakenWithoutPostOrSuperiorOnFile(t *testing.T) {
	h := newHall(t)
	h.given("person", "hasan", person.Registered{Person: "hasan", Employment: person.PPPK})
	done(t)(h.ReportProgress(ctx, as("hasan"), commands.ReportProgress{Text: "Melayani 4 pemohon"}))
	if got := h.last().Body.(progress.Reported); got.Superior != "" || got.Unit != "" {
		t.Fatalf("got %#v", got)
	}
}

func TestHowOldADayMayBeIsPolicy(t *testing.T) {
	h := newHall(t)
	old := commands.ReportProgress{Text: "Melayani 4 pemohon", On: "2026-11-15"}
	refused(t, "late-reason-missing")(h.ReportProgress(ctx, as(ina), old))
	numbers := policy.Defaults()
	numbers.BackdateReasonDays = 10
	h.given("policy", "kinerja", policy.VersionPublished{Policy: "kinerja", Version: 1, From: "2026-01-01", Numbers: numbers, Basis: "x"})
	done(t)(h.ReportProgress(ctx, as(ina), old))
	if got := h.last().Meta.Policy; got != "kinerja@1" {
		t.Fatalf("decided by %s", got)
	}
}

func TestEvidenceIsCheckedBeforeItIsKept(t *testing.T) {
	h := newHall(t)
	for slug, files := range map[string][]commands.EvidenceFile{
		"too-much-evidence": make([]commands.EvidenceFile, progress.MaxEvidence+1),
		"file-empty":        {{MediaType: "image/png"}},
		"file-type-unknown": {{MediaType: "text/html", Content: []byte("<script>")}},
		"file-too-large":    {{MediaType: "image/png", Content: make([]byte, commands.MaxFileBytes+1)}},
	} {
		refused(t, slug)(h.ReportProgress(ctx, as(ina), commands.ReportProgress{Text: "x", Evidence: files}))
	}
	if h.chest.kept != 0 {
		t.Fatal("refused evidence was kept")
	}
}

func TestWorkCountsForAResultThePlanHas(t *testing.T) {
	h := newHall(t)
	h.given("plan", "p", planEstablished...)
	refused(t, "result-unknown")(h.ReportProgress(ctx, as(ina), commands.ReportProgress{Plan: "p", Result: "r9", Text: "x"}))
	refused(t, "plan-unknown")(h.ReportProgress(ctx, as(ina), commands.ReportProgress{Plan: "q", Result: "r9", Text: "x"}))
	refused(t, "plan-missing")(h.ReportProgress(ctx, as(ina), commands.ReportProgress{Result: "r1", Text: "x"}))
}

func TestACorrectionKeepsTheEvidenceThatIsNotDropped(t *testing.T) {
	h := newHall(t)
	h.given("progress", "x", workReported)
	more := commands.EvidenceFile{MediaType: "application/pdf", Content: []byte("letter")}
	fix := commands.CorrectProgress{Report: "x", Text: "Melayani 5 pemohon", Reason: "Salah hitung", Evidence: []commands.EvidenceFile{more}}
	done(t)(h.CorrectProgress(ctx, as(ina), fix))
	letter := domain.Evidence{Digest: sealed(ina, "file", "letter"), MediaType: "application/pdf", SizeBytes: 6}
	got := h.last().Body.(progress.Corrected)
	if want := append(workReported.Evidence[:1:1], letter); !reflect.DeepEqual(got.Evidence, want) || got.Version != 2 {
		t.Fatalf("got %#v", got)
	}
	fix.Drop, fix.Evidence = []domain.Sealed{"photo"}, nil
	done(t)(h.CorrectProgress(ctx, key(as(ina), "another-key"), fix))
	if got := h.last().Body.(progress.Corrected); !reflect.DeepEqual(got.Evidence, []domain.Evidence{letter}) || got.Version != 3 {
		t.Fatalf("got %#v", got)
	}
}

func TestManyReportsAreAcknowledgedEachOnItsOwn(t *testing.T) {
	h := newHall(t)
	other := workReported
	other.Report, other.Person, other.Superior = "y", dewi, cut
	h.given("progress", "x", workReported)
	h.given("progress", "y", other)
	batch := []domain.ReportID{"x", "y", "z"}
	answers, err := h.AcknowledgeAll(ctx, as(budi), batch)
	if err != nil || len(answers) != 3 {
		t.Fatalf("got %v, %v", answers, err)
	}
	for n, slug := range []string{"", "not-the-superior", "report-unknown"} {
		if a := answers[n]; a.Report != batch[n] || domain.SlugOf(a.Err) != slug {
			t.Errorf("%s: want %q, got %v", batch[n], slug, a.Err)
		}
	}
	again, err := h.AcknowledgeAll(ctx, as(budi), batch)
	if err != nil || !again[0].Outcome.Replayed || again[0].Outcome.Position != answers[0].Outcome.Position {
		t.Fatalf("the repeat: %+v, %v", again, err)
	}
}

func TestABatchStopsAtAFault(t *testing.T) {
	h := newHall(t)
	h.given("progress", "x", workReported)
	if _, err := h.AcknowledgeAll(ctx, as(""), []domain.ReportID{"x"}); domain.SlugOf(err) != "login-needed" {
		t.Fatalf("got %v", err)
	}
	if _, err := h.AcknowledgeAll(ctx, as(budi), nil); domain.SlugOf(err) != "reports-count" {
		t.Fatalf("got %v", err)
	}
	if _, err := h.AcknowledgeAll(ctx, as(budi), make([]domain.ReportID, commands.MaxAcknowledgements+1)); domain.SlugOf(err) != "reports-count" {
		t.Fatalf("got %v", err)
	}
	fault := errors.New("disk on fire")
	h.Store = faulty{h.log, fault}
	if _, err := h.AcknowledgeAll(ctx, as(budi), []domain.ReportID{"x"}); !errors.Is(err, fault) {
		t.Fatalf("got %v", err)
	}
}

// faulty is a store whose appends fail.
type faulty struct {
	commands.Store
	err error
}

func (f faulty) Append(context.Context, string, int64, []commands.NewEvent) (commands.Place, error) {
	return commands.Place{}, f.err
}
