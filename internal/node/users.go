package node

import (
	"crypto/pbkdf2"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// User may call a node that serves over TLS.
type User struct {
	Name     string
	Password string   // as HashPassword made it, never in clear
	Groups   []string // "$admins" may do everything
}

const (
	passwordScheme     = "pbkdf2-sha256"
	passwordIterations = 600_000 // OWASP's figure for PBKDF2 with SHA-256
	maxIterations      = 10_000_000
	passwordSaltBytes  = 16
	passwordHashBytes  = 32
	maxPasswordBytes   = 1024

	groupAdmins = "$admins"
	groupOps    = "$ops"
)

// HashPassword makes the form in which a password is kept:
// "pbkdf2-sha256$iterations$salt$hash". It refuses an empty password and one of
// more than 1,024 bytes.
func HashPassword(password string) (string, error) {
	if password == "" || len(password) > maxPasswordBytes {
		return "", fmt.Errorf("a password has 1 to %d bytes", maxPasswordBytes)
	}
	salt := make([]byte, passwordSaltBytes)
	if _, err := rand.Read(salt); err != nil {
		return "", fmt.Errorf("hash a password: %w", err)
	}
	hash, err := pbkdf2.Key(sha256.New, password, salt, passwordIterations, passwordHashBytes)
	if err != nil {
		return "", fmt.Errorf("hash a password: %w", err)
	}
	text := base64.RawStdEncoding
	return fmt.Sprintf("%s$%d$%s$%s", passwordScheme, passwordIterations, text.EncodeToString(salt), text.EncodeToString(hash)), nil
}

// hashed is a kept password, read.
type hashed struct {
	iterations int
	salt, hash []byte
}

var errPasswordForm = errors.New("a kept password has the form " + passwordScheme + "$iterations$salt$hash")

// readHashed reads what HashPassword made.
func readHashed(kept string) (hashed, error) {
	parts := strings.Split(kept, "$")
	if len(parts) != 4 || parts[0] != passwordScheme {
		return hashed{}, errPasswordForm
	}
	iterations, err := strconv.Atoi(parts[1])
	if err != nil || iterations < 1 || iterations > maxIterations {
		return hashed{}, errPasswordForm
	}
	salt, err := base64.RawStdEncoding.DecodeString(parts[2])
	if err != nil || len(salt) == 0 {
		return hashed{}, errPasswordForm
	}
	hash, err := base64.RawStdEncoding.DecodeString(parts[3])
	if err != nil || len(hash) != passwordHashBytes {
		return hashed{}, errPasswordForm
	}
	return hashed{iterations, salt, hash}, nil
}

// matches tells whether password is the one that was hashed.
func (h hashed) matches(password string) bool {
	hash, err := pbkdf2.Key(sha256.New, password, h.salt, h.iterations, passwordHashBytes)
	return err == nil && subtle.ConstantTimeCompare(hash, h.hash) == 1
}
