package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/jejak-kinerja/jejak/domain"
)

// fillPause is the wait before the demonstration goes on after an outage.
const fillPause = time.Second

// isOutage says whether the same may succeed later.
func isOutage(err error) bool {
	refusal, ok := errors.AsType[*domain.Error](err)
	return ok && refusal.Kind == domain.Unavailable
}

// fill makes the demonstration once: a mark in the state directory says that it
// is complete. When it was interrupted it goes on where it was.
func (s *serveCommand) fill(ctx context.Context, r *rooms, term terminal) error {
	mark := filepath.Join(r.config.StateDir, "demo-"+strconv.FormatUint(s.Seed, 10)+"-"+strconv.Itoa(s.People))
	if _, err := os.Stat(mark); err == nil {
		return nil
	} else if !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("look for the demonstration's mark: %w", err)
	}
	report := newProgress(term.err).report
	err := r.seed(ctx, s.demoFlags, report)
	for ctx.Err() == nil && isOutage(err) {
		r.log.Warn("the demonstration waits for its stores", slog.Any("error", err))
		select {
		case <-ctx.Done():
		case <-time.After(fillPause):
			err = r.seed(ctx, s.demoFlags, report)
		}
	}
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
