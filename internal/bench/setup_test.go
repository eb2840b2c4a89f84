package bench

import (
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
