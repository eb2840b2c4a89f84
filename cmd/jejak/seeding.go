package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
)

// fill makes the demonstration once: a mark in the state directory says that it
// is complete. When it was interrupted it goes on where it was.
func (s *serveCommand) fill(ctx context.Context, r *rooms, term terminal) error {
	mark := filepath.Join(r.config.StateDir, "demo-"+strconv.FormatUint(s.Seed, 10)+"-"+strconv.Itoa(s.People))
	if _, err := os.Stat(mark); err == nil {
		return nil
	} else if !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("look for the demonstration's mark: %w", err)
	}
	err := r.seed(ctx, s.demoFlags, newProgress(term.err).report)
	if ctx.Err() != nil {
		return nil // stopped in the middle; the next start goes on
	}
	if err != nil {
		return fmt.Errorf("fill the demonstration: %w", err)
	}
	if err := os.WriteFile(mark, nil, 0o600); err != nil {
		return fmt.Errorf("mark the demonstration as complete: %w", err)
	}
	return nil
}
