package vault

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/jejak-kinerja/jejak/domain"
)

const (
	// MaxFileBytes is the largest evidence file: a photo, a scanned letter.
	MaxFileBytes = 5 << 20
	// maxMediaType is the longest media type, as "application/vnd.…".
	maxMediaType = 127
)

// File is an opened evidence file. Gone: its key was destroyed by the retention schedule.
type File struct {
	Subject   domain.PersonID
	MediaType string
	Content   []byte
	Gone      bool
}

const storeFile = `
	insert into vault.file (digest, subject, class, media_type, ciphertext, made)
	select $1, k.subject, k.class, $2, $3, $4 from vault.person_key k
	where k.subject = $5 and k.class = $6 and k.wrapped is not null
	for share of k`

// SealFile keeps one file about a person, 1 to MaxFileBytes. The digest is
// base64url(SHA-256(salt ‖ content)); media type and size are told in clear.
func (v *Vault) SealFile(ctx context.Context, subject domain.PersonID, mediaType string, content []byte) (domain.Evidence, error) {
	if err := checkFile(subject, mediaType, content); err != nil {
		return domain.Evidence{}, err
	}
	class := v.work()
	keys, err := v.openKeys(ctx, class, subject)
	if err != nil {
		return domain.Evidence{}, fmt.Errorf("seal a file: %w", err)
	}
	record := append(newSalt(), content...)
	digest := fileDigest(record)
	envelope, err := lock(keys[subject], filePlace(digest, mediaType, keyName{subject, class}), record)
	if err != nil {
		return domain.Evidence{}, err
	}
	tag, err := v.pool.Exec(ctx, storeFile, digest, mediaType, envelope, v.clock(), subject, class)
	if err != nil {
		return domain.Evidence{}, fmt.Errorf("seal a file: %w", unreachable(err))
	}
	if tag.RowsAffected() != 1 {
		return domain.Evidence{}, v.refused(ctx, class, subject)
	}
	return domain.Evidence{Digest: digest, MediaType: mediaType, SizeBytes: int64(len(content))}, nil
}

func checkFile(subject domain.PersonID, mediaType string, content []byte) error {
	if err := domain.CheckID("subject", string(subject)); err != nil {
		return err
	}
	if len(content) == 0 || len(content) > MaxFileBytes {
		return domain.Bad("file", "file-size", "a file has 1 to %d bytes", MaxFileBytes)
	}
	if mediaType == "" || len(mediaType) > maxMediaType {
		return domain.Bad("file", "media-type-malformed", "a media type has 1 to %d characters", maxMediaType)
	}
	return nil
}

// OpenFile gives a file and checks it against its digest. The error is ErrLost
// for an unknown digest, ErrAltered for a file that is not the one sealed.
func (v *Vault) OpenFile(ctx context.Context, digest domain.Sealed) (File, error) {
	kek, epoch := v.keys.present()
	var f File
	var name keyName
	var envelope, wrapped []byte
	err := v.pool.QueryRow(ctx, `select f.subject, f.class, f.media_type, f.ciphertext, k.wrapped
		from vault.file f join vault.person_key k using (subject, class) where f.digest = $1`, digest).
		Scan(&name.subject, &name.class, &f.MediaType, &envelope, &wrapped)
	if errors.Is(err, pgx.ErrNoRows) {
		err = ErrLost
	}
	if err != nil {
		return File{}, fmt.Errorf("open file %s: %w", digest, unreachable(err))
	}
	f.Subject = name.subject
	if envelope == nil || wrapped == nil {
		f.Gone = true
		return f, nil
	}
	key, err := v.keys.unlock(name, wrapped, kek, epoch)
	if err != nil {
		return File{}, fmt.Errorf("open file %s: %w", digest, err)
	}
	record, err := unlock(key, filePlace(digest, f.MediaType, name), envelope)
	if err == nil && (len(record) < saltBytes || fileDigest(record) != digest) {
		err = ErrAltered
	}
	if err != nil {
		return File{}, fmt.Errorf("open file %s: %w", digest, err)
	}
	f.Content = record[saltBytes:]
	return f, nil
}

func filePlace(digest domain.Sealed, mediaType string, name keyName) place {
	return place{kindFile, string(digest) + "|" + mediaType, name}
}

func fileDigest(record []byte) domain.Sealed {
	sum := sha256.Sum256(record)
	return domain.Sealed(base64.RawURLEncoding.EncodeToString(sum[:]))
}
