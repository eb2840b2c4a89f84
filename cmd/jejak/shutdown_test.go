package main

import (
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// shutdownGoal is how soon the program must be gone, whatever goes on.
const shutdownGoal = 10 * time.Second

// TestAnOrderlyEndUnderLoadBreaksNoRequest ends the program by SIGTERM while
// people write and others follow the feed and a page.
func TestAnOrderlyEndUnderLoadBreaksNoRequest(t *testing.T) {
	dir := stateDir(t)
	p := serve(t, dir, "--demo", "--people", "20")
	p.seeded()
	l := newLoad(t, p, writers)
	readers := follow(t, l, 8)
	var mu sync.Mutex
	late := map[string]error{} // requests that found nobody any more
	l.unanswered = func(key string, repeat, reused bool, err error) {
		if reused {
			l.complain("%s was sent on a connection in use and never answered: %v", key, err)
		}
		mu.Lock()
		defer mu.Unlock()
		if !repeat { // a repeat may have been stored the first time
			late[key] = err
		}
	}
	for round := range often(t, 2, 50, "JEJAK_TEST_SHUTDOWN_CYCLES") {
		readers.again(p)
		l.begin(p)
		l.moreThan(200)
		l.note("SIGTERM")
		begin := time.Now()
		p.end(syscall.SIGTERM)
		took := time.Since(begin)
		l.rest()
		if took > shutdownGoal || !strings.Contains(p.stderr.String(), "stopped cleanly") {
			t.Errorf("it ended after %v\n%s", took, p.stderr)
		}
		readers.sentAway()
		p = serve(t, dir)
		for _, e := range p.log() {
			if err := late[e.Key]; err != nil {
				t.Errorf("%s is stored and was never answered: %v", e.Key, err)
			}
		}
		t.Logf("round %d: gone after %v; %d requests found nobody any more", round, took, len(late))
		clear(late)
	}
	readers.again(p)
	l.judge(p)
	if n := l.delayed.Load(); n > 0 {
		t.Logf("%d requests were asked to come back", n)
	}
	readers.sawAll(p.log())
	p.stop()
	equalToRebuild(t, dir)
}
