package domain

import "unicode/utf8"

// Sealed stands in a fact for a text that may speak about a person: the salted
// SHA-256 digest that binds the text, base64url without padding, 43 characters.
// The text itself lies in the vault, under the key of the person it is about;
// when that key is destroyed the fact stays whole and readable, the text is gone.
// Istilah: teks tersegel.
type Sealed string

// Empty says that nothing was written.
func (s Sealed) Empty() bool { return s == "" }

// MaxTextRunes is the longest personal text we take: two pages.
const MaxTextRunes = 4000

// CheckText refuses a text before it is sealed: empty, too long, or not plain
// text (invalid UTF-8, control characters other than tab and line ends).
func CheckText(field, text string) error {
	if text == "" {
		return Bad(field, "text-missing", "%s must not be empty", field)
	}
	return CheckOptionalText(field, text)
}

// CheckOptionalText is CheckText for a text that may be left out.
func CheckOptionalText(field, text string) error {
	if !utf8.ValidString(text) {
		return Bad(field, "text-not-utf8", "%s must be valid UTF-8", field)
	}
	if utf8.RuneCountInString(text) > MaxTextRunes {
		return Bad(field, "text-too-long", "%s may have at most %d characters", field, MaxTextRunes)
	}
	for _, r := range text {
		if r < ' ' && r != '\n' && r != '\t' && r != '\r' || r == 0x7f {
			return Bad(field, "text-control-character", "%s must not hold control characters", field)
		}
	}
	return nil
}

// MaxWordingRunes is the longest official wording (a title, a result, an indicator).
const MaxWordingRunes = 500

// CheckWording refuses an official wording, which is stored in clear and must
// not speak about a person: one line, not empty, at most MaxWordingRunes.
func CheckWording(field, wording string) error {
	if err := CheckText(field, wording); err != nil {
		return err
	}
	if utf8.RuneCountInString(wording) > MaxWordingRunes {
		return Bad(field, "wording-too-long", "%s may have at most %d characters", field, MaxWordingRunes)
	}
	for _, r := range wording {
		if r == '\n' || r == '\r' {
			return Bad(field, "wording-many-lines", "%s must be one line", field)
		}
	}
	return nil
}

// Evidence points to a file that supports a report. Digest binds its content
// with a salt, as in Sealed; the file lies in the vault. Istilah: bukti dukung.
type Evidence struct {
	Digest    Sealed `json:"digest"`
	MediaType string `json:"media_type"`
	SizeBytes int64  `json:"size_bytes"`
}
