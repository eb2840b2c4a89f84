package engine

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/jejak-kinerja/jejak/domain"
)

// Adopt fills this edition up to a position of the log and makes it the present
// one, though the present one is of another log, with which it is not compared: it
// becomes Former, and shows what the other log held. Whoever writes the present
// edition must not follow the other log any more. Broken off, another Adopt goes on
// with the edition as it is.
func (b *Beside) Adopt(ctx context.Context, read Read, upTo uint64, report func(facts int)) error {
	if b.edition != Next {
		return fmt.Errorf("adopt %s: %s is not a fresh edition", b.track.Name, b.edition)
	}
	if err := b.present.drop(ctx, b.track, Former); err != nil {
		return err
	}
	if err := b.Fill(ctx, upTo, read, report); err != nil {
		return err
	}
	if err := b.analyze(ctx); err != nil {
		return err
	}
	_, err := b.exchange(ctx, func(ctx context.Context) (waited time.Duration, err error) {
		err = pgx.BeginFunc(ctx, b.present.pool, func(tx pgx.Tx) error {
			if err := free(ctx, tx, b.track); err != nil {
				return err
			}
			waited, err = b.swap(ctx, tx)
			return err
		})
		return waited, err
	})
	return err
}

// PlaceSkips gives decisions to skip the place that their fact has in another log:
// find gives it, and false when the log does not have the fact. Decisions about
// such facts are forgotten, with a line in the log each; they are counted.
func (e *Engine) PlaceSkips(ctx context.Context, find func(ctx context.Context, stream string, revision uint64, id domain.EventID) (uint64, bool, error)) (forgotten int, err error) {
	skipped, err := e.allSkipped(ctx)
	if err != nil {
		return 0, err
	}
	err = pgx.BeginFunc(ctx, e.pool, func(tx pgx.Tx) error {
		forgotten = 0
		// Below zero until all are placed, so that none meets another on the way.
		if _, err := tx.Exec(ctx, `update skipped set position = -position where position > 0`); err != nil {
			return err
		}
		for _, s := range skipped {
			position, ok, err := find(ctx, s.Stream, s.Revision, s.Event)
			if err != nil {
				return err
			}
			if ok {
				_, err = tx.Exec(ctx, `update skipped set position = $3 where projection = $1 and position = -$2::bigint`, s.Projection, int64(s.Position), int64(position))
			} else {
				forgotten++
				e.options.Log.Warn("the log does not have a skipped fact: the decision is forgotten", slog.String("projection", s.Projection),
					slog.String("stream", s.Stream), slog.Uint64("revision", s.Revision), slog.String("event", string(s.Event)),
					slog.String("by", s.By), slog.Time("at", s.At), slog.String("reason", s.Reason))
				_, err = tx.Exec(ctx, `delete from skipped where projection = $1 and position = -$2::bigint`, s.Projection, int64(s.Position))
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return 0, fmt.Errorf("place the decisions to skip: %w", err)
	}
	return forgotten, nil
}

// allSkipped is Skipped without a limit.
func (e *Engine) allSkipped(ctx context.Context) ([]Skipping, error) {
	return e.skippedUpTo(ctx, nil)
}
