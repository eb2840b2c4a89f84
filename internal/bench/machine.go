package bench

import (
	"fmt"
	"os"
	"strconv"
	"strings"
)

// Machine says how busy the machine was with everything, us included.
type Machine struct {
	Load        string // the load averages over 1, 5 and 15 minutes, at the end
	busy, total int    // ticks of all processors
}

// Busy is the part of the processors' time that was used; 0 to 1.
func (m Machine) Busy() float64 {
	if m.total == 0 {
		return 0
	}
	return float64(m.busy) / float64(m.total)
}

func (m Machine) since(before Machine) Machine {
	return Machine{Load: before.Load + " before, " + m.Load + " after", busy: m.busy - before.busy, total: m.total - before.total}
}

func readMachine() (Machine, error) {
	load, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return Machine{}, fmt.Errorf("read the machine's load: %w", err)
	}
	stat, err := os.ReadFile("/proc/stat")
	if err != nil {
		return Machine{}, fmt.Errorf("read the machine's load: %w", err)
	}
	m, err := parseMachine(string(stat))
	if fields := strings.Fields(string(load)); len(fields) >= 3 {
		m.Load = strings.Join(fields[:3], " ")
	}
	return m, err
}

// parseMachine reads the first line of /proc/stat: "cpu user nice system idle iowait …".
func parseMachine(stat string) (Machine, error) {
	line, _, _ := strings.Cut(stat, "\n")
	fields := strings.Fields(line)
	const idleField, waitField, fieldsBeforeGuests = 4, 5, 9 // guests are in user already
	if len(fields) < fieldsBeforeGuests || fields[0] != "cpu" {
		return Machine{}, fmt.Errorf("%q is not the processors' line", line)
	}
	var m Machine
	for i, text := range fields[1:fieldsBeforeGuests] {
		n, err := strconv.Atoi(text)
		if err != nil {
			return Machine{}, fmt.Errorf("%q is not the processors' line: %w", line, err)
		}
		m.total += n
		if i+1 != idleField && i+1 != waitField {
			m.busy += n
		}
	}
	return m, nil
}
