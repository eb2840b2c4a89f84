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

// firstFillPause and lastFillPause bound the wait before the demonstration goes on
// after something went wrong; it doubles in between.
const (
	firstFillPause = time.Second
	lastFillPause  = time.Minute
)

// fill makes the demonstration once: a mark in the state directory says that it
// is complete. When it was interrupted it goes on where it was. Whatever goes wrong
// with it is no reason to end the service.
func (s *serveCommand) fill(ctx context.Context, r *rooms, term terminal) error {
	mark := filepath.Join(r.config.StateDir, "demo-"+strconv.FormatUint(s.Seed, 10)+"-"+strconv.Itoa(s.People))
	if _, err := os.Stat(mark); err == nil {
		return nil
	} else if !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("look for the demonstration's mark: %w", err)
	}
	report := newProgress(term.err).report
	if !untilDone(ctx, r.log, func() error { return r.seed(ctx, s.demoFlags, report) }) {
		return nil // stopped in the middle; the next start goes on
	}
	if err := os.WriteFile(mark, nil, 0o600); err != nil {
		return fmt.Errorf("mark the demonstration as complete: %w", err)
	}
	return nil
}

// untilDone tries until it succeeds; not when ctx ends before. What was done by an
// earlier try is found again.
func untilDone(ctx context.Context, log *slog.Logger, try func() error) bool {
	for pause := firstFillPause; ; pause = min(2*pause, lastFillPause) {
		err := try()
		switch {
		case ctx.Err() != nil:
			return false
		case err == nil:
			return true
		case domain.KindOf(err) == domain.Unavailable:
			log.WarnContext(ctx, "the demonstration waits for its stores", slog.Any("error", err))
			pause = firstFillPause
		default:
			log.ErrorContext(ctx, "the demonstration is tried again", slog.Any("error", err), slog.Duration("pause", pause))
		}
		select {
		case <-ctx.Done():
			return false
		case <-time.After(pause):
		}
	}
}
