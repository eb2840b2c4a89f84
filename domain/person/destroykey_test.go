package person_test

import (
	"testing"

	"github.com/jejak-kinerja/jejak/domain/person"
)

func TestDestroyKey(t *testing.T) {
	order := person.DestroyKey{Class: "work-2020", Basis: "Jadwal retensi"}
	destroyed := person.KeyDestroyed{Class: "work-2020", Basis: "Jadwal retensi"}
	given(t, registered).When(order).Then(destroyed)
	given(t, registered, destroyed).When(order).Then()
	given(t, registered, destroyed).When(person.DestroyKey{Class: "identity", Basis: "Jadwal retensi"}).
		Then(person.KeyDestroyed{Class: "identity", Basis: "Jadwal retensi"})
	given(t, registered, separated).When(order).Then(destroyed)
	given(t, registered).When(person.DestroyKey{Class: "Work 2020", Basis: "x"}).ThenRefused("id-malformed")
	given(t, registered).When(person.DestroyKey{Class: "work-2020"}).ThenRefused("text-missing")
	given(t).When(order).ThenRefused("person-unknown")
}
