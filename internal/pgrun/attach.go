package pgrun

import (
	"errors"
	"fmt"
	"net/url"
	"syscall"
)

// ErrNotRunning says that no program holds the state directory.
var ErrNotRunning = errors.New("no program holds the state directory")

// Attach gives the connection string of a database in the cluster that another
// program runs on a state directory, and ErrNotRunning when none does. It holds
// the password: never log it.
func Attach(dir, database string) (string, error) {
	l, err := newLayout(dir)
	if err != nil {
		return "", err
	}
	free, err := isFree(l)
	if err != nil {
		return "", err
	}
	if free {
		return "", ErrNotRunning
	}
	password, err := readPassword(l)
	if err != nil {
		return "", err
	}
	return connection(l, password, database), nil
}

// isFree says whether nobody holds the lock, without keeping it. It asks for a
// shared lock for an instant, at which a Start would be refused as in use.
func isFree(l layout) (bool, error) {
	fd, err := syscall.Open(l.lock(), syscall.O_RDWR|syscall.O_CLOEXEC, 0)
	if errors.Is(err, syscall.ENOENT) {
		return true, nil
	}
	if err != nil {
		return false, fmt.Errorf("look at the lock of the state directory: %w", err)
	}
	err = syscall.Flock(fd, syscall.LOCK_SH|syscall.LOCK_NB)
	if closing := syscall.Close(fd); closing != nil {
		return false, fmt.Errorf("look at the lock of the state directory: %w", closing)
	}
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return false, nil
	}
	return err == nil, err
}

// connection is the URL of a database for pgx, over the unix socket.
func connection(l layout, password, database string) string {
	u := url.URL{Scheme: "postgres", User: url.UserPassword(superuser, password), Path: "/" + database}
	// All four are named, so that no PGHOST or PGPORT of the environment steps in.
	u.RawQuery = url.Values{"host": {l.run()}, "port": {"5432"}, "sslmode": {"disable"}}.Encode()
	return u.String()
}
