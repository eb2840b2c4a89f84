package pgrun_test

import (
	"context"
	"errors"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/jejak-kinerja/jejak/internal/pgrun"
	"github.com/jejak-kinerja/jejak/internal/pgrun/pgtest"
)

func TestAnotherProgramReachesARunningCluster(t *testing.T) {
	server := pgtest.DurableServer(t)
	url, err := pgrun.Attach(server.Dir(), "postgres")
	if err != nil {
		t.Fatal(err)
	}
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	if err := conn.Close(context.Background()); err != nil {
		t.Fatal(err)
	}
	if err := server.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := pgrun.Attach(server.Dir(), "postgres"); !errors.Is(err, pgrun.ErrNotRunning) {
		t.Fatalf("attached to a stopped cluster: %v", err)
	}
}

func TestAnEmptyStateDirectoryHasNoRunningCluster(t *testing.T) {
	if _, err := pgrun.Attach("/tmp/jejak-no-such-place", "postgres"); !errors.Is(err, pgrun.ErrNotRunning) {
		t.Fatalf("want ErrNotRunning, got %v", err)
	}
}
