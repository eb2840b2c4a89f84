package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// clockTick is Linux's unit of process times on every architecture Go knows.
const clockTick = 10 * time.Millisecond

// cpuTimes is what the program and its private database have used of the
// processor: steadier than rates on a machine that others use, too.
type cpuTimes struct{ program, database time.Duration }

func (c cpuTimes) since(before cpuTimes, events uint64) string {
	each := func(d time.Duration) float64 { return float64(d.Microseconds()) / float64(events) }
	return fmt.Sprintf("%.0f us program + %.0f us database an event", each(c.program-before.program), each(c.database-before.database))
}

// cpuNow reads both from /proc. The processes of the database are the postmaster
// and its children; one that has ended counts no more.
func cpuNow(t *testing.T, stateDir string) cpuTimes {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(stateDir, "*", "*", "postmaster.pid"))
	if err != nil || len(files) != 1 {
		t.Fatalf("the postmaster's file: %v, %v", files, err)
	}
	content, err := os.ReadFile(files[0])
	if err != nil {
		t.Fatal(err)
	}
	postmaster, _, _ := strings.Cut(string(content), "\n")
	stats, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		t.Fatal(err)
	}
	var sum cpuTimes
	for _, file := range stats {
		pid, parent, used, ok := processTimes(file)
		switch {
		case ok && pid == strconv.Itoa(os.Getpid()):
			sum.program += used
		case ok && (pid == postmaster || parent == postmaster):
			sum.database += used
		}
	}
	return sum
}

// processTimes reads one process; not ok when it has just ended.
func processTimes(file string) (pid, parent string, used time.Duration, ok bool) {
	content, err := os.ReadFile(file)
	if err != nil {
		return "", "", 0, false
	}
	pid, rest, _ := strings.Cut(string(content), " (")
	fields := strings.Fields(rest[strings.LastIndex(rest, ")")+1:])
	const parentField, userField, systemField = 1, 11, 12
	user, err1 := strconv.Atoi(fields[userField])
	system, err2 := strconv.Atoi(fields[systemField])
	return pid, fields[parentField], time.Duration(user+system) * clockTick, err1 == nil && err2 == nil
}
