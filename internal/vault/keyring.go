package vault

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/tink-crypto/tink-go/v2/tink"

	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/internal/clock"
)

const (
	// keyTTL is how long an unwrapped key stays in memory: long enough for a page
	// or an import, short enough that a key destroyed by another process is soon gone.
	keyTTL = time.Minute
	// maxOpenKeys bounds the unwrapped keys in memory, about 2 KiB each.
	maxOpenKeys = 4096
)

// keyName names one key of one person.
type keyName struct {
	subject domain.PersonID
	class   string
}

type openKey struct {
	aead  tink.AEAD
	until time.Time
}

// keyring holds the KEK and, for a minute each, unwrapped keys of persons.
type keyring struct {
	clock clock.Clock
	nips  []byte // key of the blind index of NIPs

	mu   sync.Mutex
	kek  KEK
	open map[keyName]openKey
	// epoch counts what was forgotten: a key read before must not be kept after.
	epoch uint64
}

// openKeyring compares the KEK with the vault's, and makes the vault's own keys
// in a new vault. The caller holds the migration lock.
func openKeyring(ctx context.Context, tx pgx.Tx, kek KEK, now clock.Clock) (*keyring, error) {
	r := &keyring{clock: now, kek: kek, open: map[keyName]openKey{}}
	var id string
	err := tx.QueryRow(ctx, `select kek from vault.wrapping_key`).Scan(&id)
	if errors.Is(err, pgx.ErrNoRows) {
		return r, r.found(ctx, tx)
	}
	if err != nil {
		return nil, fmt.Errorf("ask for the vault's key: %w", err)
	}
	if id != kek.id {
		return nil, fmt.Errorf("the key file holds key %s, but this vault is locked with key %s: give the right key file", kek.id, id)
	}
	var wrapped []byte
	if err := tx.QueryRow(ctx, `select wrapped from vault.own_key where name = $1`, nipIndex).Scan(&wrapped); err != nil {
		return nil, fmt.Errorf("read the key of the NIP index: %w", err)
	}
	if r.nips, err = kek.aead.Decrypt(wrapped, []byte(nipIndex)); err != nil {
		return nil, fmt.Errorf("unwrap the key of the NIP index: %w", err)
	}
	return r, nil
}

// found makes the keys of a new vault.
func (r *keyring) found(ctx context.Context, tx pgx.Tx) error {
	r.nips = make([]byte, 32)
	_, _ = rand.Read(r.nips) // never fails
	wrapped, err := r.kek.aead.Encrypt(r.nips, []byte(nipIndex))
	if err != nil {
		return fmt.Errorf("wrap the key of the NIP index: %w", err)
	}
	if _, err := tx.Exec(ctx, `insert into vault.own_key (name, wrapped) values ($1, $2)`, nipIndex, wrapped); err != nil {
		return fmt.Errorf("store the key of the NIP index: %w", err)
	}
	if _, err := tx.Exec(ctx, `insert into vault.wrapping_key (kek, since) values ($1, $2)`, r.kek.id, r.clock()); err != nil {
		return fmt.Errorf("store the name of the vault's key: %w", err)
	}
	return nil
}

// present gives the KEK and the epoch in which a read begins.
func (r *keyring) present() (KEK, uint64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.kek, r.epoch
}

// cached gives an unwrapped key that is still fresh.
func (r *keyring) cached(name keyName) (tink.AEAD, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	k, ok := r.open[name]
	if !ok || r.clock().After(k.until) {
		return nil, false
	}
	return k.aead, true
}

// unlock gives a key from memory, or unwraps it and keeps it for a while.
func (r *keyring) unlock(name keyName, wrapped []byte, kek KEK, epoch uint64) (tink.AEAD, error) {
	if aead, ok := r.cached(name); ok {
		return aead, nil
	}
	aead, err := unwrap(kek, name, wrapped)
	if err != nil {
		return nil, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.epoch == epoch {
		if len(r.open) >= maxOpenKeys {
			clear(r.open)
		}
		r.open[name] = openKey{aead, r.clock().Add(keyTTL)}
	}
	return aead, nil
}

// forget drops keys at once.
func (r *keyring) forget(names ...keyName) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.epoch++
	for _, n := range names {
		delete(r.open, n)
	}
}

// turn puts a new KEK in the old one's place.
func (r *keyring) turn(kek KEK) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.kek = kek
	r.epoch++
}
