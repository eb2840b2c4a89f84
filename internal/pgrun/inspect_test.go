package pgrun

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
)

func TestTheHolderIsFoundInTheKernelsListOfLocks(t *testing.T) {
	list := []byte("1: POSIX  ADVISORY  WRITE 11 08:01:5678 0 EOF\n2: FLOCK  ADVISORY  WRITE 22 08:01:5678 0 EOF\n" +
		"2: -> FLOCK  ADVISORY  WRITE 33 08:01:5678 0 EOF\n3: FLOCK  ADVISORY  WRITE 44 00:2b:9999 0 EOF\n")
	for _, c := range []struct {
		dev, ino uint64
		noted    int
		want     int
	}{
		{0x0801, 5678, 0, 22},
		{0x0802, 5678, 22, 22}, // another device, but the holder's own note
		{0x0802, 5678, 55, 0},
		{0x0801, 1, 22, 0},
		{0x002b, 9999, 0, 44},
	} {
		if got := lockedBy(list, c.dev, c.ino, c.noted); got != c.want {
			t.Errorf("%+v: %d", c, got)
		}
	}
}

func TestInspectingChangesNothingAndFindsWhoRuns(t *testing.T) {
	dir, err := os.MkdirTemp("", "pgrun-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(dir); err != nil {
			t.Error(err)
		}
	})
	if err := os.Chmod(dir, 0o711); err != nil {
		t.Fatal(err)
	}
	fresh := filepath.Join(dir, "fresh")
	if i, err := Inspect(fresh); err != nil || i.Cluster != 0 || i.Holder != 0 || i.Server != 0 || i.NoPrograms != nil || i.Version < 13 || i.Closed != nil {
		t.Errorf("a fresh machine: %+v, %v", i, err)
	}
	if _, err := os.Stat(fresh); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("it left something: %v", err)
	}
	if _, err := Inspect(filepath.Join(dir, strings.Repeat("x", 100))); err == nil {
		t.Error("a name too long for a socket was accepted")
	}
	server, err := Start(t.Context(), Options{Dir: dir, NoSync: true})
	if err != nil {
		t.Fatal(err)
	}
	i, err := Inspect(dir)
	if err != nil || i.Cluster != i.Version || i.Holder != os.Getpid() || i.Server != server.PID() || i.Closed != nil {
		t.Errorf("a running one: %+v, %v", i, err)
	}
	url, err := i.URL("postgres")
	if err != nil {
		t.Fatal(err)
	}
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(conn.Close(t.Context()), server.Stop(t.Context())); err != nil {
		t.Fatal(err)
	}
	if i, err := Inspect(dir); err != nil || i.Cluster == 0 || i.Holder != 0 || i.Server != 0 {
		t.Errorf("a stopped one: %+v, %v", i, err)
	}
}
