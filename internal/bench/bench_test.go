package bench

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

func TestTheMedianOfTheRoundsRatiosIsNotTheRatioOfTheMedians(t *testing.T) {
	rate := func(n ...int) (samples []Sample) {
		for _, count := range n {
			samples = append(samples, Sample{Count: count, Took: time.Second})
		}
		return samples
	}
	s := Series{Samples: map[string][]Sample{"ours": rate(10, 40, 90), "peer": rate(10, 20, 100)}}
	r, err := s.Ratios("ours", "peer", Rate)
	if err != nil {
		t.Fatal(err)
	}
	want := Spread{Median: 1, Low: 0.9, High: 2, Q1: 0.95, Q3: 1.5, Rounds: 3}
	if r != want { // the ratio of the medians is 2
		t.Errorf("%+v, want %+v", r, want)
	}
	if _, err := s.Ratios("ours", "nobody", Rate); err == nil {
		t.Error("compared with nobody")
	}
}

func TestQuantilesOfSingleDurations(t *testing.T) {
	var s Sample
	for i := range 100 {
		s.Each = append(s.Each, time.Duration(100-i)*time.Microsecond)
	}
	for q, want := range map[float64]float64{0: 1, 0.5: 51, 0.99: 100} {
		if got := Quantile(q)(s); got != want {
			t.Errorf("the %v-quantile is %v, want %v", q, got, want)
		}
	}
	if Quantile(0.5)(Sample{}) != 0 {
		t.Error("a quantile of nothing")
	}
}

func TestEveryVariantWorksInEveryRoundAndTheOrderTurns(t *testing.T) {
	var order []string
	named := func(name string) Variant {
		return Once(name, func(context.Context) (int, error) {
			order = append(order, name)
			return 1, nil
		})
	}
	used := 0
	meter := func() (CPU, error) { used++; return CPU{Own: Used(used) * Used(time.Millisecond)}, nil }
	s, err := Run(t.Context(), Plan{Rounds: 3, Slice: time.Second, Variants: []Variant{named("a"), named("b")}, Meter: meter})
	if err != nil {
		t.Fatal(err)
	}
	if want := strings.Fields("a b a b b a a b"); !slices.Equal(order, want) {
		t.Errorf("the order was %v, want %v (the first two are warming up)", order, want)
	}
	if got := s.Values("b", MicrosEach); got.Rounds != 3 || got.Median != 1000 {
		t.Errorf("processor time an operation: %+v", got)
	}
}

func TestARunEndsWithTheFirstErrorAndRefusesIdleVariants(t *testing.T) {
	broken := errors.New("broken")
	meter := func() (CPU, error) { return CPU{}, nil }
	run := func(v ...Variant) error {
		_, err := Run(t.Context(), Plan{Rounds: 1, Slice: time.Millisecond, Variants: v, Meter: meter})
		return err
	}
	if err := run(Once("a", func(context.Context) (int, error) { return 1, broken })); !errors.Is(err, broken) {
		t.Errorf("error = %v", err)
	}
	idle := Once("a", func(context.Context) (int, error) { return 0, nil })
	if err := run(idle); err == nil {
		t.Error("a variant that did nothing was measured")
	}
	one := Once("a", func(context.Context) (int, error) { return 1, nil })
	if err := run(one, one); err == nil {
		t.Error("two variants of one name")
	}
}

func TestClosedCallersAreCountedAndWaitedFor(t *testing.T) {
	var inside, calls atomic.Int64
	s, err := Closed(t.Context(), 20*time.Millisecond, 4, func(context.Context, int) (int, error) {
		inside.Add(1)
		defer inside.Add(-1)
		calls.Add(1)
		return 10, nil
	})
	if err != nil || inside.Load() != 0 {
		t.Fatalf("%v; %d callers left", err, inside.Load())
	}
	if n := int(calls.Load()); s.Count != 10*n || len(s.Each) != n || s.Took < 20*time.Millisecond {
		t.Errorf("%d calls: %d operations, %d durations, %v", n, s.Count, len(s.Each), s.Took)
	}
	broken := errors.New("broken")
	if _, err := Closed(t.Context(), time.Hour, 4, func(_ context.Context, caller int) (int, error) {
		if caller == 2 {
			return 0, broken
		}
		return 1, nil
	}); !errors.Is(err, broken) {
		t.Errorf("error = %v", err)
	}
}

