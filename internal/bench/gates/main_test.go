package gates

import (
	"os"
	"runtime/debug"
	"testing"
)

// gcPercent is the product's own (cmd/jejak): both sides of a gate run with it.
const gcPercent = 200

func TestMain(m *testing.M) {
	debug.SetGCPercent(gcPercent)
	os.Exit(m.Run())
}
