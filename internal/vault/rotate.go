package vault

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/jejak-kinerja/jejak/domain"
)

// rotationPage is how many keys are rewrapped with one statement.
const rotationPage = 1_000

// RotateKEK locks the vault with another KEK: every key is wrapped anew, in one
// transaction; texts are not touched. Write the new key file beside the old one
// first, rotate, then replace the old file: whichever moment the machine stops,
// one of the two files opens the vault. Other processes must be started again.
func (v *Vault) RotateKEK(ctx context.Context, to KEK) error {
	if to.aead == nil {
		return errors.New("rotate the vault's key: no new key")
	}
	from, _ := v.keys.present()
	err := pgx.BeginFunc(ctx, v.pool, func(tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, `update vault.wrapping_key set kek = $1, since = $2 where kek = $3`, to.id, v.clock(), from.id)
		if err != nil {
			return err
		}
		if tag.RowsAffected() != 1 {
			return fmt.Errorf("the vault is no longer locked with key %s", from.id)
		}
		own, err := to.aead.Encrypt(v.keys.nips, []byte(nipIndex))
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `update vault.own_key set wrapped = $1 where name = $2`, own, nipIndex); err != nil {
			return err
		}
		return rotateAll(ctx, tx, from, to)
	})
	if err != nil {
		return fmt.Errorf("rotate the vault's key: %w", unreachable(err))
	}
	v.keys.turn(to)
	return nil
}

func rotateAll(ctx context.Context, tx pgx.Tx, from, to KEK) error {
	last := keyName{}
	for {
		page, err := rotate(ctx, tx, from, to, last)
		if err != nil {
			return err
		}
		if len(page) < rotationPage {
			return nil
		}
		last = page[len(page)-1]
	}
}

// rotate rewraps the page of keys after one. A key that is destroyed meanwhile
// stays destroyed.
func rotate(ctx context.Context, tx pgx.Tx, from, to KEK, after keyName) ([]keyName, error) {
	rows, err := tx.Query(ctx, `select subject, class, wrapped from vault.person_key
		where wrapped is not null and (subject, class) > ($1, $2) order by subject, class limit $3`, after.subject, after.class, rotationPage)
	if err != nil {
		return nil, err
	}
	var page []keyName
	var subjects []domain.PersonID
	var classes []string
	var rewrapped [][]byte
	var name keyName
	var wrapped []byte
	_, err = pgx.ForEachRow(rows, []any{&name.subject, &name.class, &wrapped}, func() error {
		anew, err := rewrap(from, to, name, wrapped)
		page, rewrapped = append(page, name), append(rewrapped, anew)
		subjects, classes = append(subjects, name.subject), append(classes, name.class)
		return err
	})
	if err != nil {
		return nil, err
	}
	_, err = tx.Exec(ctx, `update vault.person_key k set wrapped = u.wrapped
		from unnest($1::text[], $2::text[], $3::bytea[]) as u(subject, class, wrapped)
		where k.subject = u.subject and k.class = u.class and k.wrapped is not null`, subjects, classes, rewrapped)
	return page, err
}
