package person_test

import (
	"testing"

	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/person"
)

func TestSetReportingLine(t *testing.T) {
	order := person.SetReportingLine{Superior: "budi", From: "2025-01-01"}
	given(t, registered).When(order).Then(line)
	given(t, registered, line).When(order).Then()
	given(t, registered, line).When(person.SetReportingLine{Superior: "cut", From: "2026-01-01"}).
		Then(person.ReportingLineSet{Superior: "cut", From: "2026-01-01"})

	given(t).When(order).ThenRefused("person-unknown")
	given(t, registered, separated).When(person.SetReportingLine{Superior: "budi", From: "2026-07-01"}).ThenRefused("after-separation")
	given(t, registered).When(person.SetReportingLine{Superior: "ani", From: "2025-01-01"}).ThenRefused("own-superior")
	given(t, registered).When(person.SetReportingLine{From: "2025-01-01"}).ThenRefused("id-missing")
	given(t, registered, line).When(person.SetReportingLine{Superior: "cut", From: "2025-01-01"}).ThenRefused("line-already-set")
}

func TestSettingTheSameSuperiorAnewAnswersAQuestionedLine(t *testing.T) {
	questioned := person.LineQuestioned{OnFile: "budi"}
	order := person.SetReportingLine{Superior: "budi", From: "2026-02-01"}
	facts := given(t, registered, line, questioned).When(order).Facts()
	s := person.Decider.Fold(person.State{}, append([]person.Event{registered, line, questioned}, facts...)...)
	if s.Questioned {
		t.Error("the line is still questioned")
	}
	given(t, registered, line).When(order).Then()
}

func TestCorrectReportingLine(t *testing.T) {
	order := person.CorrectReportingLine{From: "2025-01-01", Superior: "cut"}
	corrected := person.ReportingLineCorrected{From: "2025-01-01", Wrong: "budi", Superior: "cut"}
	given(t, registered, line).When(order).Then(corrected)
	given(t, registered, line, corrected).When(order).Then()
	given(t, registered, line).When(person.CorrectReportingLine{From: "2025-01-02", Superior: "cut"}).ThenRefused("line-unknown")
	given(t, registered, line).When(person.CorrectReportingLine{From: "2025", Superior: "cut"}).ThenRefused("date-malformed")
	given(t, registered, line).When(person.CorrectReportingLine{From: "2025-01-01", Superior: "ani"}).ThenRefused("own-superior")
	given(t).When(order).ThenRefused("person-unknown")
}

func TestQuestionLine(t *testing.T) {
	order := person.QuestionLine{On: "2026-01-05"}
	questioned := person.LineQuestioned{OnFile: "budi"}
	given(t, registered, line).When(order).Then(questioned)
	given(t, registered).When(order).Then(person.LineQuestioned{})
	given(t, registered, line, questioned).When(order).Then()
	given(t, registered, line, questioned).When(person.QuestionLine{On: "2026-01-06", Note: "digest"}).
		Then(person.LineQuestioned{OnFile: "budi", Note: "digest"})
	given(t).When(order).ThenRefused("person-unknown")
	given(t, registered, separated).When(person.QuestionLine{On: "2026-07-01"}).ThenRefused("after-separation")
}

func TestTheSuperiorOnADayIsThatOfTheLatestEntryBegunByThen(t *testing.T) {
	s := person.Decider.Fold(person.State{}, registered,
		person.ReportingLineSet{Superior: "cut", From: "2026-01-01"},
		line, // told later, holds earlier
		person.ReportingLineCorrected{From: "2026-01-01", Wrong: "cut", Superior: "dewi"})
	for day, want := range map[domain.Date]domain.PersonID{"2024-12-31": "", "2025-01-01": "budi", "2025-12-31": "budi", "2026-01-01": "dewi"} {
		if got := s.SuperiorOn(day); got != want {
			t.Errorf("on %s: %q, want %q", day, got, want)
		}
	}
}
