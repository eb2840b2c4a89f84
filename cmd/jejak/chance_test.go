package main

import (
	"math/rand/v2"
	"os"
	"strconv"
	"testing"
	"time"
)

const (
	// seedAgain sets the seed of a test's chance, to repeat an earlier run.
	seedAgain = "JEJAK_TEST_SEED"
	// longForm, when not empty, makes the reliability tests long: an hour, not minutes.
	longForm = "JEJAK_TEST_LONG"
)

// chance gives a test its dice, and the seed that they come from.
func chance(t *testing.T) (uint64, *rand.Rand) {
	t.Helper()
	seed := uint64(time.Now().UnixNano())
	if s := os.Getenv(seedAgain); s != "" {
		var err error
		if seed, err = strconv.ParseUint(s, 10, 64); err != nil {
			t.Fatalf("%s=%q is no seed", seedAgain, s)
		}
	}
	t.Logf("seed %d; again: %s=%d go test ./cmd/jejak -count 1 -run '^%s$'", seed, seedAgain, seed, t.Name())
	return seed, rand.New(rand.NewPCG(seed, 0))
}

// often gives how many times a test does something: the short number, the long
// one in the long form, or what an environment variable says.
func often(t *testing.T, short, long int, variable string) int {
	t.Helper()
	if s := os.Getenv(variable); s != "" {
		n, err := strconv.Atoi(s)
		if err != nil || n < 1 {
			t.Fatalf("%s=%q is no number of times", variable, s)
		}
		return n
	}
	if os.Getenv(longForm) != "" {
		return long
	}
	return short
}

// span is often for a time.
func span(short, long time.Duration) time.Duration {
	if os.Getenv(longForm) != "" {
		return long
	}
	return short
}

// between throws the dice for a time.
func between(dice *rand.Rand, least, most time.Duration) time.Duration {
	return least + time.Duration(dice.Int64N(int64(most-least)))
}
