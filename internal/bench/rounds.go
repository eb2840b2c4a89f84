package bench

import (
	"context"
	"fmt"
	"slices"
	"time"
)

// warmPart is the part of a slice that each variant works before the first round,
// to prepare statements and grow what grows. Nothing of it counts.
const warmPart = 4

// Plan is a comparison.
type Plan struct {
	Rounds   int           // at least 1
	Slice    time.Duration // of each variant in each round
	Variants []Variant     // the anchor first
	Meter    Meter
}

// Series are the samples of every variant, one a round.
type Series struct {
	Names   []string // as in the plan
	Samples map[string][]Sample
	Machine Machine // over the whole run
}

// Run runs the rounds. Every second one goes backwards, so that no variant always
// comes after the same other.
func Run(ctx context.Context, p Plan) (Series, error) {
	out := Series{Samples: map[string][]Sample{}}
	if p.Rounds < 1 || p.Slice <= 0 || p.Meter == nil {
		return out, fmt.Errorf("a comparison needs rounds, a slice and a meter")
	}
	for _, v := range p.Variants {
		if slices.Contains(out.Names, v.Name) {
			return out, fmt.Errorf("two variants are called %q", v.Name)
		}
		out.Names = append(out.Names, v.Name)
		if _, err := measure(ctx, v, p.Slice/warmPart, p.Meter); err != nil {
			return out, err
		}
	}
	before, err := readMachine()
	if err != nil {
		return out, err
	}
	order := slices.Clone(p.Variants)
	for range p.Rounds {
		for _, v := range order {
			s, err := measure(ctx, v, p.Slice, p.Meter)
			if err != nil {
				return out, err
			}
			out.Samples[v.Name] = append(out.Samples[v.Name], s)
		}
		slices.Reverse(order)
	}
	after, err := readMachine()
	out.Machine = after.since(before)
	return out, err
}

func measure(ctx context.Context, v Variant, slice time.Duration, meter Meter) (Sample, error) {
	before, err := meter()
	if err != nil {
		return Sample{}, err
	}
	s, err := v.Work(ctx, slice)
	if err != nil {
		return Sample{}, fmt.Errorf("%s: %w", v.Name, err)
	}
	if s.Count == 0 {
		return Sample{}, fmt.Errorf("%s did nothing in %v", v.Name, slice)
	}
	after, err := meter()
	if err != nil {
		return Sample{}, err
	}
	s.CPU = after.since(before)
	return s, nil
}

// Ratios gives, round by round, the metric of one variant over that of another.
func (s Series) Ratios(of, to string, m Metric) (Spread, error) {
	a, b := s.Samples[of], s.Samples[to]
	if len(a) == 0 || len(a) != len(b) {
		return Spread{}, fmt.Errorf("%q (%d rounds) cannot be compared with %q (%d rounds)", of, len(a), to, len(b))
	}
	ratios := make([]float64, len(a))
	for i := range a {
		below := m(b[i])
		if below == 0 {
			return Spread{}, fmt.Errorf("%q measured nothing in round %d", to, i+1)
		}
		ratios[i] = m(a[i]) / below
	}
	return SpreadOf(ratios), nil
}

// Values gives the spread of a variant's own metric over the rounds.
func (s Series) Values(name string, m Metric) Spread {
	var values []float64
	for _, one := range s.Samples[name] {
		values = append(values, m(one))
	}
	return SpreadOf(values)
}

// Pooled throws the single durations of all rounds together: a 99th percentile
// wants more of them than one round has.
func (s Series) Pooled(name string) Sample {
	var all Sample
	for _, one := range s.Samples[name] {
		all.Count, all.Took, all.Each = all.Count+one.Count, all.Took+one.Took, append(all.Each, one.Each...)
	}
	return all
}
