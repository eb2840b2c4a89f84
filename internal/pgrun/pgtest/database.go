package pgtest

import (
	"context"
	"crypto/rand"
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/jejak-kinerja/jejak/internal/pgrun"
)

// busyPause lies between two tries at a template that is being copied.
const busyPause = 20 * time.Millisecond

// URL is the connection string of a fresh, empty database, dropped when the test
// ends, with whoever is still connected. The test fails when there is no server.
func URL(t testing.TB) string {
	t.Helper()
	server, err := sharedServer()
	if err != nil {
		t.Fatalf("pgtest: %v", err)
	}
	name := "t_" + strings.ToLower(rand.Text())
	if err := administer(server, "CREATE DATABASE "+name+" TEMPLATE template0"); err != nil {
		t.Fatalf("pgtest: create a database: %v", err)
	}
	t.Cleanup(func() {
		if err := administer(server, "DROP DATABASE "+name+" WITH (FORCE)"); err != nil {
			t.Errorf("pgtest: drop the database: %v", err)
		}
	})
	return server.URL(name)
}

// DurableServer is a cluster of the test's own that keeps its promises over a
// crash (fsync is on). The test may kill it, and start another on its Dir.
func DurableServer(t testing.TB) *pgrun.Server {
	t.Helper()
	server, err := start(false)
	if err != nil {
		t.Fatalf("pgtest: %v", err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		select {
		case <-server.Done(): // killed by the test, which knows
			_ = server.Stop(ctx) // its error is that kill
		default:
			if err := server.Stop(ctx); err != nil {
				t.Errorf("pgtest: %v", err)
			}
		}
		if err := os.RemoveAll(server.Dir()); err != nil {
			t.Errorf("pgtest: %v", err)
		}
	})
	return server
}

// administer runs one statement outside any test's database. It tries again
// while another test copies the same template.
func administer(server *pgrun.Server, statement string) (err error) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	conn, err := pgx.Connect(ctx, server.URL("postgres"))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, conn.Close(ctx)) }()
	tick := time.NewTicker(busyPause)
	defer tick.Stop()
	for {
		_, err := conn.Exec(ctx, statement)
		const objectInUse = "55006" // "being accessed by other users"
		if answer, ok := errors.AsType[*pgconn.PgError](err); !ok || answer.Code != objectInUse {
			return err
		}
		select {
		case <-ctx.Done():
			return err
		case <-tick.C:
		}
	}
}
