// Package clock is the only place that reads the machine's clock, so that every
// other package can be driven through any hour of any year by a test.
package clock

import "time"

// Clock tells the present moment in UTC. Pass one in; do not keep it global.
type Clock func() time.Time

// Now reads the machine's clock, in UTC and cut to microseconds: the finest
// step that PostgreSQL and the stored events both keep.
func Now() time.Time { return time.Now().UTC().Truncate(time.Microsecond) }

// Since is the time passed since start, by the monotonic clock when both ends have it.
func Since(start time.Time) time.Duration { return time.Since(start) }

// Fixed always tells the same moment.
func Fixed(t time.Time) Clock { return func() time.Time { return t } }

// Watch starts a stopwatch. What it returns tells the time passed, by the
// monotonic clock and not cut: for measuring, not for stamping.
func Watch() func() time.Duration {
	start := time.Now()
	return func() time.Duration { return time.Since(start) }
}
