package catalog_test

import "testing"

func TestAStoredNameBelongsToItsCategory(t *testing.T) {
	c := ledger(t)
	for _, name := range c.Names() {
		category := name[:indexOf(name, '.')]
		if !c.Belongs(category+"-1", name) || c.Belongs("bar-2", name) || c.Belongs(category, "x"+name) {
			t.Errorf("%s of %s", name, category)
		}
	}
	for _, row := range []struct {
		stream, name string
		want         bool
	}{
		{"person-2", "person.promoted.v7", true}, // a later version's: whoever does not know it must stop
		{"person-2", "person", false}, {"person-2", "persons.registered.v1", false}, {"person-2", "unit.closed.v1", false},
		{"person-2", "$>", false}, {"person-2", "", false}, {"bar-2", "bar.opened.v1", false}, {"", ".x", false},
	} {
		if got := c.Belongs(row.stream, row.name); got != row.want {
			t.Errorf("%s in %s: %v", row.name, row.stream, got)
		}
	}
	if !c.Holds("person-2") || c.Holds("bar-2") || c.Holds("$$person-2") || c.Holds("") {
		t.Error("whose streams are ours is mistaken")
	}
}

func indexOf(s string, b byte) int {
	for i := range len(s) {
		if s[i] == b {
			return i
		}
	}
	return len(s)
}
