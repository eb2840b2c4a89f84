package node

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

//go:embed migrations/*.sql
var migrations embed.FS

const (
	// serviceRole is what every connection of a running node acts as: it can add
	// and read events, and nothing else.
	serviceRole = "jejak_node"

	// migrationLock keeps two starting processes from migrating one database together.
	migrationLock = 0x6a656a616b01

	// roleAttempts bounds the race for the role: roles belong to the whole cluster,
	// so no lock of one database guards them. Four processes at most lose in turn.
	roleAttempts = 8
)

// Migrate brings the schema eventstore to the present version and creates the
// service role when the cluster has none. It is run as the owner of the schema,
// may be repeated, and may race with itself.
func Migrate(ctx context.Context, databaseURL string) error {
	conn, err := pgx.Connect(ctx, databaseURL)
	if err != nil {
		return fmt.Errorf("migrate the event log: connect: %w", err)
	}
	defer conn.Close(context.WithoutCancel(ctx))

	var encoding string
	if err := conn.QueryRow(ctx, `show server_encoding`).Scan(&encoding); err != nil {
		return fmt.Errorf("migrate the event log: ask the encoding: %w", err)
	}
	if encoding != "UTF8" {
		return fmt.Errorf("migrate the event log: the database's encoding is %s, it must be UTF8", encoding)
	}
	if err := createServiceRole(ctx, conn); err != nil {
		return fmt.Errorf("migrate the event log: create role %s: %w", serviceRole, err)
	}
	if err := pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error { return applyMigrations(ctx, tx) }); err != nil {
		return fmt.Errorf("migrate the event log: %w", err)
	}
	return nil
}

const createRole = `do $$ begin
	if not exists (select from pg_roles where rolname = 'jejak_node') then
		create role jejak_node nologin;
	end if;
	if not pg_has_role(current_user, 'jejak_node', 'member') then
		grant jejak_node to current_user;
	end if;
end $$`

func createServiceRole(ctx context.Context, conn *pgx.Conn) error {
	var err error
	for attempt := range roleAttempts {
		if _, err = conn.Exec(ctx, createRole); err == nil || !lostRoleRace(err) {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(time.Duration(attempt+1) * 5 * time.Millisecond):
		}
	}
	return err
}

// lostRoleRace tells the ways in which PostgreSQL reports that another session
// created or granted the role in the same moment.
func lostRoleRace(err error) bool {
	pg, ok := errors.AsType[*pgconn.PgError](err)
	if !ok {
		return false
	}
	switch pg.Code {
	case "42710", "23505", "XX000": // exists, unique violation, tuple concurrently updated
		return true
	}
	return false
}

func applyMigrations(ctx context.Context, tx pgx.Tx) error {
	if _, err := tx.Exec(ctx, `select pg_advisory_xact_lock($1)`, int64(migrationLock)); err != nil {
		return fmt.Errorf("wait for the migration lock: %w", err)
	}
	const register = `create schema if not exists eventstore;
		create table if not exists eventstore.migrations (name text primary key, applied timestamptz not null default now())`
	if _, err := tx.Exec(ctx, register); err != nil {
		return fmt.Errorf("create the register: %w", err)
	}
	files, err := fs.Glob(migrations, "migrations/*.sql") // sorted by name
	if err != nil {
		return fmt.Errorf("list the files: %w", err)
	}
	var newer string
	err = tx.QueryRow(ctx, `select coalesce(max(name), '') from eventstore.migrations where name <> all($1)`, files).Scan(&newer)
	if err != nil {
		return fmt.Errorf("read the register: %w", err)
	}
	if newer != "" {
		return fmt.Errorf("a newer jejak has changed the event log's tables (%s): start that version, or restore a backup made before", newer)
	}
	for _, file := range files {
		tag, err := tx.Exec(ctx, `insert into eventstore.migrations (name) values ($1) on conflict do nothing`, file)
		if err != nil {
			return fmt.Errorf("register %s: %w", file, err)
		}
		if tag.RowsAffected() == 0 {
			continue
		}
		sql, err := migrations.ReadFile(file)
		if err != nil {
			return fmt.Errorf("read %s: %w", file, err)
		}
		if _, err := tx.Exec(ctx, string(sql)); err != nil {
			return fmt.Errorf("apply %s: %w", file, err)
		}
	}
	return nil
}
