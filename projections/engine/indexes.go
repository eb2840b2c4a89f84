package engine

import (
	"context"
	"fmt"
	"log/slog"
	"strings"

	"github.com/jackc/pgx/v5"
)

// A new projection that has a long log before it is filled without the indexes
// that only queries need: to make an index of all rows at once costs a tenth of
// keeping it row by row. They are made near the end of the log, in one
// transaction that nobody who reads has to wait for; until then queries are slow
// and right. What was made is kept in the projection's row, so a kill at any
// point is made good at the next start.

// split parts a schema, whose statements each end with a semicolon, into what
// Apply needs and the indexes that only queries need.
func split(schema string) (tables, indexes string) {
	for statement := range strings.SplitSeq(schema, ";") {
		switch statement = strings.TrimSpace(statement); {
		case statement == "":
		case strings.HasPrefix(statement, "create index "):
			indexes += statement + ";\n"
		default:
			tables += statement + ";\n"
		}
	}
	return tables, indexes
}

// near tells whether the projection has (almost) reached the end of the log. While
// the log is away nobody knows: the indexes can wait for the next facts, queries go on.
func (e *Engine) near(ctx context.Context, t *track) bool {
	if e.options.NearEnd == nil {
		return true
	}
	near, err := e.options.NearEnd(ctx, t.position)
	if err != nil {
		e.options.Log.WarnContext(ctx, "a projection waits for its indexes: the end of the log is not known",
			slog.String("projection", t.Name), slog.Any("error", err))
		return false
	}
	return near
}

// finish makes the indexes of a projection at the end of its log, when no fact is
// left that would.
func (e *Engine) finish(ctx context.Context, name string) error {
	t, err := e.track(name)
	if err != nil {
		return err
	}
	if err := t.take(ctx); err != nil {
		return err
	}
	defer t.give()
	return e.index(ctx, t)
}

// index makes the indexes of who has the turn, when they are missing and it is time.
func (e *Engine) index(ctx context.Context, t *track) error {
	if t.indexed {
		return nil
	}
	if !e.near(ctx, t) {
		return nil
	}
	_, indexes := split(t.Schema) // unqualified: the pool's search_path says in which edition
	err := pgx.BeginFunc(ctx, e.pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `select pg_advisory_xact_lock($1)`, int64(registerLock)); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, indexes, pgx.QueryExecModeSimpleProtocol); err != nil {
			return err
		}
		for _, table := range t.Tables {
			if _, err := tx.Exec(ctx, `analyze `+tableName(e.schema, table)); err != nil {
				return err
			}
		}
		_, err := tx.Exec(ctx, `update projection set indexed = true where name = $1`, t.Name)
		return err
	})
	if err != nil {
		return outage(ctx, fmt.Errorf("make the indexes of %s: %w", t.Name, err))
	}
	t.indexed = true
	e.options.Log.Debug("a projection has its indexes", slog.String("projection", t.Name), slog.Uint64("position", t.position))
	return nil
}
