package main

import (
	"context"
	"fmt"

	"github.com/alexedwards/scs/pgxstore"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// sessionConnections look up logins: one short query for each request.
const sessionConnections = 8

// sessionTable is what the session store expects, in our schema for access.
const sessionTable = `
create schema if not exists access;
create table if not exists access.sessions (token text primary key, data bytea not null, expiry timestamptz not null);
create index if not exists sessions_expiry on access.sessions (expiry)`

// sessionLock lets one process at a time make the table.
const sessionLock = 0x6a656a616b04

// logins keeps sessions in the database, so that they outlive a restart.
type logins struct {
	pool  *pgxpool.Pool
	store *pgxstore.PostgresStore
}

// openLogins makes the table when it is missing.
func openLogins(ctx context.Context, url string) (*logins, error) {
	config, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, fmt.Errorf("open the sessions: %w", err)
	}
	config.MaxConns = sessionConnections
	config.ConnConfig.RuntimeParams["search_path"] = "access"
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, fmt.Errorf("open the sessions: %w", err)
	}
	err = pgx.BeginFunc(ctx, pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `select pg_advisory_xact_lock($1)`, int64(sessionLock)); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, sessionTable)
		return err
	})
	if err != nil {
		pool.Close()
		return nil, fmt.Errorf("make the table of sessions: %w", err)
	}
	return &logins{pool, pgxstore.New(pool)}, nil
}

func (l *logins) close() {
	l.store.StopCleanup()
	l.pool.Close()
}
