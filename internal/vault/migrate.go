package vault

import (
	"context"
	"embed"
	"fmt"
	"io/fs"

	"github.com/jackc/pgx/v5"
)

//go:embed migrations/*.sql
var migrations embed.FS

// migrationLock keeps two starting processes from migrating one database together.
// Advisory locks are one space for a whole database: 01 and 02 are the node's, 03
// is the vault's, the bare word is that of the read models.
const migrationLock = 0x6a656a616b03

// migrate brings the schema vault to the present version.
func migrate(ctx context.Context, tx pgx.Tx) error {
	if _, err := tx.Exec(ctx, `select pg_advisory_xact_lock($1)`, int64(migrationLock)); err != nil {
		return fmt.Errorf("wait for the migration lock: %w", err)
	}
	const register = `create schema if not exists vault;
		create table if not exists vault.migrations (name text primary key, applied timestamptz not null default now())`
	if _, err := tx.Exec(ctx, register); err != nil {
		return fmt.Errorf("create the register: %w", err)
	}
	files, err := fs.Glob(migrations, "migrations/*.sql") // sorted by name
	if err != nil {
		return fmt.Errorf("list the files: %w", err)
	}
	for _, file := range files {
		tag, err := tx.Exec(ctx, `insert into vault.migrations (name) values ($1) on conflict do nothing`, file)
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
