package golden

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// maxPlainBytes is the length up to which bytes are compared as they are.
const maxPlainBytes = 2000

// ReadBytes reads bytes in their recorded form: "text:", "base64:" or "fill:N:c".
func ReadBytes(v string) ([]byte, error) {
	kind, body, ok := strings.Cut(v, ":")
	if !ok {
		return nil, fmt.Errorf("bytes %q without their kind", v)
	}
	switch kind {
	case "text":
		return []byte(body), nil
	case "base64":
		return base64.StdEncoding.DecodeString(body)
	case "fill":
		count, char, _ := strings.Cut(body, ":")
		n, err := strconv.Atoi(count)
		if err != nil || n < 0 || len(char) != 1 {
			return nil, fmt.Errorf("bytes %q cannot be made", v)
		}
		return []byte(strings.Repeat(char, n)), nil
	}
	return nil, fmt.Errorf("bytes of unknown kind %q", kind)
}

// WriteBytes puts bytes into the one form in which they are compared.
func WriteBytes(b []byte) string {
	switch {
	case len(b) > maxPlainBytes:
		sum := sha256.Sum256(b)
		return fmt.Sprintf("sha256:%d:%s", len(b), hex.EncodeToString(sum[:]))
	case utf8.Valid(b):
		return "text:" + strings.TrimPrefix(string(b), "\ufeff") // the recordings leave the mark out
	}
	return "base64:" + base64.StdEncoding.EncodeToString(b)
}

// oneForm is WriteBytes of what a recorded value stands for.
func oneForm(v string) (string, error) {
	if strings.HasPrefix(v, "sha256:") || strings.HasPrefix(v, "json:") {
		return v, nil
	}
	b, err := ReadBytes(v)
	return WriteBytes(b), err
}
