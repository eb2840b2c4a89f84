package main

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/internal/pgrun"
	"github.com/jejak-kinerja/jejak/projections/engine"
)

// Exit codes of every subcommand.
const (
	exitOK          = 0
	exitFailed      = 1
	exitUsage       = 2
	exitDamaged     = 3
	exitUnavailable = 4
	exitInUse       = 5
	exitPartly      = 6
	exitInterrupted = 130
)

// exitError carries the code of an outcome that is no plain failure.
type exitError struct {
	code int
	err  error
}

func (e *exitError) Error() string { return e.err.Error() }
func (e *exitError) Unwrap() error { return e.err }

// exitCode finds the code for an error.
func exitCode(ctx context.Context, err error) int {
	if e, ok := errors.AsType[*exitError](err); ok {
		return e.code
	}
	if _, ok := errors.AsType[*pgrun.InUseError](err); ok {
		return exitInUse
	}
	if errors.Is(err, engine.ErrEditionInUse) {
		return exitInUse
	}
	if errors.Is(err, engine.ErrOutage) {
		return exitUnavailable
	}
	if _, ok := errors.AsType[*pgconn.ConnectError](err); ok {
		return exitUnavailable
	}
	if _, ok := errors.AsType[*pgrun.NoProgramsError](err); ok {
		return exitUnavailable
	}
	if ctx.Err() != nil && errors.Is(err, context.Canceled) {
		return exitInterrupted
	}
	if domain.KindOf(err) == domain.Unavailable {
		return exitUnavailable
	}
	return exitFailed
}
