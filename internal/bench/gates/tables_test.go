package gates

import (
	"context"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/jejak-kinerja/jejak/internal/bench"
)

// plainTable is the log that anybody would begin with.
const plainTable = `create table log (
	pos bigserial primary key, stream text not null, revision bigint not null, id uuid not null, type text not null,
	data bytea not null, meta bytea not null, unique (stream, revision))`

var plainColumns = []string{"stream", "revision", "id", "type", "data", "meta"}

func (h happening) row() []any {
	return []any{h.stream, h.revision, [16]byte(h.id), h.typ, h.data, h.meta}
}

// inserting is the variant with one INSERT, and so one commit, an event.
func inserting(pool *pgxpool.Pool, callers int) bench.Variant {
	all := writers("s", callers)
	return bench.Calls("plain INSERT", callers, func(ctx context.Context, caller int) (int, error) {
		_, err := pool.Exec(ctx, `insert into log (stream, revision, id, type, data, meta) values ($1, $2, $3, $4, $5, $6)`, all[caller].one().row()...)
		return 1, err
	})
}

// copying is the limit of loading: one connection, many events a transaction.
func copying(pool *pgxpool.Pool, each int) bench.Variant {
	w := writers("s", 1)[0]
	return bench.Calls("COPY, 10,000 a transaction", 1, func(ctx context.Context, _ int) (int, error) {
		n, err := pool.CopyFrom(ctx, pgx.Identifier{"log"}, plainColumns, pgx.CopyFromSlice(each, func(int) ([]any, error) {
			return w.one().row(), nil
		}))
		return int(n), err
	})
}
