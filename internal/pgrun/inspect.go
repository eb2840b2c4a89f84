package pgrun

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// Inspection is what can be seen of a state directory from outside.
type Inspection struct {
	// Cluster is the major version of the cluster; 0 when none was made yet.
	Cluster int
	// BinDir and Version are the server programs that would run it; NoPrograms says
	// why there are none.
	BinDir     string
	Version    int
	NoPrograms error
	// Closed says why the server's account could not work in the directory.
	Closed error
	// Holder is the program that holds the directory, and Server the database
	// server that works in it; 0 when there is none.
	Holder int
	Server int

	layout layout
}

// Inspect looks at a state directory, which may be missing. It changes nothing,
// takes no lock, and starts nothing but "postgres --version". Its error is one of
// the directory's name: too long for a socket, or with a comma.
func Inspect(dir string) (Inspection, error) {
	l, err := newLayout(dir)
	if err != nil {
		return Inspection{}, err
	}
	i := Inspection{layout: l}
	if i.Cluster, err = clusterVersion(l.data()); err != nil {
		i.Closed = err
	}
	if i.BinDir, i.NoPrograms = choosePrograms("", i.Cluster); i.NoPrograms == nil {
		i.Version, i.NoPrograms = programVersion(i.BinDir)
	}
	if i.Closed == nil {
		i.Closed = enterable(l)
	}
	if i.Holder, err = holder(l); err != nil {
		i.Closed = errors.Join(i.Closed, err)
	}
	if i.Server, err = serverIn(l.data()); err != nil && !errors.Is(err, fs.ErrNotExist) {
		i.Closed = errors.Join(i.Closed, err)
	}
	return i, nil
}

// URL is the connection string of a database in the cluster that runs. It holds
// the password: never log it.
func (i Inspection) URL(database string) (string, error) {
	password, err := readPassword(i.layout)
	if err != nil {
		return "", err
	}
	return connection(i.layout, password, database), nil
}

// PasswordFile is where the cluster's password lies, and must be nobody else's.
func (i Inspection) PasswordFile() string { return i.layout.password() }

// enterable says whether the server's account can walk to what is there of the
// directory.
func enterable(l layout) error {
	o, err := clusterOwner(l.data())
	if err != nil {
		return err
	}
	for at := string(l); ; at = filepath.Dir(at) {
		if _, err := os.Stat(at); err == nil || at == filepath.Dir(at) {
			return o.reaches(at)
		}
	}
}

// holder finds who holds the lock, by the kernel's list of locks: asking for the
// lock itself, even for an instant, could refuse somebody who starts just then.
func holder(l layout) (pid int, err error) {
	about, err := os.Stat(l.lock())
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("look at the lock of the state directory: %w", err)
	}
	list, err := os.ReadFile("/proc/locks")
	if err != nil {
		return 0, fmt.Errorf("look at the locks of this machine: %w", err)
	}
	noted := 0
	if text, err := os.ReadFile(l.lock()); err == nil {
		noted, _ = strconv.Atoi(strings.TrimSpace(string(text))) // 0 when it says nothing
	}
	stat := about.Sys().(*syscall.Stat_t)
	return lockedBy(list, stat.Dev, stat.Ino, noted), nil
}

// lockedBy reads lines like "1: FLOCK  ADVISORY  WRITE 1234 08:01:5678 0 EOF". Some
// file systems show another device there than to stat; then the pid that the
// holder noted decides.
func lockedBy(list []byte, dev, ino uint64, noted int) (pid int) {
	device := fmt.Sprintf("%02x:%02x", dev>>8&0xfff|dev>>32&^0xfff, dev&0xff|dev>>12&^0xff)
	for lines := bufio.NewScanner(bytes.NewReader(list)); lines.Scan(); {
		fields := strings.Fields(lines.Text())
		if len(fields) < 6 || fields[1] != "FLOCK" {
			continue
		}
		pid, err := strconv.Atoi(fields[4])
		at, inode, found := cutLast(fields[5], ":")
		if err == nil && found && inode == strconv.FormatUint(ino, 10) && (at == device || pid == noted) {
			return pid
		}
	}
	return 0
}

func cutLast(s, sep string) (before, after string, found bool) {
	i := strings.LastIndex(s, sep)
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+len(sep):], true
}
