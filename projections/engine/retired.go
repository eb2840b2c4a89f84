package engine

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/jejak-kinerja/jejak/domain"
)

// Retired lists the read models that another version of the program left here.
// They stay, so that one may go back to that version, which goes on where it was.
func (e *Engine) Retired(ctx context.Context) ([]Standing, error) {
	list, err := Standings(ctx, e.pool)
	return slices.DeleteFunc(list, func(s Standing) bool { _, ours := e.tracks[s.Projection]; return ours }), err
}

// Drop drops a retired read model with all its editions. The decisions to skip
// facts in it stay. It is Refused for one that is in use: by this version, or by a
// process of another one that holds its lease.
func (e *Engine) Drop(ctx context.Context, name string) error {
	if _, ours := e.tracks[name]; ours {
		return domain.Refuse("projection-in-use", "%s belongs to this version of the program", name)
	}
	retired, err := e.Retired(ctx)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(retired, func(s Standing) bool { return s.Projection == name })
	if i < 0 {
		return domain.Missing("projection-unknown", "there is no read model %s", name)
	}
	if retired[i].Led {
		return domain.Refuse("projection-in-use", "a process of another version still writes %s: end it first", name)
	}
	if err := e.makeEditions(ctx); err != nil {
		return err
	}
	err = pgx.BeginFunc(ctx, e.pool, func(tx pgx.Tx) error { return e.dropRetired(ctx, tx, name) })
	if err != nil {
		return fmt.Errorf("drop %s: %w", name, err)
	}
	return nil
}

func (e *Engine) dropRetired(ctx context.Context, tx pgx.Tx, name string) error {
	if _, err := tx.Exec(ctx, `select pg_advisory_xact_lock($1)`, int64(registerLock)); err != nil {
		return err
	}
	// A projection's name is the prefix of its tables.
	rows, err := tx.Query(ctx, `select schemaname, tablename from pg_tables
		where schemaname = any($1) and starts_with(tablename, $2 || '_')`, editions, name)
	if err != nil {
		return err
	}
	var gone []string
	var schema, table string
	_, err = pgx.ForEachRow(rows, []any{&schema, &table}, func() error {
		if !e.owns(table) {
			gone = append(gone, tableName(schema, table))
		}
		return nil
	})
	if err == nil && len(gone) > 0 {
		_, err = tx.Exec(ctx, `drop table `+strings.Join(gone, ", "))
	}
	if err != nil {
		return err
	}
	for _, edition := range editions {
		for own, column := range bookkeeping {
			if _, err := tx.Exec(ctx, `delete from `+tableName(edition, own)+` where `+column+` = $1`, name); err != nil {
				return err
			}
		}
	}
	return nil
}

// owns tells whether a table belongs to a projection of this version.
func (e *Engine) owns(table string) bool {
	for _, t := range e.tracks {
		if slices.Contains(t.Tables, table) {
			return true
		}
	}
	return false
}

// editions are the schemas in which tables of projections lie.
var editions = []string{Schema, Next, Former, Proof, moving}
