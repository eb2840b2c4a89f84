package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/jackc/pgx/v5"

	"github.com/jejak-kinerja/jejak/internal/backup"
	"github.com/jejak-kinerja/jejak/internal/vault"
)

// installKeys puts key files that the backup holds where there are none, and reads
// the key that opens its vault. Without the right key nothing is restored.
func (c *Config) installKeys(b *backup.Backup, term terminal) (vault.KEK, error) {
	for purpose, path := range map[string]string{keyPurpose: c.KeyFile, secretPurpose: c.SecretFile} {
		content, ok, err := b.KeyContent(purpose)
		if err == nil && ok {
			err = installFile(path, content)
		}
		if err != nil {
			return vault.KEK{}, fmt.Errorf("restore a key file: %w", err)
		}
	}
	kek, err := vault.LoadKEK(c.KeyFile)
	if errors.Is(err, fs.ErrNotExist) {
		return kek, &exitError{exitUsage, fmt.Errorf("the backup's names and texts are locked with key %s, and there is no key file %s: "+
			"put the copy from your safe there (mode 0600), or name it with --key-file. Nothing was changed", b.KEK, c.KeyFile)}
	}
	if err != nil {
		return kek, err
	}
	if kek.ID() != b.KEK {
		return kek, &exitError{exitUsage, fmt.Errorf("%s holds key %s, but the backup is locked with key %s: give the key file of that time with --key-file. Nothing was changed", c.KeyFile, kek.ID(), b.KEK)}
	}
	if _, err := os.Stat(c.SecretFile); errors.Is(err, fs.ErrNotExist) {
		fmt.Fprintf(term.err, "ATTENTION: there is no %s, so a new secret will be made: a program that repeats an old order under its old Idempotency-Key "+
			"is then refused instead of answered. Put the copy from your safe there before the first start, if you have it.\n", c.SecretFile)
	}
	return kek, nil
}

// loadKEK reads the key file, or makes one for a new vault. For a vault that is
// locked with a key none is made: it would look like the one that is missing.
func (c *Config) loadKEK(ctx context.Context, url string) (vault.KEK, error) {
	kek, err := vault.LoadKEK(c.KeyFile)
	if !errors.Is(err, fs.ErrNotExist) {
		return kek, err
	}
	locked, err := lockedWith(ctx, url)
	if err != nil {
		return kek, err
	}
	if locked != "" {
		return kek, &exitError{exitUsage, fmt.Errorf("the key file %s is missing, and names and texts are locked with key %s: "+
			"put the copy from your safe there (mode 0600), or name it with --key-file. Nothing was changed", c.KeyFile, locked)}
	}
	if err := os.MkdirAll(filepath.Dir(c.KeyFile), 0o711); err != nil {
		return kek, fmt.Errorf("make the state directory: %w", err)
	}
	return vault.CreateKEK(c.KeyFile)
}

// lockedWith tells the fingerprint of the key that the vault is locked with; ""
// when the database holds none yet.
func lockedWith(ctx context.Context, url string) (id string, err error) {
	err = withConn(ctx, url, func(conn *pgx.Conn) error {
		return pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) (err error) {
			id, err = vault.LockedWith(ctx, tx)
			return err
		})
	})
	if neverWritten(err) {
		err = nil
	}
	return id, err
}

// installFile writes a file that only its owner can read. One that is there stays,
// and must be the same.
func installFile(path string, content []byte) error {
	there, err := os.ReadFile(path)
	if err == nil && !bytes.Equal(there, content) {
		return fmt.Errorf("%s is another than the one in the backup: move it away first", path)
	}
	if err == nil || !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o711); err != nil {
		return err
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(content)
	return errors.Join(err, f.Sync(), f.Close())
}
