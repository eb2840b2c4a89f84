package vault

import (
	"errors"
	"sync"
	"testing"

	"github.com/jejak-kinerja/jejak/commands"
	"github.com/jejak-kinerja/jejak/domain"
)

func TestADestroyedKeyLeavesTheDigestAndTakesTheText(t *testing.T) {
	v := open(t)
	digest, other := seal(t, v.Vault, ani, "hilang"), seal(t, v.Vault, budi, "tetap")
	file, err := v.SealFile(t.Context(), ani, "text/plain", []byte("isi"))
	if err != nil {
		t.Fatal(err)
	}
	for range 2 { // twice is success
		if err := v.Destroy(t.Context(), ani, WorkOf(2026)); err != nil {
			t.Fatal(err)
		}
	}
	if got := reveal(t, v.Vault, digest); got != (Text{Gone: true}) {
		t.Errorf("the text is %+v", got)
	}
	if f, err := v.OpenFile(t.Context(), file.Digest); err != nil || !f.Gone || f.Content != nil {
		t.Errorf("the file is %+v, %v", f, err)
	}
	if got := reveal(t, v.Vault, other); got.Plain != "tetap" {
		t.Errorf("the other person's text is %+v", got)
	}
	var left int
	if err := v.pool.QueryRow(t.Context(), `select (select count(*) from vault.text where subject = $1 and ciphertext is not null)
		+ (select count(*) from vault.file where subject = $1 and ciphertext is not null)
		+ (select count(*) from vault.person_key where subject = $1 and wrapped is not null)`, ani).Scan(&left); err != nil || left != 0 {
		t.Errorf("%d secrets are left, %v", left, err)
	}
}

func TestNothingIsSealedUnderADestroyedKey(t *testing.T) {
	v := open(t)
	other := v.again(t, v.kek)
	seal(t, v.Vault, ani, "a")
	seal(t, other, ani, "b") // so that the other process holds the key too
	if err := v.Destroy(t.Context(), ani, WorkOf(2026)); err != nil {
		t.Fatal(err)
	}
	for name, vault := range map[string]*Vault{"here": v.Vault, "in a process that has the key in memory": other} {
		if _, err := vault.Seal(t.Context(), ani, "note", "c"); domain.SlugOf(err) != "key-destroyed" {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := vault.SealFile(t.Context(), ani, "text/plain", []byte("c")); domain.SlugOf(err) != "key-destroyed" {
			t.Errorf("%s, a file: %v", name, err)
		}
	}
}

func TestAKeyThatNeverWasCanBeDestroyed(t *testing.T) {
	v := open(t)
	if err := v.Destroy(t.Context(), ani, WorkOf(2026)); err != nil {
		t.Fatal(err)
	}
	if _, err := v.Seal(t.Context(), ani, "note", "c"); domain.SlugOf(err) != "key-destroyed" {
		t.Error(err)
	}
	if err := v.Destroy(t.Context(), "", Identity); domain.KindOf(err) != domain.Invalid {
		t.Error(err)
	}
}

func TestSealingWhileTheKeyIsDestroyedLeavesNoCiphertext(t *testing.T) {
	v := open(t)
	seal(t, v.Vault, ani, "a")
	var writers sync.WaitGroup
	for range 4 {
		writers.Go(func() {
			for {
				if _, err := v.Seal(t.Context(), ani, "note", "b"); err != nil {
					if domain.SlugOf(err) != "key-destroyed" {
						t.Error(err)
					}
					return
				}
			}
		})
	}
	if err := v.Destroy(t.Context(), ani, WorkOf(2026)); err != nil {
		t.Error(err)
	}
	writers.Wait()
	var left int
	if err := v.pool.QueryRow(t.Context(), `select count(*) from vault.text where ciphertext is not null`).Scan(&left); err != nil || left != 0 {
		t.Errorf("%d ciphertexts are left, %v", left, err)
	}
}

func TestADestroyedIdentityIsGoneFromEveryPlace(t *testing.T) {
	v := open(t)
	const nip = "199001012015011001"
	if err := v.Identify(t.Context(), ani, commands.Identity{Name: "Ani (rekaan)", NIP: nip}); err != nil {
		t.Fatal(err)
	}
	if _, err := v.Names(t.Context(), []domain.PersonID{ani}); err != nil { // fills the memory
		t.Fatal(err)
	}
	if err := v.Destroy(t.Context(), ani, Identity); err != nil {
		t.Fatal(err)
	}
	names, err := v.Names(t.Context(), []domain.PersonID{ani})
	if err != nil || names[ani] != (Name{Gone: true}) {
		t.Errorf("the name is %+v, %v", names, err)
	}
	if all, err := v.AllNames(t.Context()); err != nil || len(all) != 0 {
		t.Errorf("all names are %v, %v", all, err)
	}
	if _, found, err := v.FindByNIP(t.Context(), nip); found || err != nil {
		t.Errorf("found by NIP: %t, %v", found, err)
	}
	if _, ok, err := v.IdentityOf(t.Context(), ani); ok || err != nil {
		t.Errorf("identity: %t, %v", ok, err)
	}
	if err := v.Identify(t.Context(), ani, commands.Identity{Name: "Ani (rekaan)"}); domain.SlugOf(err) != "key-destroyed" {
		t.Errorf("identified again: %v", err)
	}
}

func TestAFileIsOpenedAndItsAlterationNoticed(t *testing.T) {
	v := open(t)
	content := []byte("%PDF isi berkas")
	e, err := v.SealFile(t.Context(), ani, "application/pdf", content)
	if err != nil || e.SizeBytes != int64(len(content)) || e.MediaType != "application/pdf" {
		t.Fatalf("%+v, %v", e, err)
	}
	f, err := v.OpenFile(t.Context(), e.Digest)
	if err != nil || string(f.Content) != string(content) || f.MediaType != "application/pdf" || f.Subject != ani || f.Gone {
		t.Errorf("%+v, %v", f, err)
	}
	v.exec(t, `update vault.file set media_type = 'text/html'`)
	if _, err := v.OpenFile(t.Context(), e.Digest); !errors.Is(err, ErrAltered) {
		t.Errorf("another media type: %v", err)
	}
	if _, err := v.OpenFile(t.Context(), "unknown"); !errors.Is(err, ErrLost) {
		t.Errorf("an unknown file: %v", err)
	}
	for _, size := range []int{0, MaxFileBytes + 1} {
		if _, err := v.SealFile(t.Context(), ani, "text/plain", make([]byte, size)); domain.SlugOf(err) != "file-size" {
			t.Errorf("%d bytes: %v", size, err)
		}
	}
	if _, err := v.SealFile(t.Context(), ani, "application/octet-stream", make([]byte, MaxFileBytes)); err != nil {
		t.Errorf("the largest file: %v", err)
	}
}
