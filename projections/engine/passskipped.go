package engine

import (
	"context"
	"fmt"
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
	at, err := e.Checkpoint(ctx, name)
	if err != nil {
		return err
	}
	last := slices.Max(slices.Collect(maps.Keys(skipped)))
	if at >= last {
		return nil
	}
	for facts, err := range until(read(ctx, at), last) {
		if err != nil {
			return fmt.Errorf("fill %s: read the log: %w", name, err)
		}
		if err := e.handleBut(ctx, name, at, facts, skipped); err != nil {
			return fmt.Errorf("fill %s: %w", name, err)
		}
		at = facts[len(facts)-1].Position
	}
	if at < last {
		return &Ended{Projection: name, At: at, Want: last}
	}
	return nil
}