func TestAFamilysTimeCountsChildrenThatHaveEnded(t *testing.T) {
	proc := t.TempDir()
	for pid, line := range map[string]string{
		"70": "70 (postgres) S 1 70 70 0 -1 4194560 1 2 3 4 5 6 700 800 20 0 1 0 9 1 1\n",
		"71": "71 (post (gr) es) S 70 71 71 0 -1 4194560 1 2 3 4 10 20 0 0 20 0 1 0 9 1 1\n",
		"80": "80 (another) S 1 80 80 0 -1 4194560 1 2 3 4 9999 9999 0 0 20 0 1 0 9 1 1\n",
	} {
		if err := os.MkdirAll(filepath.Join(proc, pid), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(proc, pid, "stat"), []byte(line), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := familyTime(proc, 70)
	if want := Used(1541 * tick); err != nil || got != want { // 5+6+700+800 and 10+20
		t.Errorf("%v, %v; want %v", time.Duration(got), err, time.Duration(want))
	}
	if _, err := familyTime(proc, 90); err == nil {
		t.Error("a family without its head was measured")
	}
	for _, line := range []string{"", "70 postgres S", "70 (postgres) S 1", "x (postgres) S 1 70 70 0 -1 4194560 1 2 3 4 5 6 700 800 20"} {
		if _, err := parseStat(line); err == nil {
			t.Errorf("%q was read", line)
		}
	}
}

func TestTheOwnProcessorTimeGrowsWithWork(t *testing.T) {
	meter := Processes(0)
	before, err := meter()
	if err != nil {
		t.Fatal(err)
	}
	for after := before; after.Own == before.Own; {
		if after, err = meter(); err != nil {
			t.Fatal(err)
		}
	}
}

func TestTheMachinesTimeIsSplitIntoBusyAndIdle(t *testing.T) {
	before, err := parseMachine("cpu  10 0 10 70 10 0 0 0 0 0\ncpu0 …")
	if err != nil {
		t.Fatal(err)
	}
	after, err := parseMachine("cpu  40 0 20 120 20 0 0 0 5 0\ncpu0 …")
	if err != nil {
		t.Fatal(err)
	}
	if got := after.since(before).Busy(); got != 0.4 {
		t.Errorf("busy %v, want 0.4", got)
	}
	if _, err := parseMachine("intr 1 2 3"); err == nil {
		t.Error("another line was read")
	}
}

func TestVerdictsSayWhereTheGateStandsAndWhenToMeasureAgain(t *testing.T) {
	steady := SpreadOf([]float64{10, 10, 11})
	gate := Gate{ID: "G0", What: "ours over theirs", Must: AtLeast(1), Target: AtLeast(2)}
	small := Gate{ID: "G0", What: "theirs over ours", Must: AtMost(0.5)}
	for _, c := range []struct {
		gate    Gate
		ratios  []float64
		anchor  Spread
		say     string
		held    bool
		certain bool
	}{
		{gate, []float64{2, 2.1, 2.2}, steady, "target reached", true, true},
		{gate, []float64{1.2, 1.3, 1.4}, steady, "held", true, true},
		{gate, []float64{0.7, 0.8, 0.9}, steady, "MISSED", false, true},
		{gate, []float64{0.7, 1.1, 1.3}, steady, "held (measure again", true, false},
		{gate, []float64{1.2, 1.3, 1.4}, SpreadOf([]float64{1, 2, 3}), "held (measure again", true, false},
		{small, []float64{0.3, 0.4, 0.45}, steady, "held", true, true},
		{Gate{ID: "G0", Target: AtLeast(1)}, []float64{0.3, 0.4, 0.45}, steady, "no gate", true, true},
		{small, []float64{0.6, 0.7, 0.8}, steady, "MISSED", false, true},
	} {
		v := Verdict{Gate: c.gate, Ratio: SpreadOf(c.ratios), Anchor: c.anchor}
		if v.Held() != c.held || (v.Unsure() == "") != c.certain || !strings.Contains(v.String(), ": "+c.say) {
			t.Errorf("%v: %s", c.ratios, v)
		}
	}
}

func TestAnOpenLoopCountsFromWhenACallWasDue(t *testing.T) {
	var calls atomic.Int64
	s, err := Open(t.Context(), 100*time.Millisecond, 100, func(context.Context, int) error {
		if calls.Add(1) == 1 {
			time.Sleep(30 * time.Millisecond) // others begin meanwhile
		}
		return nil
	})
	if err != nil || s.Count != 10 || len(s.Each) != 10 || s.Took < 90*time.Millisecond {
		t.Fatalf("%+v, %v", s, err)
	}
	if slowest := slices.Max(s.Each); slowest < 30*time.Millisecond {
		t.Errorf("the slowest took %v", slowest)
	}
	broken := errors.New("broken")
	if _, err := Open(t.Context(), time.Hour, 100, func(context.Context, int) error { return broken }); !errors.Is(err, broken) {
		t.Errorf("error = %v", err)
	}
}
