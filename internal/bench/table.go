package bench

import (
	"fmt"
	"strings"
)

// Table writes what every variant did: medians over the rounds, one a line.
func (s Series) Table() string {
	var out strings.Builder
	fmt.Fprintf(&out, "load %s; processors busy %.0f %%; %d rounds\n", s.Machine.Load, 100*s.Machine.Busy(), len(s.Samples[s.Names[0]]))
	fmt.Fprintf(&out, "  %-44s %22s %9s %9s %9s %9s\n", "", "a second (range)", "p50 us", "p99 us", "own us", "pg us")
	for _, name := range s.Names {
		p50, p99 := "-", "-"
		if pooled := s.Pooled(name); len(pooled.Each) > 0 {
			p50, p99 = short(Quantile(0.5)(pooled)), short(Quantile(0.99)(pooled))
		}
		own := s.Values(name, func(s Sample) float64 { return s.CPU.Own.perOperation(s.Count) })
		database := s.Values(name, func(s Sample) float64 { return s.CPU.Database.perOperation(s.Count) })
		fmt.Fprintf(&out, "  %-44s %22s %9s %9s %9s %9s\n", name, s.Values(name, Rate), p50, p99, short(own.Median), short(database.Median))
	}
	return out.String()
}
