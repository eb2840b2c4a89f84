package conformance

import (
	"fmt"
	"os"
	"testing"

	"go.uber.org/goleak"

	"github.com/jejak-kinerja/jejak/internal/pgrun/pgtest"
)

func TestMain(m *testing.M) {
	if address := os.Getenv(nodeAddress); address != "" {
		if err := beNode(address); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	// The regular expressions of the filters keep a clock for a while after their use.
	goleak.VerifyTestMain(pgtest.Suite{M: m}, goleak.IgnoreAnyFunction("github.com/dlclark/regexp2.runClock"))
}
