package backup

import (
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
)

// Tables writes tables, given as schema.name, as they are at one moment: tx must
// be of isolation repeatable read. A table that nobody has made is left out.
func (w *Writer) Tables(ctx context.Context, tx pgx.Tx, names []string, made time.Time) ([]Table, error) {
	var tables []Table
	for _, name := range names {
		columns, err := columnsOf(ctx, tx, name)
		if err != nil {
			return nil, fmt.Errorf("back up the table %s: %w", name, err)
		}
		if len(columns) == 0 {
			continue
		}
		t, err := w.table(ctx, tx, Table{Table: name, Columns: columns}, made)
		if err != nil {
			return nil, fmt.Errorf("back up the table %s: %w", name, err)
		}
		tables = append(tables, t)
	}
	return tables, nil
}

func (w *Writer) table(ctx context.Context, tx pgx.Tx, t Table, made time.Time) (_ Table, err error) {
	name := fmt.Sprintf("table-%s-%x.copy.gz", t.Table, made.UnixNano())
	file, err := createFile(w.dir, name)
	if err != nil {
		return t, err
	}
	zip, err := gzip.NewWriterLevel(file, gzip.BestSpeed)
	if err != nil {
		return t, errors.Join(err, file.drop())
	}
	tag, err := tx.Conn().PgConn().CopyTo(ctx, zip, "copy "+t.copied()+" to stdout")
	if err = errors.Join(err, zip.Close()); err != nil {
		return t, errors.Join(err, file.drop())
	}
	t.Rows = tag.RowsAffected()
	t.File, err = file.keep(name)
	return t, err
}

// copied is the table with its columns, as COPY names them.
func (t Table) copied() string {
	columns := make([]string, len(t.Columns))
	for n, c := range t.Columns {
		columns[n] = pgx.Identifier{c}.Sanitize()
	}
	return sanitized(t.Table) + " (" + strings.Join(columns, ", ") + ")"
}

func sanitized(table string) string { return pgx.Identifier(strings.Split(table, ".")).Sanitize() }

// columnsOf gives the columns of a table; none when there is no such table.
func columnsOf(ctx context.Context, tx pgx.Tx, table string) ([]string, error) {
	rows, err := tx.Query(ctx, `select attname::text from pg_attribute
		where attrelid = to_regclass($1) and attnum > 0 and not attisdropped and attgenerated = '' order by attnum`, sanitized(table))
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowTo[string])
}

// Load fills the backup's tables in a transaction, in the order in which they were
// given to Writer.Tables. The tables must be there and empty.
func (b *Backup) Load(ctx context.Context, tx pgx.Tx) error {
	for _, t := range b.Tables {
		if err := b.load(ctx, tx, t); err != nil {
			return fmt.Errorf("restore the table %s: %w", t.Table, err)
		}
	}
	return nil
}

func (b *Backup) load(ctx context.Context, tx pgx.Tx, t Table) (err error) {
	there, err := columnsOf(ctx, tx, t.Table)
	if err != nil {
		return err
	}
	for _, c := range t.Columns {
		if !slices.Contains(there, c) {
			return fmt.Errorf("this program's table has no column %s: restore with the program %s that made the backup", c, b.Program)
		}
	}
	file, err := os.Open(filepath.Join(b.dir, t.Name))
	if err != nil {
		return err
	}
	defer file.Close() //nolint:errcheck // read only
	unzipped, err := gzip.NewReader(file)
	if err != nil {
		return damaged(t.Name, "%v", err)
	}
	tag, err := tx.Conn().PgConn().CopyFrom(ctx, unzipped, "copy "+t.copied()+" from stdin")
	if err != nil {
		return err
	}
	if tag.RowsAffected() != t.Rows {
		return damaged(t.Name, "it holds %d rows, not %d", tag.RowsAffected(), t.Rows)
	}
	return nil
}
