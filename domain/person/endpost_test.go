package person_test

import (
	"testing"

	"github.com/jejak-kinerja/jejak/domain/person"
)

func TestEndPost(t *testing.T) {
	order := person.EndPost{Post: "p1", LastDay: "2025-12-31"}
	ended := person.PostEnded{Post: "p1", LastDay: "2025-12-31"}
	given(t, registered, firstPost).When(order).Then(ended)
	given(t, registered, firstPost, ended).When(order).Then()
	given(t, registered, firstPost, ended).When(person.EndPost{Post: "p1", LastDay: "2026-01-31"}).ThenRefused("post-already-ended")
	given(t, registered, firstPost).When(person.EndPost{Post: "p1", LastDay: "2024-12-31"}).ThenRefused("last-day-before-start")
	given(t, registered, firstPost).When(person.EndPost{Post: "p1"}).ThenRefused("date-malformed")
	given(t, registered, firstPost).When(person.EndPost{Post: "p2", LastDay: "2025-12-31"}).ThenRefused("post-unknown")
	given(t).When(order).ThenRefused("person-unknown")
}
