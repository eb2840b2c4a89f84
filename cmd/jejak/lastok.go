package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
)

// verifyWork names the check of the whole ledger among the works.
const verifyWork = "verify"

// Works of operators (to verify, to back up) leave a mark when they end well, so
// that a running product can tell how long ago that was. The mark lies in the
// database: the work may have been done on another machine.
const (
	makeLastOK = `
create schema if not exists operations;
create table if not exists operations.last_ok (work text primary key, at timestamptz not null, position bigint not null)`
	markLastOK = `
insert into operations.last_ok (work, at, position) values ($1, $2, $3)
on conflict (work) do update set at = excluded.at, position = excluded.position`
	readLastOK = `select at from operations.last_ok where work = $1`
)

// lastOKLock lets one process at a time make the table.
const lastOKLock = 0x6a656a616b05

// markOK notes that a work ended well, having looked at the log up to a position.
func markOK(ctx context.Context, pool *pgxpool.Pool, work string, at time.Time, position uint64) error {
	err := pgx.BeginFunc(ctx, pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `select pg_advisory_xact_lock($1)`, int64(lastOKLock)); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, makeLastOK, pgx.QueryExecModeSimpleProtocol); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, markLastOK, work, at, int64(position))
		return err
	})
	if err != nil {
		return fmt.Errorf("note that %s went well: %w", work, err)
	}
	return nil
}

// undefinedTable is PostgreSQL's code for a table that nobody has made yet.
const undefinedTable = "42P01"

// neverWritten tells whether a row is not there, nor perhaps its table.
func neverWritten(err error) bool {
	refused, ok := errors.AsType[*pgconn.PgError](err)
	return ok && refused.Code == undefinedTable || errors.Is(err, pgx.ErrNoRows)
}

// lastOK tells when a work last ended well; ever is false when it never did.
func lastOK(ctx context.Context, db interface {
	QueryRow(context.Context, string, ...any) pgx.Row
}, work string) (at time.Time, ever bool, err error) {
	err = db.QueryRow(ctx, readLastOK, work).Scan(&at)
	if neverWritten(err) {
		return time.Time{}, false, nil
	}
	if err != nil {
		return time.Time{}, false, fmt.Errorf("ask when %s last went well: %w", work, err)
	}
	return at, true, nil
}
