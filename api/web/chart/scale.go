package chart

import "math"

// Scale maps values from zero to a round top onto a height.
type scale struct {
	top    float64
	steps  int
	bottom float64
	height float64
}

// newScale chooses a round top at or above the largest value or target, in steps
// of at least the smallest.
func newScale(marks []Mark, smallest, bottom, height float64) scale {
	largest := 0.0
	for _, m := range marks {
		if m.Known {
			largest = max(largest, m.Value)
		}
		if m.HasTarget {
			largest = max(largest, m.Target)
		}
	}
	if largest == 0 {
		largest = 1
	}
	step := max(roundStep(largest/4), smallest)
	steps := int(math.Ceil(largest/step - 1e-9))
	return scale{float64(steps) * step, steps, bottom, height}
}

// roundStep is the smallest of 1, 2, 2.5, 5 times a power of ten not below v.
func roundStep(v float64) float64 {
	power := math.Pow(10, math.Floor(math.Log10(v)))
	for _, f := range []float64{1, 2, 2.5, 5} {
		if f*power >= v-1e-9 {
			return f * power
		}
	}
	return 10 * power
}

func (s scale) y(v float64) float64 { return s.bottom - v/s.top*s.height }

// grid draws the horizontal steps with their numbers, written by show.
func (s scale) grid(d *drawing, left, right float64, show func(float64) string) {
	for i := 0; i <= s.steps; i++ {
		v := s.top * float64(i) / float64(s.steps)
		class := "tick"
		if i == 0 {
			class = "axis"
		}
		d.line(class, left, s.y(v), right, s.y(v))
		d.text("", "end", left-6, s.y(v)+4, show(v))
	}
}
