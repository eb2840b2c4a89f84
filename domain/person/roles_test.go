package person_test

import (
	"testing"

	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/person"
)

func TestGrantRole(t *testing.T) {
	order := person.GrantRole{Role: person.PersonnelAgency, From: "2025-01-01"}
	given(t, registered).When(order).Then(personnel)
	given(t, registered, personnel).When(order).Then()
	revoked := person.RoleRevoked{Role: person.PersonnelAgency, LastDay: "2025-06-30"}
	given(t, registered, personnel, revoked).When(person.GrantRole{Role: person.PersonnelAgency, From: "2026-01-01"}).
		Then(person.RoleGranted{Role: person.PersonnelAgency, From: "2026-01-01"})

	given(t).When(order).ThenRefused("person-unknown")
	given(t, registered).When(person.GrantRole{Role: "wali", From: "2025-01-01"}).ThenRefused("role-unknown")
	given(t, registered, separated).When(person.GrantRole{Role: person.PersonnelAgency, From: "2026-07-01"}).ThenRefused("after-separation")
}

func TestWhoRunsTheMachineHoldsNoOtherRole(t *testing.T) {
	admin := person.RoleGranted{Role: person.SystemAdministrator, From: "2025-01-01"}
	given(t, registered, admin).When(person.GrantRole{Role: person.Inspectorate, From: "2026-01-01"}).ThenRefused("roles-exclude-each-other")
	given(t, registered, personnel).When(person.GrantRole{Role: person.SystemAdministrator, From: "2026-01-01"}).ThenRefused("roles-exclude-each-other")
	over := person.RoleRevoked{Role: person.SystemAdministrator, LastDay: "2025-12-31"}
	given(t, registered, admin, over).When(person.GrantRole{Role: person.Inspectorate, From: "2025-12-31"}).ThenRefused("roles-exclude-each-other")
	given(t, registered, admin, over).When(person.GrantRole{Role: person.Inspectorate, From: "2026-01-01"}).
		Then(person.RoleGranted{Role: person.Inspectorate, From: "2026-01-01"})
	given(t, registered, personnel).When(person.GrantRole{Role: person.PerformanceOffice, From: "2026-01-01"}).
		Then(person.RoleGranted{Role: person.PerformanceOffice, From: "2026-01-01"})
}

func TestRevokeRole(t *testing.T) {
	order := person.RevokeRole{Role: person.PersonnelAgency, LastDay: "2025-06-30"}
	revoked := person.RoleRevoked{Role: person.PersonnelAgency, LastDay: "2025-06-30"}
	given(t, registered, personnel).When(order).Then(revoked)
	given(t, registered, personnel, revoked).When(order).Then()
	given(t, registered, personnel, revoked).When(person.RevokeRole{Role: person.PersonnelAgency, LastDay: "2025-07-31"}).ThenRefused("role-not-held")
	given(t, registered).When(order).ThenRefused("role-not-held")
	given(t, registered, personnel).When(person.RevokeRole{Role: person.PersonnelAgency, LastDay: "2024-12-30"}).ThenRefused("last-day-before-start")
	given(t, registered, personnel).When(person.RevokeRole{Role: person.PersonnelAgency}).ThenRefused("date-malformed")
	given(t).When(order).ThenRefused("person-unknown")
}

func TestARoleRevokedOnItsFirstDayIsNeverHeld(t *testing.T) {
	atOnce := given(t, registered, personnel).When(person.RevokeRole{Role: person.PersonnelAgency, LastDay: "2024-12-31"}).Facts()
	s := person.Decider.Fold(person.State{}, append([]person.Event{registered, personnel}, atOnce...)...)
	for _, day := range []domain.Date{"2024-12-31", "2025-01-01", "2025-01-02"} {
		if s.HasRole(person.PersonnelAgency, day) {
			t.Errorf("held on %s", day)
		}
	}
}
