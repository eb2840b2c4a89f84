package person_test

import (
	"testing"

	"github.com/jejak-kinerja/jejak/domain/person"
	"github.com/jejak-kinerja/jejak/domain/spec"
)

func TestEvolveIsTotal(t *testing.T) {
	spec.EvolveIsTotal(t, person.Decider, spec.AnyEvent[person.Event](person.Stored, "bkpsdm", "plt", "p1", "p2"))
}
