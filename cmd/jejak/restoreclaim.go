package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/jejak-kinerja/jejak/internal/backup"
	"github.com/jejak-kinerja/jejak/internal/vault"
)

// claimTable says which backup fills the database. Its row stays, as a record.
const claimTable = `
create schema if not exists operations;
create table if not exists operations.restore (
	one         boolean primary key default true check (one),
	fingerprint text not null,
	begun       timestamptz not null default now(),
	tables      boolean not null default false,
	skips       boolean not null default false,
	ended       timestamptz)`

// restoreLock lets one restore at a time claim a database.
const restoreLock = 0x6a656a616b06

// claim takes an empty database for a backup, or finds that it was taken for the
// same one before. Refused when there is anything in it.
func claim(ctx context.Context, pool *pgxpool.Pool, fingerprint string) (resumed bool, err error) {
	err = pgx.BeginFunc(ctx, pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `select pg_advisory_xact_lock($1)`, int64(restoreLock)); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, claimTable, pgx.QueryExecModeSimpleProtocol); err != nil {
			return err
		}
		var taken string
		var ended bool
		err := tx.QueryRow(ctx, `select fingerprint, ended is not null from operations.restore`).Scan(&taken, &ended)
		switch {
		case err == nil && !ended && taken == fingerprint:
			resumed = true
			return nil
		case err == nil && !ended:
			return fmt.Errorf("the backup %s is being restored into this database: finish that one, or take an empty database and event store", taken)
		case err == nil:
			return notEmpty("the backup " + taken + " was restored into it")
		case !errors.Is(err, pgx.ErrNoRows):
			return err
		}
		if err := tablesAreEmpty(ctx, tx); err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `insert into operations.restore (fingerprint) values ($1)`, fingerprint)
		return err
	})
	if err != nil {
		return false, fmt.Errorf("claim the database for the restore: %w", err)
	}
	return resumed, nil
}

// notEmpty is the refusal to restore over something.
func notEmpty(what string) error {
	return fmt.Errorf("a backup is restored into an empty database and event store only, but %s: "+
		"give another --state-dir (or another --database-url and --eventstore-url). Nothing was changed", what)
}

func tablesAreEmpty(ctx context.Context, tx pgx.Tx) error {
	for _, table := range backedUpTables() {
		var there, filled bool
		if err := tx.QueryRow(ctx, `select to_regclass($1) is not null`, table).Scan(&there); err != nil {
			return err
		}
		if !there {
			continue
		}
		if err := tx.QueryRow(ctx, `select exists (select from `+table+`)`).Scan(&filled); err != nil {
			return err
		}
		if filled {
			return notEmpty("the table " + table + " has rows")
		}
	}
	return nil
}

// dropClaim gives the database back untouched.
func dropClaim(ctx context.Context, pool *pgxpool.Pool) error {
	_, err := pool.Exec(ctx, `delete from operations.restore`)
	return err
}

// endClaim says that the restore is complete.
func endClaim(ctx context.Context, pool *pgxpool.Pool) error {
	if _, err := pool.Exec(ctx, `update operations.restore set ended = now()`); err != nil {
		return fmt.Errorf("end the restore: %w", err)
	}
	return nil
}

// fillTables fills the tables of a claimed database, once.
func fillTables(ctx context.Context, pool *pgxpool.Pool, b *backup.Backup) error {
	return pgx.BeginFunc(ctx, pool, func(tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, `update operations.restore set tables = true where not tables`)
		if err != nil || tag.RowsAffected() == 0 {
			return err
		}
		if err := vault.Migrate(ctx, tx); err != nil {
			return err
		}
		return b.Load(ctx, tx)
	})
}

// withConn lends one connection to checks that come before everything else.
func withConn(ctx context.Context, url string, work func(*pgx.Conn) error) (err error) {
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return fmt.Errorf("reach the database: %w", err)
	}
	defer func() { err = errors.Join(err, conn.Close(context.WithoutCancel(ctx))) }()
	return work(conn)
}

// refuseHalfRestored keeps the product off a database whose restore has not ended.
func refuseHalfRestored(ctx context.Context, conn *pgx.Conn) error {
	var fingerprint string
	err := conn.QueryRow(ctx, `select fingerprint from operations.restore where ended is null`).Scan(&fingerprint)
	if neverWritten(err) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("look for an unfinished restore: %w", err)
	}
	return &exitError{exitUnavailable, fmt.Errorf("the restore of the backup %s was broken off: run jejak restore once more, it goes on where it was", fingerprint)}
}
