package engine

import (
	"context"
	"fmt"
	"iter"
	"log/slog"
	"strings"

	"github.com/jackc/pgx/v5"
)

// Read gives batches of the log's facts after a position, in order, none left
// out, up to the end of the log as it is; after an error it gives nothing more.
type Read func(ctx context.Context, after uint64) iter.Seq2[[]Fact, error]

// Rebuild empties the projection, parked streams included, and fills it from the
// beginning of the log. Queries see it grow. When it fails, the projection stands
// wherever the rebuild got to, and goes on from there or is rebuilt again.
func (e *Engine) Rebuild(ctx context.Context, name string, read Read) error {
	t, err := e.track(name)
	if err != nil {
		return err
	}
	if err := t.take(ctx); err != nil {
		return err
	}
	defer t.give()
	target := t.position
	t.known = false
	err = pgx.BeginFunc(ctx, e.pool, func(tx pgx.Tx) error { return empty(ctx, tx, e.schema, t) })
	if err != nil {
		return fmt.Errorf("rebuild %s: %w", name, outage(ctx, err))
	}
	if err := e.recall(ctx, t); err != nil {
		return err
	}
	e.options.Log.Info("rebuilding a projection", slog.String("projection", name), slog.Uint64("position", target))
	e.changes.publish(Change{Projection: name, From: target, Many: true})
	for facts, err := range read(ctx, 0) {
		if err != nil {
			return fmt.Errorf("rebuild %s: read the log: %w", name, err)
		}
		if err := e.handle(ctx, t, t.position, facts); err != nil {
			return fmt.Errorf("rebuild: %w", err)
		}
	}
	e.options.Log.Info("rebuilt a projection", slog.String("projection", name), slog.Uint64("position", t.position))
	return nil
}

func empty(ctx context.Context, tx pgx.Tx, schema string, t *track) error {
	if err := hold(ctx, tx, t, `update projection set position = 0, event_id = '', edition = edition + 1, facts = 0, counted_at = 0 where name = $1`); err != nil {
		return err
	}
	statements := []string{
		`delete from parked where projection = $1`,
		`delete from parked_fact where projection = $1`,
	}
	for _, sql := range statements {
		if _, err := tx.Exec(ctx, sql, t.Name); err != nil {
			return err
		}
	}
	names := make([]string, len(t.Tables))
	for i, table := range t.Tables {
		names[i] = tableName(schema, table)
	}
	// All at once, for they may refer to each other.
	_, err := tx.Exec(ctx, `truncate `+strings.Join(names, ", "))
	return err
}
