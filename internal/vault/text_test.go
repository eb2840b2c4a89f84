package vault

import (
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"maps"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/jejak-kinerja/jejak/commands"
	"github.com/jejak-kinerja/jejak/domain"
)

// Invented people.
const (
	ani  domain.PersonID = "11111111-1111-4111-8111-111111111111"
	budi domain.PersonID = "22222222-2222-4222-8222-222222222222"
)

func seal(t *testing.T, v *Vault, subject domain.PersonID, text string) domain.Sealed {
	t.Helper()
	digest, err := v.Seal(t.Context(), subject, "note", text)
	if err != nil {
		t.Fatal(err)
	}
	return digest
}

func reveal(t *testing.T, v *Vault, digest domain.Sealed) Text {
	t.Helper()
	texts, err := v.Reveal(t.Context(), []domain.Sealed{digest})
	if err != nil {
		t.Fatal(err)
	}
	return texts[digest]
}

func TestASealedTextIsRevealed(t *testing.T) {
	v := open(t)
	text := "Bu Ani <hadir> & \"tepat waktu\"\n\tTitik dua: é 😀"
	digest := seal(t, v.Vault, ani, text)
	if len(digest) != 43 {
		t.Errorf("the digest %q has %d characters", digest, len(digest))
	}
	if got := reveal(t, v.Vault, digest); got != (Text{Plain: text}) {
		t.Errorf("revealed %+v", got)
	}
	if got := reveal(t, v.again(t, v.kek), digest); got.Plain != text {
		t.Errorf("another process reveals %+v", got)
	}
}

func TestEqualTextsHaveDifferentDigests(t *testing.T) {
	v := open(t)
	if a, b := seal(t, v.Vault, ani, "baik"), seal(t, v.Vault, ani, "baik"); a == b {
		t.Errorf("both are %s", a)
	}
}

func TestAnEmptyTextHasTheEmptyDigest(t *testing.T) {
	v := open(t)
	digests, err := v.SealMany(t.Context(), []Plain{{ani, "note", ""}, {ani, "note", "a"}, {budi, "note", ""}})
	if err != nil || len(digests) != 3 || !digests[0].Empty() || digests[1].Empty() || !digests[2].Empty() {
		t.Fatalf("%v, %v", digests, err)
	}
	texts, err := v.Reveal(t.Context(), []domain.Sealed{"", digests[1], digests[1]})
	if err != nil || len(texts) != 1 || texts[digests[1]].Plain != "a" {
		t.Errorf("%v, %v", texts, err)
	}
}

func TestTheDigestIsThatOfAnSDJWTDisclosure(t *testing.T) {
	// The example of the SD-JWT specification's section on disclosures, made canonical.
	record, err := disclosure([]byte("0123456789abcdef"), "note", "a/b<é")
	if err != nil {
		t.Fatal(err)
	}
	if want := `["MDEyMzQ1Njc4OWFiY2RlZg","note","a/b<é"]`; string(record) != want {
		t.Fatalf("the disclosure is %s, not %s", record, want)
	}
	sum := sha256.Sum256([]byte(base64.RawURLEncoding.EncodeToString(record)))
	if got, want := string(digestOf(record)), base64.RawURLEncoding.EncodeToString(sum[:]); got != want {
		t.Errorf("the digest is %s, not %s", got, want)
	}
}

func TestManyTextsKeepTheirOrder(t *testing.T) {
	v := open(t)
	texts := make([]Plain, MaxTexts+10)
	for n := range texts {
		texts[n] = Plain{domain.PersonID(fmt.Sprintf("p-%d", n%7)), "note", fmt.Sprint("teks ", n)}
	}
	digests, err := v.SealMany(t.Context(), texts)
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range [][2]int{{0, MaxTexts}, {MaxTexts, len(texts)}} {
		got, err := v.Reveal(t.Context(), digests[part[0]:part[1]])
		if err != nil {
			t.Fatal(err)
		}
		for n := part[0]; n < part[1]; n++ {
			if got[digests[n]].Plain != texts[n].Text {
				t.Fatalf("text %d is %q", n, got[digests[n]].Plain)
			}
		}
	}
}

