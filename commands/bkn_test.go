package commands_test

import (
	"strings"
	"testing"

	"github.com/jejak-kinerja/jejak/commands"
	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/bkn"
	"github.com/jejak-kinerja/jejak/domain/intake"
)

var (
	reportFile = strings.Repeat("0a", 32)
	inBKN      = bkn.ReportPlan{Plan: "skp-1", Status: "Persetujuan", Post: "Analis", Unit: "dinas", Until: "2026-12-31", Source: bkn.Source{File: reportFile}}
	goodInBKN  = bkn.ReportPredicate{Plan: "skp-1", Predicate: bkn.Good, Span: domain.Span{From: "2026-01-01", Until: "2026-12-31"}, Source: bkn.Source{File: reportFile}}
	brought    = intake.Start{File: reportFile, Report: intake.Plans, Span: domain.Span{From: "2026-01-01", Until: "2026-12-31"}, Rows: 2}
)

func TestARowOfBKNIsOneAppendAndARepeatIsNone(t *testing.T) {
	c := newCity(t)
	first := done(t)(c.TakeDownBKN(ctx, as(fitri), ina, inBKN, goodInBKN))
	if first.Stream != "bkn-ina" || first.Events != 2 {
		t.Fatalf("got %+v", first)
	}
	if again := done(t)(c.TakeDownBKN(ctx, as(fitri), ina, inBKN, goodInBKN)); !again.Replayed {
		t.Errorf("a repeat gave %+v", again)
	}
	if again := done(t)(c.TakeDownBKN(ctx, key(as(fitri), "another-key"), ina, inBKN, goodInBKN)); again.Events != 0 {
		t.Errorf("the same word gave %+v", again)
	}
}

func TestOnlyThePersonnelAgencyOrTheOperatorTakesDownWhatBKNSays(t *testing.T) {
	for _, who := range []domain.PersonID{ina, budi, hadi, indah, joko, kiki} {
		c := newCity(t)
		refused(t, "role-needed")(c.TakeDownBKN(ctx, as(who), ina, inBKN))
		refused(t, "role-needed")(c.StartImport(ctx, as(who), brought))
	}
	c := newCity(t)
	refused(t, "login-needed")(c.TakeDownBKN(ctx, operator(domain.FromImport), ina, inBKN))
	c.Bootstrap = true
	done(t)(c.TakeDownBKN(ctx, operator(domain.FromImport), ina, inBKN))
	if got := c.last().Meta; got.Authority != commands.ByImport || got.Source != domain.FromImport {
		t.Errorf("taken down with %+v", got)
	}
}

func TestBKNSpeaksOfKnownPeopleAndUnits(t *testing.T) {
	c := newCity(t)
	refused(t, "person-unknown")(c.TakeDownBKN(ctx, as(fitri), "nobody", inBKN))
	elsewhere := inBKN
	elsewhere.Unit = "nowhere"
	refused(t, "unit-unknown")(c.TakeDownBKN(ctx, as(fitri), ina, elsewhere))
	closed := inBKN
	closed.Unit = "lama"
	done(t)(c.TakeDownBKN(ctx, as(fitri), gani, closed)) // retired, and the unit is closed: history
}

func TestAFileIsBroughtInChunkByChunk(t *testing.T) {
	c := newCity(t)
	done(t)(c.StartImport(ctx, as(fitri), brought))
	refused(t, "chunk-missing")(c.CommitImport(ctx, key(as(fitri), "too-early"), reportFile))
	done(t)(c.StoreChunk(ctx, key(as(fitri), "chunk-0-of-it"), reportFile, intake.StoreChunk{Stored: 1}))
	out := done(t)(c.CommitImport(ctx, key(as(fitri), "commit-of-it"), reportFile))
	if out.Stream != "import-"+reportFile {
		t.Errorf("got %+v", out)
	}
	s, err := c.ImportState(ctx, reportFile)
	if err != nil || !s.Committed || s.Balance != (intake.Committed{Stored: 1, Rejected: 1}) {
		t.Errorf("state %+v, %v", s, err)
	}
}
