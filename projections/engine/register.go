package engine

import (
	"context"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/jejak-kinerja/jejak/projections"
)

//go:embed schema.sql
var ownTables string

// registerLock is the advisory lock under which tables are made: "jejak" in ASCII.
const registerLock = 0x6a656a616b

// check finds faults of wiring before they become faults of data.
func check(list []projections.Projection) error {
	listed, owner := map[string]bool{}, map[string]string{}
	for _, p := range list {
		if p.Name == "" || p.Schema == "" || len(p.Tables) == 0 || p.Apply == nil {
			return fmt.Errorf("projection %q needs a name, a schema, its tables and an Apply", p.Name)
		}
		if listed[p.Name] {
			return fmt.Errorf("projection %s is listed twice", p.Name)
		}
		listed[p.Name] = true
		for _, table := range p.Tables {
			if other, taken := owner[table]; taken {
				return fmt.Errorf("the table %s belongs to %s and to %s", table, other, p.Name)
			}
			owner[table] = p.Name
		}
	}
	return nil
}

// register makes the engine's tables and those of the projections where they are missing.
func (e *Engine) register(ctx context.Context, list []projections.Projection) error {
	return pgx.BeginFunc(ctx, e.pool, func(tx pgx.Tx) error {
		var path string
		if err := tx.QueryRow(ctx, `select current_setting('search_path')`).Scan(&path); err != nil {
			return err
		}
		if path != e.schema {
			return fmt.Errorf("the pool's search_path is %q, not %s: make the pool with engine.Connect", path, e.schema)
		}
		if _, err := tx.Exec(ctx, `select pg_advisory_xact_lock($1)`, int64(registerLock)); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, ownTablesIn(e.schema), pgx.QueryExecModeSimpleProtocol); err != nil {
			return fmt.Errorf("make the engine's tables: %w", err)
		}
		for _, p := range list {
			if err := registerOne(ctx, tx, p, e.schema, e.options.Clock()); err != nil {
				return fmt.Errorf("projection %s: %w", p.Name, err)
			}
		}
		return nil
	})
}

func registerOne(ctx context.Context, tx pgx.Tx, p projections.Projection, schema string, now time.Time) error {
	var stored string
	err := tx.QueryRow(ctx, `select schema_digest from projection where name = $1`, p.Name).Scan(&stored)
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		tables, _ := split(p.Schema)
		if _, err := tx.Exec(ctx, tables, pgx.QueryExecModeSimpleProtocol); err != nil {
			return fmt.Errorf("make its tables: %w", err)
		}
		_, err := tx.Exec(ctx, `insert into projection (name, position, edition, schema_digest, updated_at, indexed, facts, counted_at)
			values ($1, 0, 0, $2, $3, false, 0, 0)`,
			p.Name, schemaDigest(p), now)
		if err != nil {
			return err
		}
	case err != nil:
		return err
	case stored != schemaDigest(p):
		return fmt.Errorf("its schema is not the one that its tables were made with: " +
			"give the new schema a new name (the next _v), so that it fills new tables beside the old")
	}
	for _, table := range p.Tables {
		var there bool
		if err := tx.QueryRow(ctx, `select to_regclass($1) is not null`, tableName(schema, table)).Scan(&there); err != nil {
			return err
		}
		if !there {
			return fmt.Errorf("its table %s is not there, and its schema has been applied", table)
		}
	}
	return nil
}

// schemaDigest does not change when a schema is only laid out differently.
func schemaDigest(p projections.Projection) string {
	sum := sha256.Sum256([]byte(strings.Join(strings.Fields(p.Schema), " ")))
	return hex.EncodeToString(sum[:])
}

func tableName(schema, table string) string { return pgx.Identifier{schema, table}.Sanitize() }

// ownTablesIn is the SQL of the engine's own tables in a schema.
func ownTablesIn(schema string) string { return strings.ReplaceAll(ownTables, Schema, schema) }
