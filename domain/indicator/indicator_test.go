package indicator_test

import (
	"strings"
	"testing"

	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/indicator"
	"github.com/jejak-kinerja/jejak/domain/spec"
)

var (
	press    = indicator.Source{Title: "Siaran pers", Where: "halaman 2"}
	interest = indicator.Source{Title: "Wawancara pejabat", Note: "harapan, bukan perjanjian"}
	visitors = indicator.Defined{Indicator: "kunjungan", Name: "Kunjungan wisatawan", Measure: "orang", Direction: indicator.HigherIsBetter, Owner: "dispar"}
	target   = indicator.TargetSet{Period: "2023", Value: domain.Whole(300000), Source: interest}
	reached  = indicator.RealisationReported{Period: "2023", Value: domain.Whole(261489), Source: press}
)

func given(t *testing.T, facts ...indicator.Event) spec.Case[indicator.State, indicator.Command, indicator.Event] {
	t.Helper()
	return spec.Given(t, indicator.Decider, facts...)
}

func TestEvolveIsTotal(t *testing.T) {
	spec.EvolveIsTotal(t, indicator.Decider, spec.AnyEvent[indicator.Event](indicator.Stored, "2023", "2023-01"))
}

func TestDefine(t *testing.T) {
	order := indicator.Define(visitors)
	given(t).When(order).Then(visitors)
	given(t, visitors).When(order).Then()
	with := func(change func(*indicator.Define)) indicator.Define { c := order; change(&c); return c }
	given(t, visitors).When(with(func(c *indicator.Define) { c.Measure = "hari" })).ThenRefused("indicator-already-defined")
	given(t).When(with(func(c *indicator.Define) { c.Indicator = "Kunjungan!" })).ThenRefused("id-malformed")
	given(t).When(with(func(c *indicator.Define) { c.Name = "" })).ThenRefused("text-missing")
	given(t).When(with(func(c *indicator.Define) { c.Measure = "" })).ThenRefused("text-missing")
	given(t).When(with(func(c *indicator.Define) { c.Measure = strings.Repeat("x", indicator.MaxMeasureRunes+1) })).ThenRefused("measure-too-long")
	given(t).When(with(func(c *indicator.Define) { c.Direction = "naik" })).ThenRefused("direction-unknown")
	given(t).When(with(func(c *indicator.Define) { c.Owner = "Dinas" })).ThenRefused("id-malformed")
}

func TestSetTarget(t *testing.T) {
	order := indicator.SetTarget(target)
	given(t, visitors).When(order).Then(target)
	given(t, visitors, target).When(order).Then()
	given(t, visitors, target).When(indicator.SetTarget{Period: "2023", Value: 1, Source: press}).ThenRefused("target-already-set")
	given(t, visitors, target).When(indicator.SetTarget{Period: "2024", Value: 1, Source: press}).
		Then(indicator.TargetSet{Period: "2024", Value: 1, Source: press})
	context := visitors
	context.Direction = indicator.OnlyContext
	given(t, context).When(order).ThenRefused("context-has-no-target")
}

func TestReviseTarget(t *testing.T) {
	order := indicator.ReviseTarget{Period: "2023", Value: domain.Whole(280000), Source: press}
	revised := indicator.TargetRevised{Period: "2023", Old: domain.Whole(300000), Value: domain.Whole(280000), Source: press}
	given(t, visitors, target).When(order).Then(revised)
	given(t, visitors, target, revised).When(order).Then()
	given(t, visitors).When(order).ThenRefused("target-missing")
}

func TestReportRealisation(t *testing.T) {
	order := indicator.ReportRealisation(reached)
	given(t, visitors).When(order).Then(reached)
	given(t, visitors, reached).When(order).Then()
	given(t, visitors, reached).When(indicator.ReportRealisation{Period: "2023", Value: domain.Whole(261490), Source: press}).ThenRefused("realisation-already-reported")
	given(t, visitors, reached).When(indicator.ReportRealisation{Period: "2023-01", Value: domain.Whole(20000), Source: press}).
		Then(indicator.RealisationReported{Period: "2023-01", Value: domain.Whole(20000), Source: press})
}

