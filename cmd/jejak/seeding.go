package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"sync/atomic"
)

// seeding tells the pages how far the demonstration is.
type seeding struct{ done, total atomic.Int64 }

// progress gives done and total; equal when nothing is under way.
func (s *seeding) progress() (done, total int) { return int(s.done.Load()), int(s.total.Load()) }

// fill makes the demonstration once: a mark in the state directory says that it
// is complete. When it was interrupted it goes on where it was.
func (s *serveCommand) fill(ctx context.Context, r *rooms, term terminal, show *seeding) error {
	mark := filepath.Join(r.config.StateDir, "demo-"+strconv.FormatUint(s.Seed, 10)+"-"+strconv.Itoa(s.People))
	if _, err := os.Stat(mark); err == nil {
		return nil
	} else if !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("look for the demonstration's mark: %w", err)
	}
	bar := newProgress(term.err)
	err := r.seed(ctx, s.demoFlags, func(done, total int, what string) {
		show.done.Store(int64(done))
		show.total.Store(int64(total))
		bar.report(done, total, what)
	})
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
