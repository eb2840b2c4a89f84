package vault

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/gowebpki/jcs"
	"github.com/tink-crypto/tink-go/v2/tink"

	"github.com/jejak-kinerja/jejak/domain"
)

// ErrAltered says that something in the vault is not what was put there: it does
// not decrypt, or does not match the digest in the ledger.
var ErrAltered = errors.New("a sealed record does not match its digest")

const (
	// envelopeVersion is the first byte of every stored ciphertext.
	envelopeVersion = 1
	saltBytes       = 16
)

// Kinds of records, part of what a ciphertext is bound to.
const (
	kindText     = "text"
	kindFile     = "file"
	kindIdentity = "identity"
)

// place is where a ciphertext belongs; it opens nowhere else.
type place struct {
	kind string
	// mark is the digest of a text; of a file digest and media type.
	mark string
	key  keyName
}

func (p place) bound() []byte {
	return []byte(p.kind + "|" + p.mark + "|" + string(p.key.subject) + "|" + p.key.class)
}

// lock encrypts a record for its place.
func lock(key tink.AEAD, p place, record []byte) ([]byte, error) {
	ciphertext, err := key.Encrypt(record, p.bound())
	if err != nil {
		return nil, fmt.Errorf("encrypt a %s: %w", p.kind, err)
	}
	return append([]byte{envelopeVersion}, ciphertext...), nil
}

// unlock decrypts a record at its place.
func unlock(key tink.AEAD, p place, envelope []byte) ([]byte, error) {
	if len(envelope) == 0 || envelope[0] != envelopeVersion {
		return nil, fmt.Errorf("%w: unknown envelope", ErrAltered)
	}
	record, err := key.Decrypt(envelope[1:], p.bound())
	if err != nil {
		return nil, fmt.Errorf("%w: the %s does not decrypt", ErrAltered, p.kind)
	}
	return record, nil
}

// disclosure is a salted text as in SD-JWT: the canonical array [salt, field, text].
func disclosure(salt []byte, field, text string) ([]byte, error) {
	raw, err := json.Marshal([3]string{base64.RawURLEncoding.EncodeToString(salt), field, text})
	if err != nil {
		return nil, fmt.Errorf("encode a disclosure: %w", err)
	}
	return jcs.Transform(raw)
}

// readDisclosure takes the text out of a disclosure and checks it against the digest.
func readDisclosure(record []byte, digest domain.Sealed) (field, text string, err error) {
	if digestOf(record) != digest {
		return "", "", ErrAltered
	}
	var parts []string
	if err := json.Unmarshal(record, &parts); err != nil || len(parts) != 3 {
		return "", "", fmt.Errorf("%w: no disclosure", ErrAltered)
	}
	return parts[1], parts[2], nil
}

// digestOf is the digest of a disclosure, over its base64url form.
func digestOf(record []byte) domain.Sealed {
	sum := sha256.Sum256([]byte(base64.RawURLEncoding.EncodeToString(record)))
	return domain.Sealed(base64.RawURLEncoding.EncodeToString(sum[:]))
}

func newSalt() []byte {
	salt := make([]byte, saltBytes)
	_, _ = rand.Read(salt) // never fails
	return salt
}
