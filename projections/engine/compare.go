package engine

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"
)

// MaxRowBytes bounds what Comparison shows of a row.
const MaxRowBytes = 1_000

// Comparison of two editions of a projection at the same position.
type Comparison struct {
	Projection string
	Position   uint64
	Equal      bool
	Rows       int64 // of the present edition
	OtherRows  int64
	// Table, Present and Other show the first difference: by the log position that
	// the rows name, those that name none last, then by table and by the row's text.
	// One of the two rows is empty when the other edition has no such row.
	Table   string
	Present string
	Other   string
	// First is the position that those rows name; 0 when they name none.
	First uint64
}

// Compare fills the edition up to the present one and compares the two as they
// are together. Writing waits only for the last facts, reading for nothing.
func (b *Beside) Compare(ctx context.Context, read Read) (c Comparison, err error) {
	if err := b.Approach(ctx, read, func(int) {}); err != nil {
		return Comparison{}, err
	}
	moment, err := b.present.pool.BeginTx(ctx, oneMoment)
	if err != nil {
		return Comparison{}, fmt.Errorf("compare %s: %w", b.track.Name, outage(ctx, err))
	}
	defer func() { err = errors.Join(err, moment.Rollback(context.WithoutCancel(ctx))) }()
	// The first query of the transaction takes the moment, while nobody writes.
	err = b.held(ctx, read, func(ctx context.Context, tx pgx.Tx) error {
		if _, err := moment.Exec(ctx, plainText+`; select position from projection`, pgx.QueryExecModeSimpleProtocol); err != nil {
			return err
		}
		return b.passCount(ctx, tx)
	})
	if err == nil {
		c, err = b.compare(ctx, moment)
	}
	if err != nil {
		return Comparison{}, fmt.Errorf("compare %s: %w", b.track.Name, err)
	}
	return c, nil
}

// passCount gives the present edition, which stands at the same place, the number of
// facts that were read to fill this one: an edition that another version of the
// program filled does not know it.
func (b *Beside) passCount(ctx context.Context, tx pgx.Tx) error {
	facts, err := b.Facts(ctx)
	if err != nil || !facts.Known() {
		return err
	}
	_, err = tx.Exec(ctx, `update projection set facts = $2, counted_at = position
		where name = $1 and (facts, counted_at) is distinct from ($2, position)`, b.track.Name, int64(facts))
	return err
}

func (b *Beside) compare(ctx context.Context, tx pgx.Tx) (Comparison, error) {
	c := Comparison{Projection: b.track.Name, Position: b.Position()}
	present, rows, err := contentIn(ctx, tx, Schema, b.track)
	if err != nil {
		return c, err
	}
	other, otherRows, err := contentIn(ctx, tx, b.edition, b.track)
	if err != nil {
		return c, err
	}
	c.Rows, c.OtherRows, c.Equal = rows, otherRows, present == other
	if c.Equal {
		return c, nil
	}
	for _, table := range slices.Sorted(slices.Values(b.track.Tables)) {
		here, there := tableName(Schema, table), tableName(b.edition, table)
		mine, err := firstOnlyIn(ctx, tx, here, there)
		if err != nil {
			return c, err
		}
		its, err := firstOnlyIn(ctx, tx, there, here)
		if err != nil {
			return c, err
		}
		c.note(table, mine, its)
	}
	return c, nil
}

// row is the text of a row and the log position that it names, 0 for none.
type row struct {
	text     string
	position uint64
}

// note keeps the first difference.
func (c *Comparison) note(table string, present, other row) {
	first := present.position
	if other.position != 0 && (first == 0 || other.position < first) {
		first = other.position
	}
	if present.text+other.text == "" || c.Table != "" && (first == 0 || c.First != 0 && c.First <= first) {
		return
	}
	c.Table, c.Present, c.Other, c.First = table, present.text, other.text, first
}

// firstOnlyIn gives the first row that one table has more often than another, its
// text cut; a zero row when there is none.
func firstOnlyIn(ctx context.Context, tx pgx.Tx, one, other string) (row, error) {
	textOf := func(table string) string {
		return `select r::text as line, (to_jsonb(r) ->> 'position')::bigint as at from ` + table + ` r`
	}
	var found row
	var position int64
	err := tx.QueryRow(ctx, `select extra.line, coalesce(at, 0) from (`+textOf(one)+` except all `+textOf(other)+`) extra
		order by at nulls last, line collate "C" limit 1`).Scan(&found.text, &position)
	if errors.Is(err, pgx.ErrNoRows) {
		return row{}, nil
	}
	found.text, found.position = strings.ToValidUTF8(found.text[:min(len(found.text), MaxRowBytes)], ""), uint64(position)
	return found, err
}
