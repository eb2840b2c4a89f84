package main

import (
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
)

const (
	// gcPercent lets the heap grow further before it is swept than Go does by
	// itself: our events are many small objects, and a sweep costs more than the
	// memory.
	gcPercent = 200

	// mostSlack bounds that growth: a process with much in use (a long read model
	// being filled, ten thousand readers of the feed) is collected more often, not
	// given three times as much.
	mostSlack = 128 << 20

	// leastPercent keeps collecting from taking all the time.
	leastPercent = 50
)

// tuneMemory sets how far the heap may grow, unless the environment says it
// (GOGC, GOMEMLIMIT).
func tuneMemory() {
	if os.Getenv("GOGC") != "" || os.Getenv("GOMEMLIMIT") != "" {
		return
	}
	debug.SetGCPercent(gcPercent)
	afterEachCollection(func() func() {
		set := gcPercent
		return func() {
			if percent := percentFor(liveBytes()); percent != set {
				debug.SetGCPercent(percent)
				set = percent
			}
		}
	}())
}

// percentFor gives the growth allowed to so many live bytes, in steps of ten.
func percentFor(live uint64) int {
	percent := gcPercent
	if live > 0 {
		percent = int(min(gcPercent, 100*mostSlack/live))
	}
	return max(percent/10*10, leastPercent)
}

// liveBytes is what the last collection left.
func liveBytes() uint64 {
	sample := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
}

// afterEachCollection calls do, by a finalizer that sets itself again.
func afterEachCollection(do func()) {
	type sentinel struct{ _ [16]byte }
	var again func(*sentinel)
	again = func(s *sentinel) {
		do()
		runtime.SetFinalizer(s, again)
	}
	runtime.SetFinalizer(&sentinel{}, again)
}
