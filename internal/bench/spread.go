package bench

import (
	"fmt"
	"slices"
)

// Spread tells how figures of several rounds lie.
type Spread struct {
	Median, Low, High float64
	Q1, Q3            float64 // quartiles
	Rounds            int
}

// SpreadOf sorts the figures; the zero Spread when there are none.
func SpreadOf(figures []float64) Spread {
	if len(figures) == 0 {
		return Spread{}
	}
	sorted := slices.Sorted(slices.Values(figures))
	return Spread{
		Median: between(sorted, 0.5), Q1: between(sorted, 0.25), Q3: between(sorted, 0.75),
		Low: sorted[0], High: sorted[len(sorted)-1], Rounds: len(sorted),
	}
}

// between gives the q-quantile, on the straight line between its two neighbours.
func between(sorted []float64, q float64) float64 {
	at := q * float64(len(sorted)-1)
	low := int(at)
	if low+1 == len(sorted) {
		return sorted[low]
	}
	part := at - float64(low)
	return sorted[low]*(1-part) + sorted[low+1]*part
}

// MaxOverMin is how far the figures lie apart; 0 when it cannot be said.
func (s Spread) MaxOverMin() float64 {
	if s.Low <= 0 {
		return 0
	}
	return s.High / s.Low
}

func (s Spread) String() string {
	return fmt.Sprintf("%s (%s to %s)", short(s.Median), short(s.Low), short(s.High))
}

// short writes a figure with about three digits.
func short(f float64) string {
	switch {
	case f >= 100:
		return fmt.Sprintf("%.0f", f)
	case f >= 10:
		return fmt.Sprintf("%.1f", f)
	case f >= 0.1:
		return fmt.Sprintf("%.2f", f)
	}
	return fmt.Sprintf("%.3g", f)
}
