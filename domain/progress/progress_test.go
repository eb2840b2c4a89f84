package progress_test

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/progress"
	"github.com/jejak-kinerja/jejak/domain/spec"
)

// Ina reports, Budi is her superior, Cut his successor; all are invented.
const (
	ina  domain.PersonID = "ina"
	budi domain.PersonID = "budi"
	cut  domain.PersonID = "cut"
)

func reported() progress.Reported {
	return progress.Reported{Report: "x", Person: ina, Superior: budi, Unit: "dinas", On: "2026-03-10",
		Quantity: domain.Whole(2), Measure: "laporan", Text: "t1"}
}

func given(t *testing.T, facts ...progress.Event) spec.Case[progress.State, progress.Command, progress.Event] {
	t.Helper()
	return spec.Given(t, progress.Decider, facts...)
}

func TestEvolveIsTotal(t *testing.T) {
	spec.EvolveIsTotal(t, progress.Decider, spec.AnyEvent[progress.Event](progress.Stored))
}

func afterwards() []progress.Command {
	return []progress.Command{
		progress.Correct{By: ina, Text: "t2", Reason: "why"},
		progress.Acknowledge{By: budi, Note: "n"},
		progress.Question{By: budi, Question: "q"},
		progress.Answer{By: ina, Answer: "a"},
		progress.Withdraw{By: ina, Reason: "why"},
	}
}

func TestNothingHappensToAReportThatIsNotThere(t *testing.T) {
	for _, c := range afterwards() {
		given(t).When(c).ThenRefused("report-unknown")
	}
}

func TestAWithdrawnReportTakesNoMoreFacts(t *testing.T) {
	for _, c := range afterwards() {
		given(t, reported(), progress.Withdrawn{Reason: "why"}).When(c).ThenRefused("report-withdrawn")
	}
}

// Whatever people press, nobody but the author speaks as author and nobody but a
// superior answers; versions have no gaps.
func TestOnlyTheRightPeopleSpeak(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := progress.Decider.Fold(progress.Decider.Initial(), reported())
		person := rapid.SampledFrom([]domain.PersonID{ina, budi, cut, ""})
		word := rapid.SampledFrom([]domain.Sealed{"", "w"})
		for range rapid.IntRange(0, 30).Draw(t, "presses") {
			by, onFile := person.Draw(t, "by"), person.Draw(t, "on file")
			command := rapid.SampledFrom([]progress.Command{
				progress.Correct{By: by, Text: domain.Sealed(rapid.StringMatching(`t[1-9]`).Draw(t, "text")), Reason: word.Draw(t, "reason")},
				progress.Acknowledge{By: by, OnFile: onFile, Note: word.Draw(t, "note")},
				progress.Question{By: by, OnFile: onFile, Question: word.Draw(t, "question")},
				progress.Answer{By: by, Answer: word.Draw(t, "answer")},
			}).Draw(t, "command")
			facts, err := progress.Decide(s, command)
			if err != nil {
				continue
			}
			for _, fact := range facts {
				switch e := fact.(type) {
				case progress.Acknowledged:
					if e.By == ina || e.By == "" || e.By != budi && e.By != onFile {
						t.Fatalf("acknowledged by %q", e.By)
					}
				case progress.Questioned:
					if e.By == ina || e.By == "" || e.By != budi && e.By != onFile {
						t.Fatalf("questioned by %q", e.By)
					}
				case progress.Corrected:
					if by != ina || e.Version != s.Version+1 {
						t.Fatalf("version %d by %q after %d", e.Version, by, s.Version)
					}
				case progress.Answered:
					if by != ina || s.Status != progress.Open {
						t.Fatalf("answered by %q in %s", by, s.Status)
					}
				}
				s = progress.Evolve(s, fact)
			}
			if (s.Status == progress.Noted) != (s.AcknowledgedBy != "") {
				t.Fatalf("%s, acknowledged by %q", s.Status, s.AcknowledgedBy)
			}
		}
	})
}
