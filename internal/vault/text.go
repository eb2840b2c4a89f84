package vault

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

	"github.com/jejak-kinerja/jejak/domain"
)

// ErrLost says that the vault does not know a digest that the ledger names: the
// vault is older than the ledger, or another one.
var ErrLost = errors.New("the vault does not hold a sealed record that the ledger names")

// Plain is a text about a person, before it is sealed.
type Plain struct {
	Subject domain.PersonID
	// Field names what the text is ("note"); it is bound by the digest.
	Field string
	Text  string
}

// Text is a revealed text. Gone: its key was destroyed by the retention schedule.
// Lost: the vault cannot give it; see GiveRest.
type Text struct {
	Plain string
	Gone  bool
	Lost  bool
}

// The join and its lock make a destroyed key refuse the text: either the text is
// stored first, and destroyed with the others, or it is not stored.
const storeTexts = `
	insert into vault.text (digest, subject, class, ciphertext, made)
	select u.digest, u.subject, k.class, u.ciphertext, $5
	from unnest($1::text[], $2::text[], $3::bytea[]) as u(digest, subject, ciphertext)
	join vault.person_key k on k.subject = u.subject and k.class = $4 and k.wrapped is not null
	for share of k`

// Seal keeps one text, at most domain.MaxTextRunes, and gives its digest; an empty
// text gives the empty digest. One round trip when the person's key is known.
func (v *Vault) Seal(ctx context.Context, subject domain.PersonID, field, text string) (domain.Sealed, error) {
	digests, err := v.SealMany(ctx, []Plain{{subject, field, text}})
	if err != nil {
		return "", err
	}
	return digests[0], nil
}

// SealMany keeps many texts, MaxTexts in one round trip, and gives their digests
// in the same order. After an error some may be kept; without a fact that names
// them they are harmless.
func (v *Vault) SealMany(ctx context.Context, texts []Plain) ([]domain.Sealed, error) {
	digests := make([]domain.Sealed, 0, len(texts))
	for chunk := range slices.Chunk(texts, MaxTexts) {
		some, err := v.sealSome(ctx, chunk)
		if err != nil {
			return nil, fmt.Errorf("seal: %w", err)
		}
		digests = append(digests, some...)
	}
	return digests, nil
}

func (v *Vault) sealSome(ctx context.Context, texts []Plain) ([]domain.Sealed, error) {
	class := v.work()
	subjects := make([]domain.PersonID, 0, len(texts))
	for _, t := range texts {
		if t.Text == "" {
			continue
		}
		if err := domain.CheckID("subject", string(t.Subject)); err != nil {
			return nil, err
		}
		if err := checkPlain(t.Field, t.Text); err != nil {
			return nil, err
		}
		subjects = append(subjects, t.Subject)
	}
	if len(subjects) == 0 {
		return make([]domain.Sealed, len(texts)), nil
	}
	keys, err := v.openKeys(ctx, class, subjects...)
	if err != nil {
		return nil, err
	}
	digests := make([]domain.Sealed, len(texts))
	kept, ciphertexts := make([]string, 0, len(subjects)), make([][]byte, 0, len(subjects))
	for n, t := range texts {
		if t.Text == "" {
			continue
		}
		record, err := disclosure(newSalt(), t.Field, t.Text)
		if err != nil {
			return nil, err
		}
		digests[n] = digestOf(record)
		envelope, err := lock(keys[t.Subject], place{kindText, string(digests[n]), keyName{t.Subject, class}}, record)
		if err != nil {
			return nil, err
		}
		kept, ciphertexts = append(kept, string(digests[n])), append(ciphertexts, envelope)
	}
	tag, err := v.pool.Exec(ctx, storeTexts, kept, subjects, ciphertexts, class, v.clock())
	if err != nil {
		return nil, fmt.Errorf("store texts: %w", unreachable(err))
	}
	if tag.RowsAffected() != int64(len(kept)) {
		return nil, v.refused(ctx, class, subjects...)
	}
	return digests, nil
}

