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
type progress struct {
	mu      sync.Mutex
	out     io.Writer
	tty     bool
	started time.Time
	shown   time.Time
	what    string
	begun   int // done already when it started: no work of ours
}

func newProgress(out io.Writer) *progress {
	file, ok := out.(*os.File)
	return &progress{out: out, tty: ok && term.IsTerminal(int(file.Fd())), started: clock.Now()}
}

// report is called by the work; done of total things are finished.
func (p *progress) report(done, total int, what string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := clock.Now()
	if what != p.what {
		p.what, p.started, p.begun = what, now, done
	} else if now.Sub(p.shown) < progressEvery && done < total {
		return
	}
	p.shown = now
	elapsed := now.Sub(p.started)
	rate := 0.0
	if elapsed > 0 {
		rate = float64(done-p.begun) / elapsed.Seconds()
	}
	if !p.tty {
		line, err := json.Marshal(map[string]any{"progress": what, "done": done, "total": total, "per_second": int(rate)})
		if err == nil {
			fmt.Fprintln(p.out, string(line))
		}
		return
	}
	fmt.Fprintf(p.out, "\r\x1b[K%s %s %d/%d  %.0f/s  %s", bar(done, total), what, done, total, rate, left(done, total, rate))
	if done >= total {
		fmt.Fprintln(p.out)
	}
}

func bar(done, total int) string {
	filled := barWidth
	if total > 0 {
		filled = min(barWidth, barWidth*done/total)
	}
	return strings.Repeat("█", filled) + strings.Repeat("░", barWidth-filled)
}

func left(done, total int, rate float64) string {
	if rate <= 0 || done >= total {
		return ""
	}
	return (time.Duration(float64(total-done)/rate) * time.Second).String() + " left"
}