func TestRefusedTexts(t *testing.T) {
	v := open(t)
	for name, p := range map[string]Plain{
		"text-not-utf8":          {ani, "note", "a\xff"},
		"text-too-long":          {ani, "note", strings.Repeat("a", domain.MaxTextRunes+1)},
		"text-control-character": {ani, "note", "a\x00"},
		"id-missing":             {"", "note", "a"},
	} {
		if _, err := v.SealMany(t.Context(), []Plain{p}); domain.SlugOf(err) != name {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := v.Reveal(t.Context(), make([]domain.Sealed, 1)); err != nil {
		t.Error(err)
	}
	many := strings.Split(strings.Repeat("x,", MaxTexts)+"x", ",")
	digests := make([]domain.Sealed, len(many))
	for n, d := range many {
		digests[n] = domain.Sealed(d)
	}
	if _, err := v.Reveal(t.Context(), digests); domain.SlugOf(err) != "too-many-texts" {
		t.Error(err)
	}
}

func TestAnUnknownDigestIsAnErrorAndTheOthersAreGiven(t *testing.T) {
	v := open(t)
	digest := seal(t, v.Vault, ani, "ada")
	texts, err := v.Reveal(t.Context(), []domain.Sealed{digest, "unknown"})
	if !errors.Is(err, ErrLost) || !strings.Contains(err.Error(), "unknown") {
		t.Errorf("the error is %v", err)
	}
	if texts[digest].Plain != "ada" {
		t.Errorf("the other text is %+v", texts[digest])
	}
}

func TestAFlippedBitOrAMovedCiphertextIsNoticed(t *testing.T) {
	for name, tamper := range map[string]func(bench, domain.Sealed, domain.Sealed){
		"flipped bit": func(v bench, a, _ domain.Sealed) {
			v.exec(t, `update vault.text set ciphertext = set_byte(ciphertext, 20, get_byte(ciphertext, 20) # 1) where digest = $1`, a)
		},
		"other version": func(v bench, a, _ domain.Sealed) {
			v.exec(t, `update vault.text set ciphertext = set_byte(ciphertext, 0, 9) where digest = $1`, a)
		},
		"empty": func(v bench, a, _ domain.Sealed) {
			v.exec(t, `update vault.text set ciphertext = '' where digest = $1`, a)
		},
		"moved to another digest": func(v bench, a, b domain.Sealed) {
			v.exec(t, `update vault.text set ciphertext = (select ciphertext from vault.text where digest = $2) where digest = $1`, a, b)
		},
		"given to another person": func(v bench, a, _ domain.Sealed) {
			v.exec(t, `update vault.text set subject = $2 where digest = $1`, a, budi)
		},
	} {
		t.Run(name, func(t *testing.T) {
			v := open(t)
			a, b := seal(t, v.Vault, ani, "satu"), seal(t, v.Vault, ani, "dua")
			seal(t, v.Vault, budi, "tiga") // so that there is a key
			tamper(v, a, b)
			texts, err := v.Reveal(t.Context(), []domain.Sealed{a, b})
			if !errors.Is(err, ErrAltered) || !strings.Contains(err.Error(), string(a)) {
				t.Errorf("the error is %v", err)
			}
			if _, ok := texts[a]; ok || texts[b].Plain != "dua" {
				t.Errorf("revealed %+v", texts)
			}
		})
	}
}

func TestNoPlaintextLiesInTheDatabase(t *testing.T) {
	v := open(t)
	const secret, nip = "Rahasia-Sekali", "199001012015011001"
	seal(t, v.Vault, ani, secret)
	if _, err := v.SealFile(t.Context(), ani, "text/plain", []byte(secret)); err != nil {
		t.Fatal(err)
	}
	if err := v.Identify(t.Context(), ani, commands.Identity{Name: secret, NIP: nip, Email: secret, Phone: secret}); err != nil {
		t.Fatal(err)
	}
	rows, err := v.pool.Query(t.Context(), `select table_name from information_schema.tables where table_schema = 'vault'`)
	if err != nil {
		t.Fatal(err)
	}
	tables, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil || len(tables) < 6 {
		t.Fatalf("tables %v, %v", tables, err)
	}
	for _, table := range tables {
		// A row as text shows bytea in hexadecimal, so look for that too.
		var found int
		err := v.pool.QueryRow(t.Context(), `select count(*) from vault.`+table+` r where r::text like any($1)`, []string{
			"%" + secret + "%", fmt.Sprintf("%%%x%%", secret), "%" + nip + "%", fmt.Sprintf("%%%x%%", nip)}).Scan(&found)
		if err != nil || found != 0 {
			t.Errorf("%s: %d rows tell the secret, %v", table, found, err)
		}
	}
}

func TestManyWritersMakeOneKey(t *testing.T) {
	v := open(t)
	other := v.again(t, v.kek)
	var writers sync.WaitGroup
	digests := make([]domain.Sealed, 16)
	for n := range digests {
		writers.Go(func() {
			vault := []*Vault{v.Vault, other}[n%2]
			digests[n], _ = vault.Seal(t.Context(), ani, "note", fmt.Sprint("teks ", n)) // checked below
		})
	}
	writers.Wait()
	third := v.again(t, v.kek)
	for n, d := range digests {
		if got := reveal(t, third, d); got.Plain != fmt.Sprint("teks ", n) {
			t.Errorf("text %d is %+v", n, got)
		}
	}
}

func TestATextBelongsToTheYearInWhichItWasSealed(t *testing.T) {
	v := open(t)
	digest := seal(t, v.Vault, ani, "tahun ini")
	v.watch.Turn(365 * 24 * 60 * 60 * 1e9)
	next := seal(t, v.Vault, ani, "tahun depan")
	if err := v.Destroy(t.Context(), ani, WorkOf(2026)); err != nil {
		t.Fatal(err)
	}
	if got := reveal(t, v.Vault, digest); !got.Gone {
		t.Errorf("this year's text is %+v", got)
	}
	if got := reveal(t, v.Vault, next); got.Plain != "tahun depan" {
		t.Errorf("next year's text is %+v", got)
	}
}

func TestALostTextDoesNotTakeTheOthersWithIt(t *testing.T) {
	v := open(t)
	digest := seal(t, v.Vault, ani, "ada")
	asked := []domain.Sealed{digest, "unknown", ""}
	texts, err := v.Reveal(t.Context(), asked)
	texts, faults, err := GiveRest(asked, texts, err)
	if err != nil || !errors.Is(faults, ErrLost) {
		t.Errorf("faults %v, error %v", faults, err)
	}
	if want := map[domain.Sealed]Text{digest: {Plain: "ada"}, "unknown": {Lost: true}}; !maps.Equal(texts, want) {
		t.Errorf("the texts are %+v", texts)
	}
	away := errors.New("the database is away")
	if _, faults, err := GiveRest(asked, nil, away); faults != nil || !errors.Is(err, away) {
		t.Errorf("with the database away: faults %v, error %v", faults, err)
	}
}
