package vault

import (
	"fmt"
	"testing"

	"github.com/jejak-kinerja/jejak/commands"
	"github.com/jejak-kinerja/jejak/domain"
)

func TestAPersonIsNamedFoundAndRenamed(t *testing.T) {
	v := open(t)
	other := v.again(t, v.kek)
	who := commands.Identity{Name: "Ani (rekaan)", NIP: "199001012015011001", Email: "ani@contoh.invalid", Phone: "+62 0"}
	if err := v.Identify(t.Context(), ani, who); err != nil {
		t.Fatal(err)
	}
	people := []domain.PersonID{ani, budi}
	for name, vault := range map[string]*Vault{"here": v.Vault, "elsewhere": other} {
		names, err := vault.Names(t.Context(), people)
		if err != nil || len(names) != 1 || names[ani] != (Name{Full: who.Name, NIP: who.NIP}) {
			t.Errorf("%s: %+v, %v", name, names, err)
		}
	}
	if p, found, err := v.FindByNIP(t.Context(), who.NIP); p != ani || !found || err != nil {
		t.Errorf("found %q, %t, %v", p, found, err)
	}
	if got, ok, err := v.IdentityOf(t.Context(), ani); got != who || !ok || err != nil {
		t.Errorf("identity %+v, %t, %v", got, ok, err)
	}
	renamed := commands.Identity{Name: "Ani B. (rekaan)", NIP: "199001012015011002"}
	if err := v.Identify(t.Context(), ani, renamed); err != nil {
		t.Fatal(err)
	}
	if names, err := v.Names(t.Context(), people); err != nil || names[ani].Full != renamed.Name {
		t.Errorf("here: %+v, %v", names, err)
	}
	if _, found, err := v.FindByNIP(t.Context(), who.NIP); found || err != nil {
		t.Errorf("the old NIP: %t, %v", found, err)
	}
	v.watch.Turn(nameTTL)
	if names, err := other.Names(t.Context(), people); err != nil || names[ani].Full != renamed.Name {
		t.Errorf("elsewhere, after a while: %+v, %v", names, err)
	}
}

func TestANIPBelongsToOnePerson(t *testing.T) {
	v := open(t)
	who := commands.Identity{Name: "Ani (rekaan)", NIP: "199001012015011001"}
	if err := v.Identify(t.Context(), ani, who); err != nil {
		t.Fatal(err)
	}
	if err := v.Identify(t.Context(), budi, who); domain.SlugOf(err) != "nip-taken" {
		t.Error(err)
	}
	for _, bad := range []string{"1", "19900101201501100x", "１９９００１", "1990010120150110011"} {
		if err := v.Identify(t.Context(), budi, commands.Identity{Name: "Budi (rekaan)", NIP: bad}); domain.SlugOf(err) != "nip-malformed" {
			t.Errorf("%q: %v", bad, err)
		}
		if _, _, err := v.FindByNIP(t.Context(), bad); domain.SlugOf(err) != "nip-malformed" {
			t.Errorf("find %q: %v", bad, err)
		}
	}
	for _, p := range []domain.PersonID{budi, "p-3"} { // several may have none
		if err := v.Identify(t.Context(), p, commands.Identity{Name: "Tanpa NIP (rekaan)"}); err != nil {
			t.Error(err)
		}
	}
}

func TestAllNamesAreEverybody(t *testing.T) {
	v := open(t)
	if all, err := v.AllNames(t.Context()); err != nil || len(all) != 0 {
		t.Fatalf("%v, %v", all, err)
	}
	for n := range 5 {
		p := domain.PersonID(fmt.Sprint("p-", n))
		if err := v.Identify(t.Context(), p, commands.Identity{Name: fmt.Sprint("Orang ", n, " (rekaan)")}); err != nil {
			t.Fatal(err)
		}
	}
	for range 2 { // the second from memory
		all, err := v.AllNames(t.Context())
		if err != nil || len(all) != 5 || all["p-3"].Full != "Orang 3 (rekaan)" {
			t.Fatalf("%v, %v", all, err)
		}
		delete(all, "p-3") // the caller's own map
	}
}

func TestAMovedIdentityIsNoticed(t *testing.T) {
	v := open(t)
	for _, p := range []domain.PersonID{ani, budi} {
		if err := v.Identify(t.Context(), p, commands.Identity{Name: "Rekaan " + string(p)}); err != nil {
			t.Fatal(err)
		}
	}
	v.exec(t, `update vault.identity set ciphertext = (select ciphertext from vault.identity where subject = $2) where subject = $1`, ani, budi)
	names, err := v.Names(t.Context(), []domain.PersonID{ani, budi})
	if err == nil || len(names) != 1 || names[budi].Full == "" {
		t.Errorf("%v, %v", names, err)
	}
}
