package vault

import (
	"bytes"
	"fmt"

	"github.com/tink-crypto/tink-go/v2/aead"
	"github.com/tink-crypto/tink-go/v2/keyset"
	"github.com/tink-crypto/tink-go/v2/tink"
)

// bound is the associated data of a wrapped key: it opens for one person and class.
func (n keyName) bound() []byte { return []byte(string(n.subject) + "|" + n.class) }

// newKey makes a key and wraps it.
func newKey(kek KEK, name keyName) ([]byte, error) {
	handle, err := keyset.NewHandle(aead.AES256GCMKeyTemplate())
	if err != nil {
		return nil, fmt.Errorf("make a key: %w", err)
	}
	return wrap(kek, name, handle)
}

func wrap(kek KEK, name keyName, handle *keyset.Handle) ([]byte, error) {
	var wrapped bytes.Buffer
	if err := handle.WriteWithAssociatedData(keyset.NewBinaryWriter(&wrapped), kek.aead, name.bound()); err != nil {
		return nil, fmt.Errorf("wrap a key of class %s: %w", name.class, err)
	}
	return wrapped.Bytes(), nil
}

func read(kek KEK, name keyName, wrapped []byte) (*keyset.Handle, error) {
	handle, err := keyset.ReadWithAssociatedData(keyset.NewBinaryReader(bytes.NewReader(wrapped)), kek.aead, name.bound())
	if err != nil {
		return nil, fmt.Errorf("unwrap the key of class %s of person %s with key %s: %w", name.class, name.subject, kek.id, err)
	}
	return handle, nil
}

func unwrap(kek KEK, name keyName, wrapped []byte) (tink.AEAD, error) {
	handle, err := read(kek, name, wrapped)
	if err != nil {
		return nil, err
	}
	return aead.New(handle)
}

// rewrap moves a key from one KEK to another; the key stays the same.
func rewrap(from, to KEK, name keyName, wrapped []byte) ([]byte, error) {
	handle, err := read(from, name, wrapped)
	if err != nil {
		return nil, err
	}
	return wrap(to, name, handle)
}
