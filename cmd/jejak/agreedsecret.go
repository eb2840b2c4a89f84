package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/jackc/pgx/v5"
)

// secretLock lets one process at a time register the secret.
const secretLock = 0x6a656a616b07

const (
	makeSecretRow = `
create schema if not exists operations;
create table if not exists operations.secret (one boolean primary key default true check (one), fingerprint text not null)`
	readSecretRow = `select fingerprint from operations.secret`
	keepSecretRow = `insert into operations.secret (fingerprint) values ($1) on conflict (one) do update set fingerprint = excluded.fingerprint
		where $2 or secret.fingerprint = excluded.fingerprint`
)

// agreeOnSecret holds the secret file against the one that this ledger is used
// with: under another, a request that is sent once more is taken for a new one
// under an old key. The first that comes is registered. A missing file is made
// only for a ledger that knows none.
func agreeOnSecret(ctx context.Context, conn *pgx.Conn, c *Config) error {
	var known string
	if err := conn.QueryRow(ctx, readSecretRow).Scan(&known); err != nil && !neverWritten(err) {
		return fmt.Errorf("ask for the secret's fingerprint: %w", err)
	}
	if _, err := os.Stat(c.SecretFile); errors.Is(err, fs.ErrNotExist) && known != "" && !c.NewSecret {
		return &exitError{exitUsage, fmt.Errorf("the secret %s is missing: put back the copy from your safe, or name it with --secret-file. "+
			"If it is lost for good, start once with --new-secret: who repeats an order sent before is then refused instead of answered. Nothing was changed", c.SecretFile)}
	}
	secret, err := loadSecret(c.SecretFile)
	if err != nil {
		return err
	}
	switch fingerprint := fingerprintOf(secret); {
	case fingerprint == known:
		return nil
	case known != "" && !c.NewSecret:
		return &exitError{exitUsage, fmt.Errorf("%s holds secret %s, but this ledger is used with secret %s: all replicas need the same file. "+
			"If that one is lost for good, start once with --new-secret. Nothing was changed", c.SecretFile, fingerprint, known)}
	default:
		return keepSecret(ctx, conn, fingerprint, c.NewSecret)
	}
}

// keepSecret registers the secret, in place of another only when told to.
func keepSecret(ctx context.Context, conn *pgx.Conn, fingerprint string, anew bool) error {
	err := pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `select pg_advisory_xact_lock($1)`, int64(secretLock)); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, makeSecretRow, pgx.QueryExecModeSimpleProtocol); err != nil {
			return err
		}
		kept, err := tx.Exec(ctx, keepSecretRow, fingerprint, anew)
		if err == nil && kept.RowsAffected() == 0 {
			err = errors.New("another replica has registered another meanwhile: all need the same file")
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("register the secret: %w", err)
	}
	return nil
}

// fingerprintOf is 16 hexadecimal digits that tell nothing about the secret.
func fingerprintOf(secret []byte) string {
	sum := sha256.Sum256(append([]byte("jejak secret\x00"), secret...))
	return hex.EncodeToString(sum[:8])
}
