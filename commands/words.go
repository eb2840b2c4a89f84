package commands

import (
	"context"
	"fmt"
	"slices"

	"github.com/jejak-kinerja/jejak/domain"
)

// MaxFileBytes of one file of evidence: a photo from a phone, a scanned letter.
const MaxFileBytes = 5 << 20

// EvidenceTypes are the kinds of files taken as evidence: pictures and PDF, which
// a browser shows without running anything in them.
var EvidenceTypes = []string{"image/jpeg", "image/png", "image/webp", "application/pdf"}

// EvidenceFile is a file that supports a report, as it was sent.
type EvidenceFile struct {
	MediaType string
	Content   []byte
}

// words turns what people wrote into digests. The first fault stays in err, and
// what follows it is not kept.
type words struct {
	keepText func(about domain.PersonID, field, text string) (domain.Sealed, error)
	keepFile func(about domain.PersonID, f EvidenceFile) (domain.Evidence, error)
	meta     *domain.Meta
	said     bool
	err      error
}

// aloud keeps the words in the vault.
func (o *Office) aloud(ctx context.Context, m *domain.Meta) *words {
	return &words{
		keepText: func(about domain.PersonID, field, text string) (domain.Sealed, error) {
			return o.Vault.Seal(ctx, about, field, text)
		},
		keepFile: func(about domain.PersonID, f EvidenceFile) (domain.Evidence, error) {
			return o.Vault.SealFile(ctx, about, f.MediaType, f.Content)
		},
		meta: m,
	}
}

// rehearsed stands for the digest of words that are not kept.
const rehearsed domain.Sealed = "rehearsed----------------------------------"

// silent keeps nothing: it is for trying an order out.
func silent() *words {
	return &words{
		keepText: func(domain.PersonID, string, string) (domain.Sealed, error) { return rehearsed, nil },
		keepFile: func(_ domain.PersonID, f EvidenceFile) (domain.Evidence, error) {
			return domain.Evidence{Digest: rehearsed, MediaType: f.MediaType, SizeBytes: int64(len(f.Content))}, nil
		},
		meta: &domain.Meta{},
	}
}

// need seals a text that must not be empty.
func (w *words) need(about domain.PersonID, field, text string) domain.Sealed {
	if w.err == nil {
		w.err = domain.CheckText(field, text)
	}
	return w.seal(about, field, text)
}

// may seals a text that may be left out.
func (w *words) may(about domain.PersonID, field, text string) domain.Sealed {
	if w.err == nil {
		w.err = domain.CheckOptionalText(field, text)
	}
	return w.seal(about, field, text)
}

// reason seals why something is done, for the fact and for its metadata.
func (w *words) reason(about domain.PersonID, text string) domain.Sealed {
	sealed := w.need(about, "reason", text)
	w.meta.Reason = sealed
	return sealed
}

func (w *words) seal(about domain.PersonID, field, text string) domain.Sealed {
	if w.err != nil || text == "" {
		return ""
	}
	w.said = true
	sealed, err := w.keepText(about, field, text)
	if err != nil {
		w.err = fmt.Errorf("seal %s: %w", field, err)
	}
	return sealed
}

// files seals evidence.
func (w *words) files(about domain.PersonID, files []EvidenceFile) []domain.Evidence {
	var sealed []domain.Evidence
	for _, f := range files {
		if w.err == nil {
			w.err = checkFile(f)
		}
		if w.err != nil {
			return nil
		}
		w.said = true
		e, err := w.keepFile(about, f)
		if err != nil {
			w.err = fmt.Errorf("seal evidence: %w", err)
		}
		sealed = append(sealed, e)
	}
	return sealed
}

func checkFile(f EvidenceFile) error {
	if !slices.Contains(EvidenceTypes, f.MediaType) {
		return domain.Bad("evidence", "file-type-unknown", "evidence is one of %v", EvidenceTypes)
	}
	if len(f.Content) == 0 {
		return domain.Bad("evidence", "file-empty", "the file is empty")
	}
	if len(f.Content) > MaxFileBytes {
		return domain.Bad("evidence", "file-too-large", "a file has at most %d bytes", MaxFileBytes)
	}
	return nil
}
