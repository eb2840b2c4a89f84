package person_test

import (
	"testing"

	"github.com/jejak-kinerja/jejak/domain/person"
)

func TestRegister(t *testing.T) {
	order := person.Register{Person: "ani", Employment: person.PNS}
	given(t).When(order).Then(registered)
	given(t, registered).When(order).Then()
	given(t, registered).When(person.Register{Person: "ani", Employment: person.PPPK}).ThenRefused("person-already-registered")
	given(t).When(person.Register{Person: "Ani", Employment: person.PNS}).ThenRefused("id-malformed")
	given(t).When(person.Register{Person: "ani", Employment: "honorer"}).ThenRefused("employment-unknown")
}
