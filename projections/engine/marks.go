package engine

import (
	"context"
	"fmt"
	"log/slog"

	"github.com/jackc/pgx/v5"
)

// Mark is how far a read model is in its log: the position of the last fact that
// it has, and the id of the event there, by which the log can be known again.
type Mark struct {
	Projection string
	Position   uint64
	Event      string // "" when an older version of the program moved the checkpoint
}

// querier is a pool, a connection or a transaction.
type querier interface {
	Query(context.Context, string, ...any) (pgx.Rows, error)
}

// Marks gives the marks of read models of an edition, whose tables may be missing;
// without those that have no fact yet.
func Marks(ctx context.Context, db querier, edition string, names []string) ([]Mark, error) {
	there := false
	rows, err := db.Query(ctx, `select exists (select from information_schema.columns
		where table_schema = $1 and table_name = 'projection' and column_name = 'event_id')`, edition)
	if err == nil {
		_, err = pgx.ForEachRow(rows, []any{&there}, func() error { return nil })
	}
	if err == nil && !there {
		return nil, nil
	}
	if err == nil {
		rows, err = db.Query(ctx, `select name, position, event_id from `+tableName(edition, "projection")+`
			where name = any($1) and position > 0 order by position desc, name`, names)
	}
	if err != nil {
		return nil, fmt.Errorf("read up to where the read models are filled: %w", outage(ctx, err))
	}
	marks, err := pgx.CollectRows(rows, pgx.RowToStructByPos[Mark])
	if err != nil {
		return nil, fmt.Errorf("read up to where the read models are filled: %w", outage(ctx, err))
	}
	return marks, nil
}

// NoteEvent gives the checkpoints at a position that have no event's id the one
// that the log has there. It is for a database that an older version of the program
// filled: the log is believed once.
func (e *Engine) NoteEvent(ctx context.Context, position uint64, event string) error {
	tag, err := e.pool.Exec(ctx, `update projection set event_id = $2 where position = $1 and event_id = '' and name = any($3)`,
		int64(position), event, e.names)
	if err != nil {
		return fmt.Errorf("note the event at %d: %w", position, outage(ctx, err))
	}
	if n := tag.RowsAffected(); n > 0 {
		e.options.Log.Info("the read models take the log as theirs", slog.Uint64("position", position),
			slog.String("event", event), slog.Int64("read_models", n))
	}
	return nil
}
