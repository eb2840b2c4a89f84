package bench

import (
	"context"
	"slices"
	"time"
)

// Variant is one way to do the work that is compared.
type Variant struct {
	Name string
	// Work goes on for about the slice and tells what was done. It waits for all
	// it started. The runner fills in the processor time.
	Work func(ctx context.Context, slice time.Duration) (Sample, error)
}

// Sample is what one variant did in one slice.
type Sample struct {
	Count int           // operations done
	Took  time.Duration // all of them together
	CPU   CPU           // used meanwhile
	Each  []time.Duration
	// Each holds the duration of single operations where the variant takes them.
}

// Metric reads one figure off a sample.
type Metric func(Sample) float64

// Rate is operations a second.
func Rate(s Sample) float64 {
	if s.Took <= 0 {
		return 0
	}
	return float64(s.Count) / s.Took.Seconds()
}

// MicrosEach is the processor time of an operation, own and the database's, in
// microseconds. It moves less than rates do on a machine that others use.
func MicrosEach(s Sample) float64 {
	return s.CPU.Own.perOperation(s.Count) + s.CPU.Database.perOperation(s.Count)
}

// Quantile gives the metric of the q-quantile of the single durations, in
// microseconds; 0 <= q < 1.
func Quantile(q float64) Metric {
	return func(s Sample) float64 {
		sorted := slices.Sorted(slices.Values(s.Each))
		if len(sorted) == 0 {
			return 0
		}
		return micros(sorted[int(q*float64(len(sorted)))])
	}
}

func micros(d time.Duration) float64 { return float64(d) / float64(time.Microsecond) }
