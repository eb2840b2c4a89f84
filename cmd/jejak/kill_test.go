package main

import (
	"encoding/json"
	"strings"
	"testing"
	"time"
)

// writers write at once in most of the reliability tests.
const writers = 50

// TestKillNineUnderWritingLoadLosesNothingAndDoublesNothing kills the whole
// program again and again while people write, and looks at the log at the end.
func TestKillNineUnderWritingLoadLosesNothingAndDoublesNothing(t *testing.T) {
	cycles := often(t, 30, 500, "JEJAK_TEST_KILL_CYCLES")
	dir := stateDir(t)
	p := serve(t, dir, "--demo", "--people", "20")
	p.seeded()
	l := newLoad(t, p, writers)
	var slowest time.Duration
	for range cycles {
		l.begin(p)
		<-time.After(between(l.dice, 200*time.Millisecond, 2*time.Second))
		l.note("kill -9")
		p.kill()
		l.rest()
		begin := time.Now()
		p = serve(t, dir)
		slowest = max(slowest, time.Since(begin))
	}
	l.judge(p)
	t.Logf("%d cycles; slowest restart %v", cycles, slowest)
	if l.acknowledged.Load() < int64(2*cycles) { // a slow machine acknowledges few between two kills
		t.Error("there was no load")
	}
	p.stop()
	equalToRebuild(t, dir)
}

// equalToRebuild fails when a read model differs from what the log says; flags
// say where the storage is, when it is not in the state directory.
func equalToRebuild(t *testing.T, dir string, flags ...string) {
	t.Helper()
	models := 0
	for line := range strings.Lines(command(t, dir, append([]string{"projection", "check", "--json"}, flags...)...)) {
		var answer struct {
			Projection string
			Rows       int64
			Equal      bool
		}
		if err := json.Unmarshal([]byte(line), &answer); err != nil {
			t.Fatal(err)
		}
		if !answer.Equal {
			t.Errorf("%s differs from its rebuild", answer.Projection)
		}
		models++
	}
	if models == 0 {
		t.Fatal("no read model was compared")
	}
}
