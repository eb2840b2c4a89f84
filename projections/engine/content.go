package engine

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"
)

// plainText makes the text of a row independent of the session.
const plainText = `set local timezone = 'UTC'; set local datestyle = 'ISO, YMD'; set local intervalstyle = 'iso_8601';
	set local extra_float_digits = 1; set local bytea_output = 'hex'`

// Content gives a digest (SHA-256, hex) over the rows of all tables of a
// projection, whatever their order, and their number. Two fillings of a
// projection hold the same rows when their digests are equal; it is a comparison,
// not a proof against forgery.
func (e *Engine) Content(ctx context.Context, name string) (digest string, rows int64, err error) {
	_, digest, rows, err = e.ContentAt(ctx, name)
	return digest, rows, err
}

// ContentAt is Content, and gives the position up to which the projection was
// filled at that moment.
func (e *Engine) ContentAt(ctx context.Context, name string) (position uint64, digest string, rows int64, err error) {
	t, err := e.track(name)
	if err != nil {
		return 0, "", 0, err
	}
	err = pgx.BeginTxFunc(ctx, e.pool, oneMoment, func(tx pgx.Tx) error {
		var at int64
		if err := tx.QueryRow(ctx, `select position from projection where name = $1`, name).Scan(&at); err != nil {
			return err
		}
		position = uint64(at)
		digest, rows, err = contentIn(ctx, tx, e.schema, t)
		return err
	})
	if err != nil {
		return 0, "", 0, fmt.Errorf("compare the content of %s: %w", name, err)
	}
	return position, digest, rows, nil
}

// oneMoment is for reading several tables as they were together.
var oneMoment = pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}

// contentIn is Content of the edition in a schema.
func contentIn(ctx context.Context, tx pgx.Tx, schema string, t *track) (digest string, rows int64, err error) {
	if _, err := tx.Exec(ctx, plainText, pgx.QueryExecModeSimpleProtocol); err != nil {
		return "", 0, err
	}
	hash := sha256.New()
	for _, table := range slices.Sorted(slices.Values(t.Tables)) {
		var count int64
		var sums string
		// The MD5 of each row in two halves, each summed up: order does not matter,
		// and two equal rows do not cancel each other out.
		err := tx.QueryRow(ctx, `select count(*), concat_ws(' ',
				coalesce(sum(('x' || left(h, 16))::bit(64)::bigint), 0), coalesce(sum(('x' || right(h, 16))::bit(64)::bigint), 0))
			from (select md5(r::text) as h from `+tableName(schema, table)+` r) hashed`).Scan(&count, &sums)
		if err != nil {
			return "", 0, err
		}
		hash.Write(fmt.Appendf(nil, "%s %d %s\n", table, count, sums))
		rows += count
	}
	return hex.EncodeToString(hash.Sum(nil)), rows, nil
}
