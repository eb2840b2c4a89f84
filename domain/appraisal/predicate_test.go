package appraisal_test

import (
	"testing"

	"github.com/jejak-kinerja/jejak/domain/appraisal"
)

// The rule's own table, cell by cell: rows by result, columns by behaviour.
func TestThePredicateOfEachPairOfRatings(t *testing.T) {
	const low, mid, high = appraisal.Below, appraisal.AsExpected, appraisal.Above
	cells := []struct {
		result, behaviour appraisal.Rating
		want              appraisal.Predicate
	}{
		{high, low, "kurang"}, {high, mid, "baik"}, {high, high, "sangat-baik"},
		{mid, low, "kurang"}, {mid, mid, "baik"}, {mid, high, "baik"},
		{low, low, "sangat-kurang"}, {low, mid, "butuh-perbaikan"}, {low, high, "butuh-perbaikan"},
	}
	if len(cells) != len(appraisal.Ratings)*len(appraisal.Ratings) {
		t.Fatal("a cell is missing")
	}
	for _, c := range cells {
		if got, ok := appraisal.PredicateOf(c.result, c.behaviour); !ok || got != c.want {
			t.Errorf("result %s, behaviour %s: %s, want %s", c.result, c.behaviour, got, c.want)
		}
	}
}

// A table in use at one school foundation says otherwise in these cells. It is
// wrong, and must not creep in.
func TestThePredicateIsNotThatOfTheDivergentTable(t *testing.T) {
	for _, c := range []struct {
		result, behaviour appraisal.Rating
		wrong             appraisal.Predicate
	}{
		{appraisal.Above, appraisal.Below, appraisal.NeedsImprovement},
		{appraisal.AsExpected, appraisal.Below, appraisal.NeedsImprovement},
		{appraisal.Below, appraisal.AsExpected, appraisal.Poor},
	} {
		if got, _ := appraisal.PredicateOf(c.result, c.behaviour); got == c.wrong {
			t.Errorf("result %s, behaviour %s: the divergent table's %s", c.result, c.behaviour, got)
		}
	}
}

func TestThereIsNoPredicateWithoutBothRatings(t *testing.T) {
	for _, pair := range [][2]appraisal.Rating{{"", ""}, {appraisal.Above, ""}, {"", appraisal.Above}, {"baik", appraisal.Above}} {
		if p, ok := appraisal.PredicateOf(pair[0], pair[1]); ok || p != "" {
			t.Errorf("%v gives %q", pair, p)
		}
	}
}