func TestCorrectRealisation(t *testing.T) {
	order := indicator.CorrectRealisation{Period: "2023", Value: domain.Whole(261490), Source: press}
	corrected := indicator.RealisationCorrected{Period: "2023", Old: domain.Whole(261489), Value: domain.Whole(261490), Source: press}
	given(t, visitors, reached).When(order).Then(corrected)
	given(t, visitors, reached, corrected).When(order).Then()
	given(t, visitors, reached, corrected).When(indicator.CorrectRealisation{Period: "2023", Value: 1, Source: press}).
		Then(indicator.RealisationCorrected{Period: "2023", Old: domain.Whole(261490), Value: 1, Source: press})
	given(t, visitors, target).When(order).ThenRefused("realisation-missing")
}

func TestNoteInconsistency(t *testing.T) {
	order := indicator.NoteInconsistency{Period: "2022", Note: "Bagiannya berjumlah 254.044", Source: press}
	noted := indicator.InconsistencyNoted(order)
	given(t, visitors).When(order).Then(noted)
	given(t, visitors, noted).When(order).Then()
	given(t, visitors).When(indicator.NoteInconsistency{Period: "2022", Source: press}).ThenRefused("text-missing")
}

func TestEveryNumberNamesItsPeriodAndItsSource(t *testing.T) {
	orders := func(p indicator.Period, v domain.Decimal, s indicator.Source) []indicator.Command {
		return []indicator.Command{
			indicator.SetTarget{Period: p, Value: v, Source: s}, indicator.ReviseTarget{Period: p, Value: v, Source: s},
			indicator.ReportRealisation{Period: p, Value: v, Source: s}, indicator.CorrectRealisation{Period: p, Value: v, Source: s},
		}
	}
	for _, order := range orders("2023", 1, press) {
		given(t).When(order).ThenRefused("indicator-unknown")
	}
	for _, order := range orders("awal 2023", 1, press) {
		given(t, visitors, target, reached).When(order).ThenRefused("period-malformed")
	}
	for _, order := range orders("2023", domain.MaxDecimal+1, press) {
		given(t, visitors, target, reached).When(order).ThenRefused("number-too-large")
	}
	for _, source := range []indicator.Source{{}, {Where: "halaman 2"}} {
		for _, order := range orders("2023", 1, source) {
			given(t, visitors, target, reached).When(order).ThenRefused("text-missing")
		}
	}
	for _, source := range []indicator.Source{{Title: "a", Where: "b\nc"}, {Title: "a", Note: "b\nc"}} {
		given(t, visitors).When(indicator.SetTarget{Period: "2023", Value: 1, Source: source}).ThenRefused("wording-many-lines")
	}
}

func TestTheStateHasTheLastValueAndCountsItsChanges(t *testing.T) {
	s := indicator.Decider.Fold(indicator.State{}, visitors, target, reached,
		indicator.TargetRevised{Period: "2023", Old: target.Value, Value: 5, Source: press},
		indicator.RealisationCorrected{Period: "2023", Old: reached.Value, Value: 6, Source: press},
		indicator.RealisationCorrected{Period: "2023", Old: 6, Value: 7, Source: interest})
	if got, ok := s.Target("2023"); !ok || got != (indicator.Reading{Period: "2023", Value: 5, Source: press, Changes: 1}) {
		t.Errorf("target %+v", got)
	}
	if got, ok := s.Realisation("2023"); !ok || got != (indicator.Reading{Period: "2023", Value: 7, Source: interest, Changes: 2}) {
		t.Errorf("realisation %+v", got)
	}
	if _, ok := s.Realisation("2024"); ok {
		t.Error("a realisation of a period without one")
	}
}
