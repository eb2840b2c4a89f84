package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"time"

	"golang.org/x/term"

	"github.com/jejak-kinerja/jejak/internal/clock"
)

// barWidth fits a line of 80 columns with count, rate and time left.
const barWidth = 28

// progressEvery is how often a line is renewed: often enough to look alive.
const progressEvery = 200 * time.Millisecond

// progress shows how far a long work is: a bar on a terminal, JSON lines elsewhere.
// It never goes back, and never beyond its end.
type progress struct {
	mu    sync.Mutex
	out   io.Writer
	tty   bool
	now   clock.Clock
	shown time.Time // when the last line was written
	stage stage
}

// stage is one part of a work.
type stage struct {
	what    string
	started time.Time
	begun   int // done already when it started: no work of ours
	done    int
	total   int // 0 while it is not known
}

func newProgress(out io.Writer) *progress {
	file, ok := out.(*os.File)
	return &progress{out: out, tty: ok && term.IsTerminal(int(file.Fd())), now: clock.Now}
}

// report is called by the work: done of total things are finished, events where
// nothing else is said; total is 0 while it is not known.
func (p *progress) report(done, total int, what string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	now, before := p.now(), p.stage
	if what != before.what {
		if p.tty && before.open() {
			fmt.Fprintln(p.out)
		}
		p.stage = stage{what: what, started: now, begun: done}
	}
	p.stage.advance(done, total)
	if what == before.what && now.Sub(p.shown) < progressEvery && p.stage.open() == before.open() {
		return
	}
	p.shown = now
	p.write(now, before.open() || what != before.what)
}

// advance takes in what was reported. Others may append meanwhile, so more may be
// done than the total was at first.
func (s *stage) advance(done, total int) {
	s.done = max(s.done, done)
	if s.total == 0 {
		s.total = total
	}
	if s.total > 0 {
		s.total = max(s.total, s.done)
	}
}

// open says that the stage is not at its end.
func (s *stage) open() bool { return s.what != "" && (s.total == 0 || s.done < s.total) }

// rate is how many things are done in a second.
func (s *stage) rate(now time.Time) float64 {
	if elapsed := now.Sub(s.started); elapsed > 0 {
		return float64(s.done-s.begun) / elapsed.Seconds()
	}
	return 0
}

// left is how long the rest takes at this rate; not known without a total or a rate.
func (s *stage) left(rate float64) (left time.Duration, known bool) {
	if s.total == 0 || rate <= 0 {
		return 0, false
	}
	return time.Duration(float64(s.total-s.done) / rate * float64(time.Second)).Round(time.Second), true
}

func (p *progress) write(now time.Time, fresh bool) {
	s, rate := &p.stage, p.stage.rate(now)
	left, known := s.left(rate)
	if !p.tty {
		line := map[string]any{"progress": s.what, "done": s.done, "per_second": int(rate)}
		if s.total > 0 {
			line["total"] = s.total
		}
		if known {
			line["seconds_left"] = int(left.Seconds())
		}
		if text, err := json.Marshal(line); err == nil {
			fmt.Fprintln(p.out, string(text))
		}
		return
	}
	if s.total == 0 {
		fmt.Fprintf(p.out, "\r\x1b[K%s %d  %.0f/s", s.what, s.done, rate)
		return
	}
	fmt.Fprintf(p.out, "\r\x1b[K%s %s %d/%d  %.0f/s", bar(s.done, s.total), s.what, s.done, s.total, rate)
	if known && s.open() {
		fmt.Fprintf(p.out, "  %s left", left)
	}
	if !s.open() && fresh {
		fmt.Fprintln(p.out)
	}
}

func bar(done, total int) string {
	filled := min(barWidth, barWidth*done/total)
	return strings.Repeat("█", filled) + strings.Repeat("░", barWidth-filled)
}
