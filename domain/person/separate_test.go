package person_test

import (
	"testing"

	"github.com/jejak-kinerja/jejak/domain/person"
)

func TestSeparate(t *testing.T) {
	order := person.Separate{LastDay: "2026-06-30", Cause: person.Retired}
	given(t, registered).When(order).Then(separated)
	given(t, registered, separated).When(order).Then()
	given(t, registered, separated).When(person.Separate{LastDay: "2026-07-31", Cause: person.Retired}).ThenRefused("already-separated")
	given(t, registered, separated).When(person.Separate{LastDay: "2026-06-30", Cause: person.Moved}).ThenRefused("already-separated")
	given(t, registered).When(person.Separate{LastDay: "2026-06-31", Cause: person.Retired}).ThenRefused("date-malformed")
	given(t, registered).When(person.Separate{LastDay: "2026-06-30", Cause: "bosan"}).ThenRefused("cause-unknown")
	given(t).When(order).ThenRefused("person-unknown")
}

func TestServiceEndsWithItsLastDay(t *testing.T) {
	s := person.Decider.Fold(person.State{}, registered, separated)
	if !s.ServingOn("2026-06-30") || s.ServingOn("2026-07-01") || (person.State{}).ServingOn("2026-01-01") {
		t.Error("service does not end with its last day")
	}
}
