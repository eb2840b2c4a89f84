package main

import (
	"fmt"
	"sync"
	"testing"
)

// fate is what a writer knows of one request.
type fate int

const (
	unknown      fate = iota // sent, no answer yet or ever
	acknowledged             // answered with success
)

// history is what all writers know; the checker compares it with the log.
type history struct {
	mu    sync.Mutex
	fates map[string]fate // by Idempotency-Key
}

func newHistory() *history { return &history{fates: map[string]fate{}} }

func (h *history) note(key string, f fate) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.fates[key] = max(h.fates[key], f)
}

func (h *history) count(f fate) (n int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, have := range h.fates {
		if have == f {
			n++
		}
	}
	return n
}

// stored is one event as the database holds it.
type stored struct {
	position, revision int64
	stream, key        string
}

// check compares: acknowledged ⊆ stored ⊆ acknowledged + unknown, each key once,
// positions and revisions without a gap.
func (h *history) check(t *testing.T, events []stored) {
	t.Helper()
	times, next := map[string]int{}, map[string]int64{}
	for n, e := range events {
		if e.position != int64(n+1) {
			t.Fatalf("position %d stands at place %d of the log: there is a gap", e.position, n+1)
		}
		if e.revision != next[e.stream] {
			t.Errorf("%s has revision %d where %d should be", e.stream, e.revision, next[e.stream])
		}
		next[e.stream]++
		times[e.key]++
	}
	for key, f := range h.fates {
		switch n := times[key]; {
		case f == acknowledged && n == 0:
			t.Errorf("lost: %s was acknowledged and is not stored", key)
		case n > 1:
			t.Errorf("doubled: %s is stored %d times", key, n)
		}
	}
}

func (h *history) String() string {
	return fmt.Sprintf("%d acknowledged, %d unknown", h.count(acknowledged), h.count(unknown))
}
