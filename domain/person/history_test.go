package person_test

import (
	"testing"

	"github.com/jejak-kinerja/jejak/domain/person"
	"github.com/jejak-kinerja/jejak/domain/spec"
)

// A short service, for given-when-then. Everybody is invented.
var (
	registered = person.Registered{Person: "ani", Employment: person.PNS}
	firstPost  = person.PostAssigned{Post: "p1", Title: "Analis", Level: person.Functional, Unit: "dispar", From: "2025-01-01"}
	line       = person.ReportingLineSet{Superior: "budi", From: "2025-01-01"}
	personnel  = person.RoleGranted{Role: person.PersonnelAgency, From: "2025-01-01"}
	separated  = person.Separated{LastDay: "2026-06-30", Cause: person.Retired}
)

func given(t *testing.T, facts ...person.Event) spec.Case[person.State, person.Command, person.Event] {
	t.Helper()
	return spec.Given(t, person.Decider, facts...)
}
