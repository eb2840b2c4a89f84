package vault

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/tink-crypto/tink-go/v2/tink"

	"github.com/jejak-kinerja/jejak/domain"
)

// Keys are made only under the KEK that the vault is locked with: the shared lock
// makes a key either precede a rotation, and be rewrapped by it, or not be made.
const makeKeys = `
	insert into vault.person_key (subject, class, wrapped, made)
	select u.subject, $2, u.wrapped, $4
	from (select 1 from vault.wrapping_key where kek = $5 for share) locked,
	     unnest($1::text[], $3::bytea[]) as u(subject, wrapped)
	on conflict do nothing`

const readKeys = `select subject, wrapped from vault.person_key where class = $2 and subject = any($1)`

// openKeys gives the keys of one class of persons, made where there were none.
// Known keys cost nothing, others one round trip in all. Refused with slug
// "key-destroyed" when one of them was destroyed.
func (v *Vault) openKeys(ctx context.Context, class string, subjects ...domain.PersonID) (map[domain.PersonID]tink.AEAD, error) {
	kek, epoch := v.keys.present()
	keys := make(map[domain.PersonID]tink.AEAD, len(subjects))
	var missing []string
	var wrapped [][]byte
	for _, s := range subjects {
		if _, seen := keys[s]; seen {
			continue
		}
		name := keyName{s, class}
		key, ok := v.keys.cached(name)
		if keys[s] = key; ok {
			continue
		}
		fresh, err := newKey(kek, name)
		if err != nil {
			return nil, err
		}
		missing, wrapped = append(missing, string(s)), append(wrapped, fresh)
	}
	if len(missing) == 0 {
		return keys, nil
	}
	var batch pgx.Batch
	batch.Queue(makeKeys, missing, class, wrapped, v.clock(), kek.id)
	batch.Queue(readKeys, missing, class).Query(func(rows pgx.Rows) error {
		var subject domain.PersonID
		var held []byte
		_, err := pgx.ForEachRow(rows, []any{&subject, &held}, func() error {
			if held == nil {
				return errDestroyed(class)
			}
			key, err := v.keys.unlock(keyName{subject, class}, held, kek, epoch)
			keys[subject] = key
			return err
		})
		return err
	})
	if err := v.pool.SendBatch(ctx, &batch).Close(); err != nil {
		return nil, fmt.Errorf("open keys of class %s: %w", class, unreachable(err))
	}
	for _, key := range keys {
		if key == nil {
			return nil, fmt.Errorf("no key of class %s could be made: the vault is no longer locked with key %s", class, kek.id)
		}
	}
	return keys, nil
}

const destroyKey = `
	insert into vault.person_key as k (subject, class, made, destroyed) values ($1, $2, $3, $3)
	on conflict (subject, class) do update set wrapped = null, destroyed = coalesce(k.destroyed, excluded.destroyed)`

// Destroy makes everything of one person and record class unreadable for ever:
// the key, the ciphertexts, and for the class Identity also the way from NIP to
// person. The digests stay, and tell from now on that the text is gone. Nothing
// can be sealed under that class again. Destroying twice is success.
func (v *Vault) Destroy(ctx context.Context, person domain.PersonID, class string) error {
	if err := domain.CheckID("person", string(person)); err != nil {
		return err
	}
	if err := domain.CheckID("class", class); err != nil {
		return err
	}
	err := pgx.BeginFunc(ctx, v.pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, destroyKey, person, class, v.clock()); err != nil {
			return err
		}
		for _, table := range []string{"text", "file"} {
			if _, err := tx.Exec(ctx, `update vault.`+table+` set ciphertext = null where subject = $1 and class = $2`, person, class); err != nil {
				return err
			}
		}
		if class != Identity {
			return nil
		}
		_, err := tx.Exec(ctx, `delete from vault.identity where subject = $1`, person)
		return err
	})
	// Also when the outcome is unknown: forgetting too much does no harm.
	v.keys.forget(keyName{person, class})
	if class == Identity {
		v.names.forget(person)
	}
	if err != nil {
		return fmt.Errorf("destroy the key of class %s of person %s: %w", class, person, unreachable(err))
	}
	return nil
}
