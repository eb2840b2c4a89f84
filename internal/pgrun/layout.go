package pgrun

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// maxSocketBytes bounds the socket's path. The kernel's limit is 107 bytes; we
// refuse earlier so that a name that works today still works with a longer
// lock or temporary suffix tomorrow.
const maxSocketBytes = 80

// socketName is fixed by PostgreSQL: the port, never opened, is part of it.
const socketName = ".s.PGSQL.5432"

// layout is the state directory's folder for the cluster.
type layout string

func (l layout) lock() string     { return filepath.Join(string(l), "lock") }
func (l layout) password() string { return filepath.Join(string(l), "password") }
func (l layout) data() string     { return filepath.Join(string(l), "data") }
func (l layout) run() string      { return filepath.Join(string(l), "run") }
func (l layout) log() string      { return filepath.Join(string(l), "log") }
func (l layout) startLog() string { return filepath.Join(string(l), "start.log") }
func (l layout) socket() string   { return filepath.Join(l.run(), socketName) }

// newLayout checks that a socket below dir can be named.
func newLayout(dir string) (layout, error) {
	if dir == "" {
		var err error
		if dir, err = DefaultDir(); err != nil {
			return "", err
		}
	}
	dir, err := filepath.Abs(dir)
	if err != nil {
		return "", fmt.Errorf("find the state directory: %w", err)
	}
	l := layout(filepath.Join(dir, "pg"))
	if n := len(l.socket()); n > maxSocketBytes {
		return "", fmt.Errorf("state directory %s is too long: the database socket %s takes %d bytes, %d are allowed; choose a shorter directory",
			dir, l.socket(), n, maxSocketBytes)
	}
	// Servers and clients read a comma as the start of a second host.
	if strings.Contains(dir, ",") {
		return "", fmt.Errorf("state directory %s has a comma in its name; choose another", dir)
	}
	return l, nil
}

// makeDirs makes what is missing. The folder itself stays ours and can only be
// passed through; what the server writes to is the server's alone.
func (l layout) makeDirs(o owner) error {
	if err := os.MkdirAll(string(l), o.passable()); err != nil {
		return fmt.Errorf("make the state directory: %w", err)
	}
	if err := o.reaches(string(l)); err != nil {
		return err
	}
	for _, dir := range []string{l.run(), l.log()} {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return fmt.Errorf("make the state directory: %w", err)
		}
		if err := o.own(dir); err != nil {
			return err
		}
	}
	return nil
}
