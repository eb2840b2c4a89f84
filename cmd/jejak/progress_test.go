package main

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"
)

// shown is a line of a progress.
type shown struct {
	Progress string
	Done     int
	Total    int
	Left     *int `json:"seconds_left"`
}

// told gives the lines that a work leads to which reports each second.
func told(t *testing.T, work func(report func(done, total int, what string))) (lines []shown) {
	t.Helper()
	var out bytes.Buffer
	now := time.Date(2026, 3, 2, 5, 0, 0, 0, time.UTC)
	p := newProgress(&out)
	p.now = func() time.Time { return now }
	work(func(done, total int, what string) {
		p.report(done, total, what)
		now = now.Add(time.Second)
	})
	for line := range strings.Lines(out.String()) {
		var s shown
		if err := json.Unmarshal([]byte(line), &s); err != nil {
			t.Fatal(err)
		}
		lines = append(lines, s)
	}
	return lines
}

func TestProgressTellsEventsAndTheTimeLeft(t *testing.T) {
	lines := told(t, func(report func(int, int, string)) {
		report(100, 400, "fill") // gone on with
		report(150, 400, "fill")
		report(200, 400, "fill")
		report(400, 400, "fill")
	})
	if len(lines) != 4 || lines[0].Left != nil || *lines[1].Left != 5 || *lines[2].Left != 4 || lines[3].Done != 400 || *lines[3].Left != 0 {
		t.Errorf("%+v", lines)
	}
}

func TestProgressWithoutATotalTellsEventsOnly(t *testing.T) {
	lines := told(t, func(report func(int, int, string)) {
		report(0, 0, "read")
		report(1_000, 0, "read")
		report(1_500, 1_500, "read")
	})
	if len(lines) != 3 || lines[1].Done != 1_000 || lines[1].Total != 0 || lines[1].Left != nil || lines[2].Total != 1_500 {
		t.Errorf("%+v", lines)
	}
}

func TestProgressNeverGoesBackNorBeyondItsEnd(t *testing.T) {
	lines := told(t, func(report func(int, int, string)) {
		for _, r := range [][2]int{{10, 100}, {40, 100}, {30, 100}, {60, 400}, {99, 50}, {120, 100}, {130, 0}, {5, 130}} {
			report(r[0], r[1], "replay") // as of several workers, with others who append
		}
		report(1, 10, "next")
	})
	part := 0.0
	for _, l := range lines {
		if l.Progress == "next" {
			part = 0
		}
		now := float64(l.Done) / float64(l.Total)
		if now < part || now > 1 {
			t.Errorf("%+v comes after %.2f", l, part)
		}
		part = now
	}
	if last := lines[len(lines)-1]; last.Progress != "next" || last.Done != 1 || last.Total != 10 {
		t.Errorf("the next stage begins with %+v", last)
	}
}

func TestATerminalSeesOneLineForEachStage(t *testing.T) {
	var out bytes.Buffer
	p := newProgress(&out)
	now := time.Date(2026, 3, 2, 5, 0, 0, 0, time.UTC)
	p.tty, p.now = true, func() time.Time { now = now.Add(time.Second); return now }
	for _, done := range []int{0, 50, 100, 101} {
		p.report(done, 100, "fill")
	}
	p.report(7, 0, "read")
	p.report(14, 0, "read")
	p.report(1, 1, "end")
	if text := out.String(); strings.Count(text, "\n") != 3 || !strings.Contains(text, "read 14  ") || !strings.Contains(text, "left") {
		t.Errorf("%q", text)
	}
}
