package bench

import (
	"context"
	"testing"
	"time"
)

func TestTheEnvironmentSaysWhatIsMeasured(t *testing.T) {
	from := func(values map[string]string) (Setup, error) {
		return readSetup(func(name string) string { return values[name] })
	}
	s, err := from(map[string]string{"GATES": "G1, G21", "ROUNDS": "3", "SLICE": "500ms", "EVENTS": "1000"})
	if err != nil || s.Rounds != 3 || s.Slice != 500*time.Millisecond || s.Events != 1000 {
		t.Fatalf("%+v, %v", s, err)
	}
	if !s.wants("G1") || !s.wants("G2", "G21") || s.wants("G2") {
		t.Errorf("the gates of %v", s.Gates)
	}
	if s, err = from(nil); err != nil || s.wants("G1") || s.Rounds < 6 || s.Slice < 2*time.Second {
		t.Errorf("by default: %+v, %v", s, err)
	}
	if s, err = from(map[string]string{"GATES": "all"}); err != nil || !s.wants("G14") {
		t.Errorf("all: %+v, %v", s, err)
	}
	for name, value := range map[string]string{"ROUNDS": "0", "SLICE": "2", "EVENTS": "many"} {
		if _, err := from(map[string]string{name: value}); err == nil {
			t.Errorf("%s=%s was taken", name, value)
		}
	}
}

func TestAPooledCheckTakesItsMedianFromAllDurations(t *testing.T) {
	durations := func(n ...int) (s Sample) {
		for _, us := range n {
			s.Each = append(s.Each, time.Duration(us)*time.Microsecond)
		}
		return s
	}
	s := Series{Samples: map[string][]Sample{
		"ours":   {durations(1, 2, 30), durations(4, 5, 6)},
		"anchor": {durations(1, 1, 1), durations(2, 2, 3)},
	}}
	v, err := s.verdict(Check{Gate: Gate{Must: AtMost(20)}, Of: "ours", To: "anchor", Metric: Quantile(0.99), Pooled: true})
	if err != nil || v.Ratio.Median != 10 || v.Ratio.Low != 2 || v.Ratio.High != 30 || v.Anchor.MaxOverMin() != 3 {
		t.Errorf("%+v, %v", v, err)
	}
}

func TestOfSeveralRunsTheMiddleOneCounts(t *testing.T) {
	var runs []Verdict
	for _, median := range []float64{3, 1, 2} {
		runs = append(runs, Verdict{Ratio: SpreadOf([]float64{median})})
	}
	if v := medianRun(runs); v.Ratio.Median != 2 || v.Runs != 3 {
		t.Errorf("of three: %+v", v)
	}
	if v := medianRun(runs[:2]); v.Ratio.Median != 1 {
		t.Errorf("of two: %+v", v)
	}
}

func TestARunIsRepeatedOnlyWhenItIsNotToBeTrusted(t *testing.T) {
	for what, c := range map[string]struct {
		must Bound
		runs int
	}{"sure": {AtLeast(1), 1}, "on both sides": {AtLeast(2), 3}} {
		calls := 0
		counted := func(name string, counts ...int) Variant {
			own := 0
			return Variant{Name: name, Work: func(context.Context, time.Duration) (Sample, error) {
				own, calls = own+1, calls+1
				return Sample{Count: counts[own%len(counts)], Took: time.Second}, nil
			}}
		}
		plan := Plan{Variants: []Variant{counted("ours", 15, 25), counted("peer", 10)}, Meter: func() (CPU, error) { return CPU{}, nil }}
		s := Setup{Gates: []string{"G0"}, Rounds: 4, Runs: 3, Slice: time.Millisecond}
		s.Measure(t, plan, Check{Gate: Gate{ID: "G0", What: what, Must: c.must}, Of: "ours", To: "peer", Metric: Rate})
		if want := c.runs * 2 * (s.Rounds + 1); calls != want {
			t.Errorf("%s: %d slices, want %d", what, calls, want)
		}
	}
}
