package api_test

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"maps"
	"sync"

	v1 "github.com/jejak-kinerja/jejak/api/v1"
	"github.com/jejak-kinerja/jejak/commands"
	"github.com/jejak-kinerja/jejak/domain"
)

// box is a vault without locks.
type box struct {
	mu    sync.Mutex
	texts map[domain.Sealed]v1.Text
	names map[domain.PersonID]v1.Name
}

func newBox() *box {
	return &box{texts: map[domain.Sealed]v1.Text{}, names: map[domain.PersonID]v1.Name{}}
}

func (b *box) Seal(_ context.Context, subject domain.PersonID, field, text string) (domain.Sealed, error) {
	if text == "" {
		return "", nil
	}
	sum := sha256.Sum256([]byte(string(subject) + "\x00" + field + "\x00" + text))
	sealed := domain.Sealed(base64.RawURLEncoding.EncodeToString(sum[:]))
	b.mu.Lock()
	defer b.mu.Unlock()
	b.texts[sealed] = v1.Text{Plain: text}
	return sealed, nil
}

func (b *box) SealFile(ctx context.Context, subject domain.PersonID, mediaType string, content []byte) (domain.Evidence, error) {
	sealed, err := b.Seal(ctx, subject, "file", string(content))
	return domain.Evidence{Digest: sealed, MediaType: mediaType, SizeBytes: int64(len(content))}, err
}

func (b *box) Identify(_ context.Context, p domain.PersonID, who commands.Identity) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.names[p] = v1.Name{Full: who.Name, NIP: who.NIP}
	return nil
}

func (b *box) FindByNIP(_ context.Context, nip string) (domain.PersonID, bool, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for p, n := range b.names {
		if n.NIP == nip {
			return p, true, nil
		}
	}
	return "", false, nil
}

func (b *box) Texts(context.Context, []domain.Sealed) (map[domain.Sealed]v1.Text, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return maps.Clone(b.texts), nil
}

func (b *box) Names(context.Context, []domain.PersonID) (map[domain.PersonID]v1.Name, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return maps.Clone(b.names), nil
}

// forget destroys the key of everything said.
func (b *box) forget() {
	b.mu.Lock()
	defer b.mu.Unlock()
	for sealed := range b.texts {
		b.texts[sealed] = v1.Text{Gone: true}
	}
}
