package pgrun_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/jejak-kinerja/jejak/internal/pgrun"
)

func TestInspectingChangesNothingAndFindsWhoRuns(t *testing.T) {
	dir := shortDir(t)
	fresh := filepath.Join(dir, "fresh")
	if i, err := pgrun.Inspect(fresh); err != nil || i.Cluster != 0 || i.Holder != 0 || i.Server != 0 || i.NoPrograms != nil || i.Version < 13 || i.Closed != nil {
		t.Errorf("a fresh machine: %+v, %v", i, err)
	}
	if _, err := os.Stat(fresh); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("it left something: %v", err)
	}
	if _, err := pgrun.Inspect(filepath.Join(dir, strings.Repeat("x", 100))); err == nil {
		t.Error("a name too long for a socket was accepted")
	}
	server, err := pgrun.Start(t.Context(), pgrun.Options{Dir: dir, NoSync: true})
	if err != nil {
		t.Fatal(err)
	}
	i, err := pgrun.Inspect(dir)
	if err != nil || i.Cluster != i.Version || i.Holder != os.Getpid() || i.Server != server.PID() || i.Closed != nil {
		t.Errorf("a running one of process %d with the server %d: %+v, %v", os.Getpid(), server.PID(), i, err)
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
	if i, err := pgrun.Inspect(dir); err != nil || i.Cluster == 0 || i.Holder != 0 || i.Server != 0 {
		t.Errorf("a stopped one: %+v, %v", i, err)
	}
}