// checkPlain refuses what JSON would not give back as it was.
func checkPlain(field, text string) error {
	if err := domain.CheckWording("field", field); err != nil {
		return err
	}
	return domain.CheckText(field, text)
}

// refused finds out why the database did not take what was encrypted under keys
// that this process believed to be good.
func (v *Vault) refused(ctx context.Context, class string, subjects ...domain.PersonID) error {
	for _, s := range subjects {
		v.keys.forget(keyName{s, class})
	}
	if _, err := v.openKeys(ctx, class, subjects...); err != nil {
		return err
	}
	return &domain.Error{Kind: domain.Unavailable, Slug: "vault-keys-changed", Detail: "the keys of the vault were changed meanwhile"}
}

const readTexts = `
	select t.digest, t.subject, t.class, t.ciphertext, k.wrapped
	from vault.text t join vault.person_key k using (subject, class)
	where t.digest = any($1)`

// Reveal gives the texts of up to MaxTexts digests; empty digests are left out.
// Each text is checked against its digest. When some cannot be given the error
// holds ErrAltered or ErrLost for each, and the map all others.
func (v *Vault) Reveal(ctx context.Context, digests []domain.Sealed) (map[domain.Sealed]Text, error) {
	digests = slices.DeleteFunc(slices.Clone(digests), domain.Sealed.Empty)
	if len(digests) > MaxTexts {
		return nil, domain.Bad("", "too-many-texts", "at most %d texts can be revealed at once", MaxTexts)
	}
	texts := make(map[domain.Sealed]Text, len(digests))
	if len(digests) == 0 {
		return texts, nil
	}
	kek, epoch := v.keys.present()
	rows, err := v.pool.Query(ctx, readTexts, digests)
	if err != nil {
		return nil, fmt.Errorf("reveal: %w", unreachable(err))
	}
	var faults []error
	failed := map[domain.Sealed]bool{}
	var digest domain.Sealed
	var name keyName
	var envelope, wrapped []byte
	_, err = pgx.ForEachRow(rows, []any{&digest, &name.subject, &name.class, &envelope, &wrapped}, func() error {
		if wrapped == nil || envelope == nil {
			texts[digest] = Text{Gone: true}
			return nil
		}
		text, err := v.openText(digest, name, envelope, wrapped, kek, epoch)
		if err != nil {
			faults, failed[digest] = append(faults, fmt.Errorf("text %s: %w", digest, err)), true
			return nil
		}
		texts[digest] = Text{Plain: text}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("reveal: %w", unreachable(err))
	}
	for _, d := range digests {
		if _, ok := texts[d]; !ok && !failed[d] {
			faults, failed[d] = append(faults, fmt.Errorf("text %s: %w", d, ErrLost)), true
		}
	}
	return texts, errors.Join(faults...)
}

func (v *Vault) openText(digest domain.Sealed, name keyName, envelope, wrapped []byte, kek KEK, epoch uint64) (string, error) {
	key, err := v.keys.unlock(name, wrapped, kek, epoch)
	if err != nil {
		return "", err
	}
	record, err := unlock(key, place{kindText, string(digest), name}, envelope)
	if err != nil {
		return "", err
	}
	_, text, err := readDisclosure(record, digest)
	return text, err
}

// GiveRest takes the outcome of Reveal for a page: texts that are lost or altered are
// marked as Lost, and faults says which, so that one of them does not take the whole
// page with it. Any other error stays one.
func GiveRest(digests []domain.Sealed, texts map[domain.Sealed]Text, revealed error) (rest map[domain.Sealed]Text, faults, err error) {
	if !errors.Is(revealed, ErrLost) && !errors.Is(revealed, ErrAltered) {
		return texts, nil, revealed
	}
	for _, d := range digests {
		if _, ok := texts[d]; !ok && !d.Empty() {
			texts[d] = Text{Lost: true}
		}
	}
	return texts, revealed, nil
}
