package domain_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/jejak-kinerja/jejak/domain"
)

func TestAnIDIsSafeInTheNameOfAStream(t *testing.T) {
	for _, id := range []string{"a", "dinas-pariwisata", "11.72.01", "0b6a1c52-6a3d-5f0e-9d41-2f1f8f0c1a01", strings.Repeat("x", domain.MaxIDBytes)} {
		if err := domain.CheckID("unit", id); err != nil {
			t.Errorf("%s: %v", id, err)
		}
	}
	for id, slug := range map[string]string{
		"": "id-missing", "A": "id-malformed", "a b": "id-malformed", "a/b": "id-malformed", "$all": "id-malformed", "é": "id-malformed",
		strings.Repeat("x", domain.MaxIDBytes+1): "id-too-long",
	} {
		if err := domain.CheckID("unit", id); domain.SlugOf(err) != slug {
			t.Errorf("%q: %v, want %s", id, err, slug)
		}
	}
}

func TestAnIdempotencyKeyIsVisibleASCII(t *testing.T) {
	for _, key := range []domain.CommandID{"12345678", domain.CommandID(strings.Repeat("~", 200)), "a!b#c$d%"} {
		if err := domain.CheckCommandID(key); err != nil {
			t.Errorf("%s: %v", key, err)
		}
	}
	for key, slug := range map[domain.CommandID]string{
		"": "idempotency-key-length", "1234567": "idempotency-key-length", domain.CommandID(strings.Repeat("x", 201)): "idempotency-key-length",
		"1234 5678": "idempotency-key-malformed", "1234\n5678": "idempotency-key-malformed", "kunci-é-1": "idempotency-key-malformed",
	} {
		if err := domain.CheckCommandID(key); domain.SlugOf(err) != slug {
			t.Errorf("%q: %v, want %s", key, err, slug)
		}
	}
}

func TestATextIsPlainAndNotTooLong(t *testing.T) {
	for text, slug := range map[string]string{
		"":                                "text-missing",
		"baik\nsekali\tini\r\n":           "",
		strings.Repeat("é", 4000):         "",
		strings.Repeat("é", 4001):         "text-too-long",
		"bel\a":                           "text-control-character",
		"hapus\x7f":                       "text-control-character",
		"\xff\xfe":                        "text-not-utf8",
		"Terima kasih, Ibu! 👍 100% <b>ok": "",
	} {
		if err := domain.CheckText("text", text); domain.SlugOf(err) != slug {
			t.Errorf("%.20q: %v, want %q", text, err, slug)
		}
	}
	if err := domain.CheckOptionalText("note", ""); err != nil {
		t.Errorf("an optional text left out: %v", err)
	}
}

func TestAWordingIsOneLine(t *testing.T) {
	for wording, slug := range map[string]string{
		"Meningkatnya kunjungan": "", "": "text-missing", "satu\ndua": "wording-many-lines", "satu\rdua": "wording-many-lines",
		strings.Repeat("x", domain.MaxWordingRunes): "", strings.Repeat("x", domain.MaxWordingRunes+1): "wording-too-long",
	} {
		if err := domain.CheckWording("name", wording); domain.SlugOf(err) != slug {
			t.Errorf("%.20q: %v, want %q", wording, err, slug)
		}
	}
}

func TestADecimalStaysExactInEveryReader(t *testing.T) {
	for _, d := range []domain.Decimal{0, domain.Whole(254048), domain.MaxDecimal, -domain.MaxDecimal} {
		if err := domain.CheckDecimal("value", d); err != nil || domain.Decimal(float64(d)) != d {
			t.Errorf("%d: %v", d, err)
		}
	}
	for _, d := range []domain.Decimal{domain.MaxDecimal + 1, -domain.MaxDecimal - 1} {
		if err := domain.CheckDecimal("value", d); domain.SlugOf(err) != "number-too-large" {
			t.Errorf("%d: %v", d, err)
		}
	}
}

func TestAWrappedRefusalKeepsItsKindAndSlug(t *testing.T) {
	for kind, err := range map[domain.Kind]*domain.Error{
		domain.Refused: domain.Refuse("slug", "of %d", 1), domain.Invalid: domain.Bad("field", "slug", "x"),
		domain.Forbidden: domain.Forbid("slug", "x"), domain.NotFound: domain.Missing("slug", "x"),
	} {
		wrapped := fmt.Errorf("append plan: %w", fmt.Errorf("again: %w", err))
		if domain.KindOf(wrapped) != kind || domain.SlugOf(wrapped) != "slug" {
			t.Errorf("%v is %d %q", wrapped, domain.KindOf(wrapped), domain.SlugOf(wrapped))
		}
	}
	if other := errors.New("disk"); domain.KindOf(other) != 0 || domain.SlugOf(other) != "" || domain.KindOf(nil) != 0 {
		t.Error("what is no refusal has a kind")
	}
}

func TestEveryKindIsListedOnce(t *testing.T) {
	seen := map[domain.Kind]bool{}
	for _, k := range domain.Kinds {
		if k == 0 || seen[k] {
			t.Errorf("kind %d", k)
		}
		seen[k] = true
	}
	if len(seen) != int(domain.Unavailable) {
		t.Errorf("%d kinds are listed, the last is %d", len(seen), domain.Unavailable)
	}
}
