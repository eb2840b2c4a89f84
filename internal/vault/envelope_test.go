package vault

import (
	"errors"
	"testing"
)

func FuzzUnlockRefusesWhatWasNotLocked(f *testing.F) {
	raw := make([]byte, kekBytes)
	kek, err := newKEK(raw)
	if err != nil {
		f.Fatal(err)
	}
	where := place{kindText, "digest", keyName{ani, "work-2026"}}
	good, err := lock(kek.aead, where, []byte(`["c2FsdA","note","teks"]`))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(good)
	f.Add([]byte{})
	f.Add([]byte{envelopeVersion})
	f.Add(good[:len(good)-1])
	f.Fuzz(func(t *testing.T, envelope []byte) {
		if record, err := unlock(kek.aead, where, envelope); err == nil && string(envelope) != string(good) {
			t.Errorf("%x unlocked to %q", envelope, record)
		} else if err != nil && !errors.Is(err, ErrAltered) {
			t.Errorf("the error is %v", err)
		}
	})
}

func FuzzReadDisclosureTakesOnlyWhatItsDigestBinds(f *testing.F) {
	f.Add([]byte(`["c2FsdA","note","teks"]`))
	f.Add([]byte(`["c2FsdA","note"]`))
	f.Add([]byte(`{}`))
	f.Fuzz(func(t *testing.T, record []byte) {
		digest := digestOf(record)
		if _, _, err := readDisclosure(record, digest); err != nil && !errors.Is(err, ErrAltered) {
			t.Errorf("the error is %v", err)
		}
		if _, _, err := readDisclosure(append(record, ' '), digest); !errors.Is(err, ErrAltered) {
			t.Errorf("another record was taken: %v", err)
		}
	})
}

func FuzzADisclosureGivesItsTextBack(f *testing.F) {
	f.Add("note", "Baik <sekali> \u2028 \"x\" \\ 😀")
	f.Fuzz(func(t *testing.T, field, text string) {
		if checkPlain(field, text) != nil {
			return
		}
		record, err := disclosure(newSalt(), field, text)
		if err != nil {
			t.Fatal(err)
		}
		f2, t2, err := readDisclosure(record, digestOf(record))
		if err != nil || f2 != field || t2 != text {
			t.Errorf("%q %q became %q %q, %v", field, text, f2, t2, err)
		}
	})
}
