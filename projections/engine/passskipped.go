package engine

import (
	"context"
	"maps"
	"slices"
)

// PassSkipped fills the present edition of a projection up to the last fact that
// somebody decided to leave out of it, without such facts: for a database that was
// restored, whose read models begin anew. A present edition that is further, or
// has no such fact, stays as it is.
func (e *Engine) PassSkipped(ctx context.Context, name string, read Read) error {
	skipped, err := e.skippedOf(ctx, name)
	if err != nil || len(skipped) == 0 {
		return err
	}
	last := slices.Max(slices.Collect(maps.Keys(skipped)))
	return e.fillBut(ctx, name, last, read, skipped, func(int) {})
}
