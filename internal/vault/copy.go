package vault

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// LockedWith gives the fingerprint of the KEK that the vault of a transaction's
// database is locked with.
func LockedWith(ctx context.Context, tx pgx.Tx) (string, error) {
	var id string
	if err := tx.QueryRow(ctx, `select kek from vault.wrapping_key`).Scan(&id); err != nil {
		return "", fmt.Errorf("ask which key the vault is locked with: %w", err)
	}
	return id, nil
}

// Migrate makes the vault's tables without a key, for a copy to be put into them.
func Migrate(ctx context.Context, tx pgx.Tx) error {
	if err := migrate(ctx, tx); err != nil {
		return fmt.Errorf("make the vault's tables: %w", err)
	}
	return nil
}
