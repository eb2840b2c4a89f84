package logwatch_test

import (
	"context"
	"testing"

	"github.com/jejak-kinerja/jejak/internal/logwatch"
)

func TestWhereTwoLogsPartIsFound(t *testing.T) {
	seen := logOf("a", 1000)
	for kept := range 1001 {
		log := logOf("a", kept)
		if kept%2 == 1 { // it has gone another way since
			log.ids = append(log.ids, logOf("b", 700).ids...)
		}
		asked := 0
		agreed, err := logwatch.Agreed(t.Context(), log, func(_ context.Context, upTo uint64) (logwatch.Place, bool, error) {
			asked++
			// The database has seen every third position: the others are the store's own.
			n := min(upTo, 999) / 3 * 3
			if n == 0 {
				return logwatch.Place{}, false, nil
			}
			return logwatch.Place{Commit: n, Prepare: n, ID: seen.ids[n-1]}, true, nil
		})
		if want := uint64(min(kept, 999) / 3 * 3); err != nil || agreed != want || asked > 100 {
			t.Fatalf("of %d kept: %d, %v, asked %d times", kept, agreed, err, asked)
		}
	}
}
