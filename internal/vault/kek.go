package vault

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/tink-crypto/tink-go/v2/aead/subtle"
	"github.com/tink-crypto/tink-go/v2/tink"
)

const (
	kekBytes  = 32 // AES-256
	kekPrefix = "jejak-kek-1:"
)

// KEK is the key that wraps all keys of a vault. Whoever loses it loses every
// text and name; keep a copy in a safe.
type KEK struct {
	id   string
	aead tink.AEAD
}

// ID is the key's fingerprint: 16 hexadecimal digits that tell nothing about it.
func (k KEK) ID() string { return k.id }

// CreateKEK makes a new key and writes it to a new file that only its owner can
// read. It never overwrites: fs.ErrExist when there is a file.
func CreateKEK(path string) (KEK, error) {
	raw := make([]byte, kekBytes)
	_, _ = rand.Read(raw) // never fails: the runtime ends the process instead
	kek, err := newKEK(raw)
	if err != nil {
		return KEK{}, err
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return KEK{}, fmt.Errorf("create the vault's key file: %w", err)
	}
	_, err = f.WriteString(kekPrefix + base64.RawURLEncoding.EncodeToString(raw) + "\n")
	if err = errors.Join(err, f.Sync(), f.Close()); err == nil {
		err = syncDir(filepath.Dir(path))
	}
	if err != nil {
		return KEK{}, fmt.Errorf("write the vault's key file: %w", err)
	}
	return kek, nil
}

// LoadKEK reads a key file; refused when others than its owner may read or
// change it. The error is fs.ErrNotExist when there is none.
func LoadKEK(path string) (KEK, error) {
	f, err := os.Open(path)
	if err != nil {
		return KEK{}, fmt.Errorf("open the vault's key file: %w", err)
	}
	defer f.Close() //nolint:errcheck // read only
	about, err := f.Stat()
	if err != nil {
		return KEK{}, fmt.Errorf("look at the vault's key file: %w", err)
	}
	if wide := about.Mode().Perm() & 0o077; wide != 0 || !about.Mode().IsRegular() {
		return KEK{}, fmt.Errorf("the vault's key file %s has mode %s: it must be a file of mode 0600", path, about.Mode())
	}
	text := make([]byte, 256) // a key file has 56 bytes
	n, err := f.Read(text)
	if err != nil {
		return KEK{}, fmt.Errorf("read the vault's key file: %w", err)
	}
	encoded, ok := strings.CutPrefix(strings.TrimSpace(string(text[:n])), kekPrefix)
	raw, err := base64.RawURLEncoding.DecodeString(encoded)
	if !ok || err != nil || len(raw) != kekBytes {
		return KEK{}, fmt.Errorf("%s is not a key file of a vault", path)
	}
	return newKEK(raw)
}

func newKEK(raw []byte) (KEK, error) {
	a, err := subtle.NewAESGCM(raw)
	if err != nil {
		return KEK{}, fmt.Errorf("make the vault's key: %w", err)
	}
	sum := sha256.Sum256(append([]byte("jejak vault key\x00"), raw...))
	return KEK{id: hex.EncodeToString(sum[:8]), aead: a}, nil
}

// syncDir makes a new name in a directory survive a power cut.
func syncDir(path string) error {
	d, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
