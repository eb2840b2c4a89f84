package bench

import "fmt"

// Bound is a limit of a ratio.
type Bound struct {
	Value float64
	most  bool
}

// AtLeast is for what must be large, AtMost for what must be small.
func AtLeast(v float64) Bound { return Bound{Value: v} }

// AtMost is for what must be small.
func AtMost(v float64) Bound { return Bound{Value: v, most: true} }

// Holds tells whether the figure is within the bound.
func (b Bound) Holds(figure float64) bool {
	if b.most {
		return figure <= b.Value
	}
	return figure >= b.Value
}

func (b Bound) String() string {
	if b.most {
		return "<= " + short(b.Value)
	}
	return ">= " + short(b.Value)
}

// Gate is what the product must hold, and what it should reach.
type Gate struct {
	ID     string // "G1"
	What   string // what is divided by what
	Must   Bound  // the zero Bound for a figure that is only told
	Target Bound  // the zero Bound when there is none beyond Must
}

// anchorLimit is how far apart the rounds of an anchor may lie before a verdict
// that rests on it is not to be trusted.
const anchorLimit = 2.5

// Verdict is a gate held against what was measured.
type Verdict struct {
	Gate   Gate
	Ratio  Spread
	Anchor Spread // of the anchor's own rate or duration, for its spread
	Runs   int    // that it is the median of; 0 or 1 for the only one
	Few    int    // durations that a percentile rests on, when they are too few; else 0
}

// Held tells whether the median is within the gate.
func (v Verdict) Held() bool { return v.Gate.Must == Bound{} || v.Gate.Must.Holds(v.Ratio.Median) }

// Unsure gives the reason to measure once more, "" when there is none.
func (v Verdict) Unsure() string {
	switch {
	case v.Anchor.MaxOverMin() > anchorLimit:
		return "the anchor moved too much"
	case v.Gate.Must.Holds(v.Ratio.Q1) != v.Gate.Must.Holds(v.Ratio.Q3):
		return "the quartiles lie on both sides of the gate"
	}
	return ""
}

func (v Verdict) String() string {
	said := fmt.Sprintf("%-4s %s: %s", v.Gate.ID, v.Gate.What, v.Ratio)
	if v.Gate.Must != (Bound{}) {
		said += ", gate " + v.Gate.Must.String()
	}
	if v.Gate.Target != (Bound{}) {
		said += ", target " + v.Gate.Target.String()
	}
	said += ": " + v.standing()
	if why := v.Unsure(); why != "" {
		said += " (measure again: " + why + ")"
	}
	if v.Few > 0 {
		said += fmt.Sprintf(" (of only %d durations: take more ROUNDS or a longer SLICE)", v.Few)
	}
	if v.Runs > 1 {
		said += fmt.Sprintf(" (median of %d runs)", v.Runs)
	}
	return said + "; anchor max/min " + short(v.Anchor.MaxOverMin())
}

func (v Verdict) standing() string {
	switch {
	case !v.Held():
		return "MISSED"
	case v.Gate.Target != Bound{} && v.Gate.Target.Holds(v.Ratio.Median):
		return "target reached"
	case v.Gate.Must == Bound{}:
		return "no gate"
	}
	return "held"
}
