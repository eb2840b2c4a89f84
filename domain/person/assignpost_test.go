package person_test

import (
	"testing"

	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/person"
)

func TestAssignPost(t *testing.T) {
	first := person.AssignPost{Title: "Analis", Level: person.Functional, Unit: "dispar", From: "2025-01-01"}
	given(t, registered).When(first).Then(firstPost)
	given(t, registered, firstPost).When(first).Then()

	second := person.AssignPost{Title: "Kepala Seksi", Level: person.Supervisor, Unit: "dispar", From: "2026-01-01"}
	given(t, registered, firstPost).When(second).
		Then(person.PostAssigned{Post: "p2", Title: "Kepala Seksi", Level: person.Supervisor, Unit: "dispar", From: "2026-01-01"})
	acting := person.AssignPost{Title: "Kepala Dinas", Level: person.SeniorLeader, Unit: "dispar", Acting: domain.ActingVacant, From: "2025-01-01"}
	given(t, registered, firstPost).When(acting).
		Then(person.PostAssigned{Post: "p2", Title: "Kepala Dinas", Level: person.SeniorLeader, Unit: "dispar", Acting: domain.ActingVacant, From: "2025-01-01"})
}

func TestAssignPostIsRefused(t *testing.T) {
	order := person.AssignPost{Title: "Analis", Level: person.Functional, Unit: "dispar", From: "2025-07-01"}
	with := func(change func(*person.AssignPost)) person.AssignPost { c := order; change(&c); return c }

	given(t).When(order).ThenRefused("person-unknown")
	given(t, registered, separated).When(with(func(c *person.AssignPost) { c.From = "2026-07-01" })).ThenRefused("after-separation")
	begin := given(t, registered)
	begin.When(with(func(c *person.AssignPost) { c.From = "2025-02-30" })).ThenRefused("date-malformed")
	begin.When(with(func(c *person.AssignPost) { c.Title = "" })).ThenRefused("text-missing")
	begin.When(with(func(c *person.AssignPost) { c.Level = "eselon" })).ThenRefused("level-unknown")
	begin.When(with(func(c *person.AssignPost) { c.Unit = "Dinas Pariwisata" })).ThenRefused("id-malformed")
	begin.When(with(func(c *person.AssignPost) { c.Acting = domain.Delegated })).ThenRefused("acting-unknown")
	for _, from := range []domain.Date{"2024-12-31", "2025-01-01"} {
		earlier := person.AssignPost{Title: "Pranata", Level: person.Executive, Unit: "disdik", From: from}
		given(t, registered, firstPost).When(earlier).ThenRefused("main-post-later-on-file")
	}
}

func TestAMainPostReplacesTheOneHeldSoFarAndActingPostsStandBeside(t *testing.T) {
	s := person.Decider.Fold(person.State{}, registered, firstPost,
		person.PostAssigned{Post: "p2", Title: "Plt. Kepala Dinas", Unit: "disdik", Acting: domain.ActingVacant, From: "2025-06-01"},
		person.PostEnded{Post: "p1", LastDay: "2026-12-31"},
		person.PostAssigned{Post: "p3", Title: "Kepala Seksi", Unit: "dispar", From: "2026-01-01"})
	for day, want := range map[domain.Date]string{"2024-12-31": "", "2025-01-01": "p1", "2025-12-31": "p1", "2026-01-01": "p3", "2030-01-01": "p3"} {
		if post, ok := s.MainPostOn(day); post.Key != want || ok != (want != "") {
			t.Errorf("on %s the main post is %q, want %q", day, post.Key, want)
		}
	}
	if held := s.Posts[0].Span; held.Until != "2025-12-31" {
		t.Errorf("the first main post is held %v", held)
	}
	if held := s.Posts[1].Span; held.Until != "" {
		t.Errorf("the acting post was ended: %v", held)
	}
}
