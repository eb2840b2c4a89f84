package bench

import (
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// Setup is what whoever measures asks for, by the environment.
type Setup struct {
	Gates  []string      // GATES: "all", or "G1,G2"; nothing is measured without it
	Rounds int           // ROUNDS, 6 by default
	Slice  time.Duration // SLICE of a variant in a round, 2 s by default
	Runs   int           // RUNS in all, 1 by default, when the first is not to be trusted
	Events int           // EVENTS in a log that is read or replayed, 400,000 by default
	Strict bool          // STRICT=1: a gate that is surely missed is an error
}

// Asked reads the environment and skips the test when none of the gates is wanted.
func Asked(t testing.TB, gates ...string) Setup {
	t.Helper()
	s, err := readSetup(os.Getenv)
	if err != nil {
		t.Fatal(err)
	}
	if !s.wants(gates...) {
		t.Skip("a measurement, not a test: GATES=" + strings.Join(gates, ",") + " make bench")
	}
	return s
}

// Wants tells whether one of the gates was asked for.
func (s Setup) wants(gates ...string) bool {
	return slices.ContainsFunc(gates, func(g string) bool {
		return slices.Contains(s.Gates, g) || slices.Contains(s.Gates, "all")
	})
}

func readSetup(environment func(string) string) (Setup, error) {
	s := Setup{Rounds: 6, Runs: 1, Slice: 2 * time.Second, Events: 400_000, Strict: environment("STRICT") == "1"}
	for name := range strings.SplitSeq(environment("GATES"), ",") {
		if name = strings.TrimSpace(name); name != "" {
			s.Gates = append(s.Gates, name)
		}
	}
	var err error
	for name, into := range map[string]*int{"ROUNDS": &s.Rounds, "RUNS": &s.Runs, "EVENTS": &s.Events} {
		if text := environment(name); text != "" {
			if *into, err = strconv.Atoi(text); err != nil || *into < 1 {
				return s, fmt.Errorf("%s=%q is not a number above 0", name, text)
			}
		}
	}
	if text := environment("SLICE"); text != "" {
		if s.Slice, err = time.ParseDuration(text); err != nil || s.Slice <= 0 {
			return s, fmt.Errorf("SLICE=%q is not a duration such as 500ms", text)
		}
	}
	return s, nil
}
