package engine_test

import "testing"

func TestAForeignEventIsPassedOverAndParksNothing(t *testing.T) {
	w := numbers(20, 4)
	genuine := want(t, w.facts)
	for i := range 3 {
		w.add("test-2", nil)
		w.facts[20+i].Foreign = true
	}
	e := fresh(t, ledger("l_v1"))
	handle(t, e, "l_v1", w.facts)
	if got := content(t, e, "l_v1"); got != genuine {
		t.Errorf("%s, want %s", got, genuine)
	}
	parked, err := e.Parked(t.Context())
	if err != nil || len(parked) != 0 || e.Position("l_v1") != 23 {
		t.Errorf("at %d, parked %+v, %v", e.Position("l_v1"), parked, err)
	}
}
