package bench

import (
	"cmp"
	"slices"
	"testing"
)

// Check is a gate and where its two figures come from.
type Check struct {
	Gate
	Of, To string // names of variants
	Metric Metric
	// Pooled takes the median from the durations of all rounds together, as a 99th
	// percentile needs; the range still is that of the rounds.
	Pooled bool
	// Anchor is the variant whose spread tells what the verdict is worth; To by default.
	Anchor string
}

// tailSamples is how many durations a 99th percentile wants.
const tailSamples = 20_000

// Measure runs the plan, prints what every variant did, and a verdict for each gate
// that was asked for. The setup gives the rounds and the slice. When a verdict is
// not to be trusted, the whole is run Setup.Runs times, and what counts is the
// median run. With Setup.Strict a gate that is surely missed fails the test.
func (s Setup) Measure(t testing.TB, p Plan, checks ...Check) {
	t.Helper()
	p.Rounds, p.Slice = s.Rounds, s.Slice
	verdicts, runs := make([][]Verdict, len(checks)), 1
	for run := 0; run < runs; run++ {
		series, err := Run(t.Context(), p)
		if err != nil {
			t.Fatal(err)
		}
		t.Log(series.Table())
		for i, c := range checks {
			v, err := series.verdict(c)
			if err != nil {
				t.Fatal(err)
			}
			if verdicts[i] = append(verdicts[i], v); s.wants(c.ID) && v.Unsure() != "" {
				runs = max(1, s.Runs) // all of them: to stop at a good one would be to choose it
			}
		}
	}
	for i, c := range checks {
		if s.wants(c.ID) {
			s.say(t, medianRun(verdicts[i]))
		}
	}
}

// medianRun picks the run whose ratio is in the middle, the lower of two.
func medianRun(runs []Verdict) Verdict {
	sorted := slices.SortedFunc(slices.Values(runs), func(a, b Verdict) int { return cmp.Compare(a.Ratio.Median, b.Ratio.Median) })
	v := sorted[(len(sorted)-1)/2]
	v.Runs = len(runs)
	return v
}

func (s Setup) say(t testing.TB, v Verdict) {
	t.Helper()
	if s.Strict && !v.Held() && v.Unsure() == "" {
		t.Error(v)
	} else {
		t.Log(v)
	}
}

func (s Series) verdict(c Check) (Verdict, error) {
	if c.Anchor == "" {
		c.Anchor = c.To
	}
	ratio, err := s.Ratios(c.Of, c.To, c.Metric)
	if err != nil {
		return Verdict{}, err
	}
	v := Verdict{Gate: c.Gate, Ratio: ratio, Anchor: s.Values(c.Anchor, c.Metric)}
	if c.Pooled {
		of, to := s.Pooled(c.Of), s.Pooled(c.To)
		v.Ratio.Median = c.Metric(of) / c.Metric(to)
		if n := min(len(of.Each), len(to.Each)); n < tailSamples {
			v.Few = n
		}
	}
	return v, nil
}

// Tell prints the verdict on a figure that is no ratio, such as megabytes.
func (s Setup) Tell(t testing.TB, g Gate, figure float64) {
	t.Helper()
	if !s.wants(g.ID) {
		return
	}
	s.say(t, Verdict{Gate: g, Ratio: SpreadOf([]float64{figure})})
}
