package bench

import "testing"

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

// Judge prints what every variant did and a verdict for each gate that was asked
// for. With Setup.Strict a gate that is surely missed fails the test.
func (s Setup) Judge(t testing.TB, series Series, checks ...Check) {
	t.Helper()
	t.Log(series.Table())
	for _, c := range checks {
		if !s.wants(c.ID) {
			continue
		}
		v, err := series.verdict(c)
		if err != nil {
			t.Error(err)
			continue
		}
		if s.Strict && !v.Held() && v.Unsure() == "" {
			t.Error(v)
		} else {
			t.Log(v)
		}
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
	v := Verdict{Gate: g, Ratio: SpreadOf([]float64{figure})}
	if s.Strict && !v.Held() {
		t.Error(v)
	} else {
		t.Log(v)
	}
}
