package main

import (
	"os"
	"runtime/debug"
)

// gcPercent lets the heap grow further before it is swept than Go does by itself:
// our events are many small objects, and a sweep costs more than the memory, which
// is some ten megabytes.
const gcPercent = 200

// tuneMemory sets what the operator has not set.
func tuneMemory() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(gcPercent)
	}
}
