package node

import (
	"testing"

	"go.uber.org/goleak"

	"github.com/jejak-kinerja/jejak/internal/pgrun/pgtest"
)

// No goroutine outlives its node. The clock of the regular expressions stops by
// itself a moment after the last match.
func TestMain(m *testing.M) {
	goleak.VerifyTestMain(pgtest.Suite{M: m}, goleak.IgnoreAnyFunction("github.com/dlclark/regexp2.runClock"))
}
