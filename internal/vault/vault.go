package vault

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/jejak-kinerja/jejak/commands"
	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/internal/clock"
)

// Record classes: what is destroyed together.
const (
	// Identity is who a person is. Istilah: identitas pegawai.
	Identity = "identity"
	// workPrefix and a year make the class of that year's texts and files.
	workPrefix = "work-"
)

// WorkOf names the record class of a year's texts and files. Istilah: arsip kinerja tahunan.
func WorkOf(year int) string { return workPrefix + strconv.Itoa(year) }

const (
	// MaxPeople bounds what is read and kept of names: ten times a city's service.
	MaxPeople = 20_000
	// MaxTexts bounds one Reveal and one SealMany: the texts of a long page.
	MaxTexts = 2_000
	// maxConnections of the vault: its statements are short.
	maxConnections = 8
)

// Tables hold all that a vault keeps, those first that others refer to. A copy of
// their rows opens with the same KEK.
var Tables = []string{"vault.wrapping_key", "vault.own_key", "vault.person_key", "vault.text", "vault.file", "vault.identity"}

// Options say where the vault is.
type Options struct {
	// URL of the PostgreSQL database; the vault lives in its schema "vault".
	URL string
	// KEK wraps every key; required.
	KEK KEK
	// Clock dates keys and texts; required.
	Clock clock.Clock
	// Zone decides to which year a text belongs; UTC when nil.
	Zone *time.Location
}

// Vault keeps personal texts, files and identities. Safe for concurrent use.
type Vault struct {
	pool  *pgxpool.Pool
	clock clock.Clock
	zone  *time.Location
	keys  *keyring
	names *names
}

var (
	_ commands.Sealer       = (*Vault)(nil)
	_ commands.KeyDestroyer = (*Vault)(nil)
)

// Open connects, migrates, and refuses a KEK that is not the vault's.
func Open(ctx context.Context, o Options) (*Vault, error) {
	if o.KEK.aead == nil || o.Clock == nil {
		return nil, errors.New("open the vault: a key and a clock are needed")
	}
	config, err := pgxpool.ParseConfig(o.URL)
	if err != nil {
		return nil, fmt.Errorf("open the vault: %w", err)
	}
	config.MaxConns = maxConnections
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, fmt.Errorf("open the vault: %w", err)
	}
	v := &Vault{pool: pool, clock: o.Clock, zone: o.Zone, names: newNames(o.Clock)}
	if v.zone == nil {
		v.zone = time.UTC
	}
	err = pgx.BeginFunc(ctx, pool, func(tx pgx.Tx) error {
		if err := migrate(ctx, tx); err != nil {
			return fmt.Errorf("migrate: %w", err)
		}
		v.keys, err = openKeyring(ctx, tx, o.KEK, o.Clock)
		return err
	})
	if err != nil {
		pool.Close()
		return nil, fmt.Errorf("open the vault: %w", unreachable(err))
	}
	return v, nil
}

// Close ends the vault's connections.
func (v *Vault) Close() { v.pool.Close() }

// Ping says whether the vault can be reached.
func (v *Vault) Ping(ctx context.Context) error { return unreachable(v.pool.Ping(ctx)) }

// work is the record class of what is written now.
func (v *Vault) work() string { return WorkOf(v.clock().In(v.zone).Year()) }

// errDestroyed answers who would write under a destroyed key.
func errDestroyed(class string) error {
	return domain.Refuse("key-destroyed", "the key of this person's records of class %s was destroyed", class)
}
