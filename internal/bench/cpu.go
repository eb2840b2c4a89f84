package bench

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// tick is the unit of process times in /proc on every architecture Go knows.
const tick = 10 * time.Millisecond

// Used is processor time, user and system together.
type Used time.Duration

func (u Used) perOperation(n int) float64 {
	if n == 0 {
		return 0
	}
	return micros(time.Duration(u)) / float64(n)
}

// CPU is the processor time of two sides.
type CPU struct {
	Own      Used // this process: load, client, node and whatever else runs in it
	Database Used // PostgreSQL: the postmaster and all its children, ended ones included
}

func (c CPU) since(before CPU) CPU {
	return CPU{Own: c.Own - before.Own, Database: c.Database - before.Database}
}

// Meter reads the processor time used so far.
type Meter func() (CPU, error)

// Processes makes a Meter for this process and a PostgreSQL server, which is
// named by the pid of its postmaster; 0 for none.
func Processes(postmaster int) Meter {
	return func() (CPU, error) {
		var own syscall.Rusage
		if err := syscall.Getrusage(syscall.RUSAGE_SELF, &own); err != nil {
			return CPU{}, fmt.Errorf("read the own processor time: %w", err)
		}
		c := CPU{Own: Used(time.Duration(own.Utime.Nano() + own.Stime.Nano()))}
		if postmaster == 0 {
			return c, nil
		}
		var err error
		c.Database, err = familyTime("/proc", postmaster)
		return c, err
	}
}

// familyTime adds up a process, its living children, and those it has waited for.
func familyTime(proc string, parent int) (Used, error) {
	files, err := filepath.Glob(filepath.Join(proc, "[0-9]*", "stat"))
	if err != nil {
		return 0, fmt.Errorf("list the processes: %w", err)
	}
	var sum Used
	found := false
	for _, file := range files {
		content, err := os.ReadFile(file)
		if errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ESRCH) {
			continue // has just ended: its parent has its time
		}
		if err != nil {
			return 0, fmt.Errorf("read a process's time: %w", err)
		}
		p, err := parseStat(string(content))
		if err != nil {
			return 0, fmt.Errorf("%s: %w", file, err)
		}
		switch parent {
		case p.pid:
			sum, found = sum+p.used+p.ended, true
		case p.parent:
			sum += p.used
		}
	}
	if !found {
		return 0, fmt.Errorf("there is no process %d", parent)
	}
	return sum, nil
}

// process is what counts of a line of /proc/PID/stat.
type process struct {
	pid, parent int
	used        Used // by itself
	ended       Used // by children that it has waited for
}

// parseStat reads a line as proc(5) has it. The second field, the name, is in
// parentheses and may hold anything.
func parseStat(line string) (process, error) {
	open, end := strings.IndexByte(line, '('), strings.LastIndexByte(line, ')')
	if open < 0 || end < open {
		return process{}, fmt.Errorf("%q is not a process's line", line)
	}
	// Counted from the field after the name.
	const parentField, userField, childSystemField = 1, 11, 14
	fields := strings.Fields(line[end+1:])
	if len(fields) <= childSystemField {
		return process{}, fmt.Errorf("%q is not a process's line", line)
	}
	numbers := make([]int, 0, 6)
	for _, text := range append([]string{strings.TrimSpace(line[:open]), fields[parentField]}, fields[userField:childSystemField+1]...) {
		n, err := strconv.Atoi(text)
		if err != nil {
			return process{}, fmt.Errorf("%q is not a process's line: %w", line, err)
		}
		numbers = append(numbers, n)
	}
	ticks := func(n int) Used { return Used(time.Duration(n) * tick) }
	return process{pid: numbers[0], parent: numbers[1], used: ticks(numbers[2] + numbers[3]), ended: ticks(numbers[4] + numbers[5])}, nil
}
