package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/jejak-kinerja/jejak/commands"
	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/projections/projectiontest"
)

// TestMeasureALongLedger fills a ledger with EVENTS facts (400,000 unless set) and
// tells how long the product needs with it and how much memory: to read all of it
// into its read models, to start, to answer, to verify, to rebuild, to back up.
func TestMeasureALongLedger(t *testing.T) {
	measureOnly(t)
	events := 400_000
	if s := os.Getenv("EVENTS"); s != "" {
		var err error
		if events, err = strconv.Atoi(s); err != nil {
			t.Fatalf("EVENTS=%q is no number", s)
		}
	}
	dir := stateDir(t)
	begin := time.Now()
	fillLongLedger(t, dir, events)
	t.Logf("%d facts stored in %v", events, time.Since(begin))

	begin = time.Now()
	p := serve(t, dir, "--log-level", "error")
	t.Logf("first start of the read models: answers after %v", time.Since(begin))
	p.readyWithin(30 * time.Minute)
	t.Logf("... and has read everything after %v, at most %.0f MB", time.Since(begin), peakMB(t, p.cmd.Process.Pid))
	p.stop()
	begin = time.Now()
	p = serve(t, dir, "--log-level", "error")
	first := time.Since(begin)
	p.ready()
	t.Logf("next start: answers after %v, ready after %v, %.0f MB", first, time.Since(begin), residentMB(t, p.cmd.Process.Pid))
	for _, path := range []string{"/healthz", "/readyz"} {
		begin = time.Now()
		if _, err := p.get(t.Context(), path, ""); err != nil {
			t.Error(err)
		}
		t.Logf("%s: %v", path, time.Since(begin))
	}
	p.stop()
	backup := filepath.Join(t.TempDir(), "backup")
	for _, args := range [][]string{{"verify"}, {"projection", "rebuild", "audittrail_v3"}, {"projection", "rebuild", "personpage_v1"}, {"backup", "--to", backup}} {
		took, peak := measuredCommand(t, dir, args...)
		t.Logf("jejak %s: %v, at most %.0f MB, %.0f facts a second", args, took, peak, float64(events)/took.Seconds())
	}
}

// fillLongLedger appends an invented history; those of one stream keep their order.
func fillLongLedger(t *testing.T, dir string, events int) {
	t.Helper()
	const window, callers, people, units = 50_000, 32, 2_500, 60
	size := projectiontest.Size{People: people, Units: units, Steps: events, Pace: 400 * 24 * time.Hour / time.Duration(events)}
	facts := projectiontest.History(t, 9, size)
	inRooms(t, dir, func(r *rooms) error {
		for begin := time.Now(); len(facts) > 0; {
			part := facts[:min(window, len(facts))]
			facts = facts[len(part):]
			streams := map[string][]domain.Recorded{}
			for _, f := range part {
				streams[f.Stream] = append(streams[f.Stream], f)
			}
			var filling errgroup.Group
			filling.SetLimit(callers)
			for stream, own := range streams {
				filling.Go(func() error {
					all := make([]commands.NewEvent, len(own))
					for i, f := range own {
						all[i] = commands.NewEvent{ID: f.ID, Body: f.Body, Meta: f.Meta}
					}
					_, err := r.events.Append(t.Context(), stream, int64(own[0].Revision)-1, all)
					return err
				})
			}
			if err := filling.Wait(); err != nil {
				return err
			}
			fmt.Fprintf(os.Stderr, "%d facts to go after %v\n", len(facts), time.Since(begin).Round(time.Second))
		}
		return nil
	})
}

// measuredCommand runs a subcommand and tells its time and greatest resident memory.
func measuredCommand(t *testing.T, dir string, args ...string) (took time.Duration, peak float64) {
	t.Helper()
	begin := time.Now()
	cmd := exec.Command(binary(t), append(args, "--state-dir", dir, "--log-level", "warn")...)
	var said strings.Builder
	cmd.Stdout, cmd.Stderr = &said, &said
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	for look := time.NewTicker(50 * time.Millisecond); ; {
		select {
		case err := <-ended:
			look.Stop()
			if err != nil {
				t.Errorf("jejak %s: %v\n%s", args, err, said.String()[max(0, said.Len()-2000):])
			}
			return time.Since(begin), peak
		case <-look.C:
			if status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", cmd.Process.Pid)); err == nil { // else it has just ended
				peak = max(peak, statusMB(string(status), "VmHWM:"))
			}
		}
	}
}

func peakMB(t *testing.T, pid int) float64 {
	t.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		t.Fatal(err)
	}
	return statusMB(string(status), "VmHWM:")
}

// statusMB reads a line of /proc/PID/status, 0 when it is not there.
func statusMB(status, name string) float64 {
	for line := range strings.Lines(status) {
		if fields := strings.Fields(line); len(fields) == 3 && fields[0] == name {
			kb, err := strconv.ParseFloat(fields[1], 64)
			if err == nil {
				return kb / 1000
			}
		}
	}
	return 0
}
