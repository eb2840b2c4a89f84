package vault

import (
	"errors"
	"io/fs"
	"os"
	"strings"
	"testing"

	"github.com/jejak-kinerja/jejak/commands"
	"github.com/jejak-kinerja/jejak/domain"
)

func TestAKeyFileIsMadeOnceAndReadBack(t *testing.T) {
	path := t.TempDir() + "/kek"
	if _, err := LoadKEK(path); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("no file: %v", err)
	}
	made, err := CreateKEK(path)
	if err != nil {
		t.Fatal(err)
	}
	loaded, err := LoadKEK(path)
	if err != nil || loaded.ID() != made.ID() || len(made.ID()) != 16 {
		t.Errorf("made %q, loaded %q, %v", made.ID(), loaded.ID(), err)
	}
	if _, err := CreateKEK(path); !errors.Is(err, fs.ErrExist) {
		t.Errorf("made over another: %v", err)
	}
	about, err := os.Stat(path)
	if err != nil || about.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", about.Mode(), err)
	}
}

func TestAKeyFileThatOthersCanReadIsRefused(t *testing.T) {
	path := t.TempDir() + "/kek"
	if _, err := CreateKEK(path); err != nil {
		t.Fatal(err)
	}
	for _, mode := range []fs.FileMode{0o640, 0o604, 0o620, 0o610} {
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
		if _, err := LoadKEK(path); err == nil || !strings.Contains(err.Error(), "0600") {
			t.Errorf("mode %o: %v", mode, err)
		}
	}
}

func TestAFileThatIsNoKeyIsRefused(t *testing.T) {
	for _, content := range []string{"x", kekPrefix, kekPrefix + "AAAA", strings.Repeat("A", 1000)} {
		path := t.TempDir() + "/kek"
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := LoadKEK(path); err == nil {
			t.Errorf("%.20q was taken", content)
		}
	}
}

func TestTheWrongKeyIsRefusedInPlainWords(t *testing.T) {
	v := open(t)
	wrong, err := CreateKEK(t.TempDir() + "/kek")
	if err != nil {
		t.Fatal(err)
	}
	_, err = Open(t.Context(), Options{URL: v.url, KEK: wrong, Clock: v.watch.Now})
	if err == nil || !strings.Contains(err.Error(), wrong.ID()) || !strings.Contains(err.Error(), v.kek.ID()) || !strings.Contains(err.Error(), "right key file") {
		t.Errorf("the error is %v", err)
	}
	if _, err := Open(t.Context(), Options{URL: v.url, Clock: v.watch.Now}); err == nil {
		t.Error("no key was taken")
	}
}

func TestARotatedVaultOpensWithTheNewKeyOnly(t *testing.T) {
	v := open(t)
	const nip = "199001012015011001"
	digest, gone := seal(t, v.Vault, ani, "tetap"), seal(t, v.Vault, budi, "hilang")
	if err := v.Identify(t.Context(), ani, commands.Identity{Name: "Ani (rekaan)", NIP: nip}); err != nil {
		t.Fatal(err)
	}
	if err := v.Destroy(t.Context(), budi, WorkOf(2026)); err != nil {
		t.Fatal(err)
	}
	left := v.again(t, v.kek) // a process that nobody told
	next, err := CreateKEK(t.TempDir() + "/kek")
	if err != nil {
		t.Fatal(err)
	}
	if err := v.RotateKEK(t.Context(), next); err != nil {
		t.Fatal(err)
	}
	for name, vault := range map[string]*Vault{"here": v.Vault, "opened anew": v.again(t, next)} {
		if got := reveal(t, vault, digest); got.Plain != "tetap" {
			t.Errorf("%s: %+v", name, got)
		}
		if got := reveal(t, vault, gone); !got.Gone {
			t.Errorf("%s: the destroyed text is %+v", name, got)
		}
		if p, found, err := vault.FindByNIP(t.Context(), nip); p != ani || !found || err != nil {
			t.Errorf("%s: found %q, %t, %v", name, p, found, err)
		}
		seal(t, vault, ani, "baru")
		seal(t, vault, domain.PersonID("baru-"+strings.ReplaceAll(name, " ", "-")), "baru")
	}
	if _, err := Open(t.Context(), Options{URL: v.url, KEK: v.kek, Clock: v.watch.Now}); err == nil {
		t.Error("the old key still opens the vault")
	}
	if _, err := left.Seal(t.Context(), "p-neu", "note", "x"); err == nil || !strings.Contains(err.Error(), "no longer locked") {
		t.Errorf("a process with the old key made a new one: %v", err)
	}
	if err := left.RotateKEK(t.Context(), v.kek); err == nil {
		t.Error("a process with the old key rotated")
	}
}
