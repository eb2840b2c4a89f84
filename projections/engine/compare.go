package engine

import (
	"context"
	"errors"
	"fmt"
	"slices"

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
	// Table, Present and Other show the first difference: tables by name, rows by
	// their text. One of the two rows is empty when the other edition has no such
	// row.
	Table   string `json:",omitempty"`
	Present string `json:",omitempty"`
	Other   string `json:",omitempty"`
}

// Compare fills the edition up to the present one and compares the two as they
// are together. Writing waits only for the last facts, reading for nothing.
func (b *Beside) Compare(ctx context.Context, read Read) (c Comparison, err error) {
	if err := b.Approach(ctx, read, func(uint64) {}); err != nil {
		return Comparison{}, err
	}
	moment, err := b.present.pool.BeginTx(ctx, oneMoment)
	if err != nil {
		return Comparison{}, fmt.Errorf("compare %s: %w", b.track.Name, outage(ctx, err))
	}
	defer func() { err = errors.Join(err, moment.Rollback(context.WithoutCancel(ctx))) }()
	// The first query of the transaction takes the moment, while nobody writes.
	err = b.held(ctx, read, func(ctx context.Context, _ pgx.Tx) error {
		_, err := moment.Exec(ctx, plainText+`; select position from projection`, pgx.QueryExecModeSimpleProtocol)
		return err
	})
	if err == nil {
		c, err = b.compare(ctx, moment)
	}
	if err != nil {
		return Comparison{}, fmt.Errorf("compare %s: %w", b.track.Name, err)
	}
	return c, nil
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
		if c.Present, err = firstOnlyIn(ctx, tx, here, there); err != nil {
			return c, err
		}
		if c.Other, err = firstOnlyIn(ctx, tx, there, here); err != nil {
			return c, err
		}
		if c.Present != "" || c.Other != "" {
			c.Table = table
			break
		}
	}
	return c, nil
}

// firstOnlyIn gives the text of the first row that one table has more often than
// another, cut; empty when there is none.
func firstOnlyIn(ctx context.Context, tx pgx.Tx, one, other string) (string, error) {
	var row string
	err := tx.QueryRow(ctx, `select r from (select r::text from `+one+` r except all select r::text from `+other+` r) extra
		order by r collate "C" limit 1`).Scan(&row)
	if errors.Is(err, pgx.ErrNoRows) {
		return "", nil
	}
	return row[:min(len(row), MaxRowBytes)], err
}
