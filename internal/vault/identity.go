package vault

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/jejak-kinerja/jejak/commands"
	"github.com/jejak-kinerja/jejak/domain"
)

const (
	// nipIndex names the key of the blind index: without it, the 18 digits of a
	// NIP, which are mostly dates, could be guessed from a plain hash.
	nipIndex  = "nip-index"
	nipDigits = 18
)

// identity is commands.Identity as stored, encrypted.
type identity struct {
	Name  string `json:"name"`
	NIP   string `json:"nip,omitzero"`
	Email string `json:"email,omitzero"`
	Phone string `json:"phone,omitzero"`
}

const storeIdentity = `
	insert into vault.identity (subject, ciphertext, nip_index, changed)
	select k.subject, $2, $3, $4 from vault.person_key k
	where k.subject = $1 and k.class = '` + Identity + `' and k.wrapped is not null
	for share of k
	on conflict (subject) do update
	set ciphertext = excluded.ciphertext, nip_index = excluded.nip_index, changed = excluded.changed`

// Identify keeps or replaces who a person is. Refused: "nip-malformed",
// "nip-taken" when another person has the NIP, "key-destroyed".
func (v *Vault) Identify(ctx context.Context, person domain.PersonID, who commands.Identity) error {
	if err := checkIdentity(person, who); err != nil {
		return err
	}
	keys, err := v.openKeys(ctx, Identity, person)
	if err != nil {
		return fmt.Errorf("identify: %w", err)
	}
	record, err := json.Marshal(identity(who))
	if err != nil {
		return fmt.Errorf("encode an identity: %w", err)
	}
	envelope, err := lock(keys[person], identityPlace(person), record)
	if err != nil {
		return err
	}
	tag, err := v.pool.Exec(ctx, storeIdentity, person, envelope, v.blind(who.NIP), v.clock())
	const uniqueViolation = "23505"
	if answer, ok := errors.AsType[*pgconn.PgError](err); ok && answer.Code == uniqueViolation {
		return &domain.Error{Kind: domain.Conflict, Slug: "nip-taken", Field: "nip", Detail: "another person has this NIP"}
	}
	if err != nil {
		return fmt.Errorf("identify: %w", unreachable(err))
	}
	v.names.forget(person)
	if tag.RowsAffected() != 1 {
		return v.refused(ctx, Identity, person)
	}
	return nil
}

func checkIdentity(person domain.PersonID, who commands.Identity) error {
	err := errors.Join(domain.CheckID("person", string(person)), domain.CheckWording("name", who.Name),
		domain.CheckOptionalText("email", who.Email), domain.CheckOptionalText("phone", who.Phone))
	if err == nil && who.NIP != "" {
		err = checkNIP(who.NIP)
	}
	return err
}

func checkNIP(nip string) error {
	digits := 0
	for _, r := range nip {
		if r >= '0' && r <= '9' {
			digits++
		}
	}
	if digits != nipDigits || len(nip) != nipDigits {
		return domain.Bad("nip", "nip-malformed", "a NIP has %d digits", nipDigits)
	}
	return nil
}

// FindByNIP gives the person of a NIP; false when none has it, or nobody any more.
func (v *Vault) FindByNIP(ctx context.Context, nip string) (domain.PersonID, bool, error) {
	if err := checkNIP(nip); err != nil {
		return "", false, err
	}
	var person domain.PersonID
	err := v.pool.QueryRow(ctx, `select subject from vault.identity where nip_index = $1`, v.blind(nip)).Scan(&person)
	if errors.Is(err, pgx.ErrNoRows) {
		return "", false, nil
	}
	if err != nil {
		return "", false, fmt.Errorf("find a NIP: %w", unreachable(err))
	}
	return person, true, nil
}

// IdentityOf gives all that is known of who a person is; false when nothing is,
// or the key was destroyed.
func (v *Vault) IdentityOf(ctx context.Context, person domain.PersonID) (commands.Identity, bool, error) {
	kek, _ := v.keys.present()
	var envelope, wrapped []byte
	err := v.pool.QueryRow(ctx, `select i.ciphertext, k.wrapped from vault.identity i
		join vault.person_key k on k.subject = i.subject and k.class = '`+Identity+`' where i.subject = $1`, person).Scan(&envelope, &wrapped)
	if errors.Is(err, pgx.ErrNoRows) || err == nil && wrapped == nil {
		return commands.Identity{}, false, nil
	}
	if err != nil {
		return commands.Identity{}, false, fmt.Errorf("read an identity: %w", unreachable(err))
	}
	who, err := readIdentity(kek, person, wrapped, envelope)
	return commands.Identity(who), err == nil, err
}

// blind is the entry of a NIP in the blind index; nil for no NIP.
func (v *Vault) blind(nip string) []byte {
	if nip == "" {
		return nil
	}
	mac := hmac.New(sha256.New, v.keys.nips)
	mac.Write([]byte(nip))
	return mac.Sum(nil)
}

func identityPlace(person domain.PersonID) place {
	return place{kindIdentity, "", keyName{person, Identity}}
}

// readIdentity decrypts an identity. The key is not kept: the name is (see names).
func readIdentity(kek KEK, person domain.PersonID, wrapped, envelope []byte) (identity, error) {
	key, err := unwrap(kek, keyName{person, Identity}, wrapped)
	if err != nil {
		return identity{}, err
	}
	record, err := unlock(key, identityPlace(person), envelope)
	if err != nil {
		return identity{}, fmt.Errorf("identity of person %s: %w", person, err)
	}
	var who identity
	if err := json.Unmarshal(record, &who); err != nil {
		return identity{}, fmt.Errorf("identity of person %s: %w: %w", person, ErrAltered, err)
	}
	return who, nil
}
