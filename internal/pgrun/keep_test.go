package pgrun_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/jejak-kinerja/jejak/internal/pgrun"
)

// backWithin is generous: the server itself is back in 0.2 to 0.6 s.
const backWithin = 30 * time.Second

func keepUp(t *testing.T, dir string) *pgrun.Server {
	t.Helper()
	server, err := pgrun.Start(t.Context(), pgrun.Options{Dir: dir, KeepUp: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Stop(context.Background()) })
	return server
}

// count reads a table until the server answers.
func count(t *testing.T, server *pgrun.Server) (n int) {
	t.Helper()
	await(t, func(ctx context.Context) error {
		conn, err := pgx.Connect(ctx, server.URL("postgres"))
		if err != nil {
			return err
		}
		defer conn.Close(ctx)
		return conn.QueryRow(ctx, `select count(*) from kept`).Scan(&n)
	})
	return n
}

func TestAServerThatEndsByItselfIsBroughtBackUntilStop(t *testing.T) {
	server := keepUp(t, shortDir(t))
	ask[int](t, server, "CREATE TABLE kept AS SELECT generate_series(1, 1000) AS n")
	for _, signal := range []syscall.Signal{syscall.SIGKILL, syscall.SIGINT, syscall.SIGKILL} {
		before := server.PID()
		if err := syscall.Kill(before, signal); err != nil {
			t.Fatal(err)
		}
		awaitAnother(t, server, before)
		if n := count(t, server); n != 1000 {
			t.Errorf("%d rows of 1000 after %v", n, signal)
		}
		if err := server.Err(); err != nil {
			t.Errorf("Err while it is kept: %v", err)
		}
	}
	stop(t, server)
	if err := server.Err(); err != nil {
		t.Errorf("an asked end is an error: %v", err)
	}
	if err := syscall.Kill(server.PID(), 0); err != syscall.ESRCH {
		t.Errorf("after Stop a server is there: %v", err)
	}
}

// awaitAnother waits until another process than the one before serves.
func awaitAnother(t *testing.T, server *pgrun.Server, before int) {
	t.Helper()
	await(t, func(context.Context) error {
		if server.PID() == before {
			return fmt.Errorf("the server is still pid %d", before)
		}
		return nil
	})
}

// await asks again and again: nothing tells from outside when the server is back.
func await(t *testing.T, ask func(ctx context.Context) error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), backWithin)
	defer cancel()
	for err := ask(ctx); err != nil; err = ask(ctx) {
		select {
		case <-ctx.Done():
			t.Fatalf("not within %v: %v", backWithin, err)
		case <-time.After(5 * time.Millisecond):
		}
	}
}

// What keeps a server from starting may be mended hours later, and Stop must not
// wait for it.
func TestAServerThatDoesNotStartIsTriedAgainAndStopDoesNotWaitForIt(t *testing.T) {
	server := keepUp(t, shortDir(t))
	ask[int](t, server, "CREATE TABLE kept AS SELECT generate_series(1, 1000) AS n")
	control := filepath.Join(server.Dir(), "pg/data/global/pg_control")
	hide := func() {
		t.Helper()
		if err := os.Rename(control, control+".away"); err != nil {
			t.Fatal(err)
		}
		if err := syscall.Kill(server.PID(), syscall.SIGKILL); err != nil {
			t.Fatal(err)
		}
		awaitWords(t, server, "could not find the database system")
	}
	before := server.PID()
	hide()
	if err := os.Rename(control+".away", control); err != nil {
		t.Fatal(err)
	}
	awaitAnother(t, server, before)
	if n := count(t, server); n != 1000 {
		t.Errorf("%d rows of 1000", n)
	}
	hide()
	if err := server.Stop(t.Context()); err == nil {
		t.Error("Stop hid that the server had died")
	}
	select {
	case <-server.Done():
	default:
		t.Error("the server is still kept after Stop")
	}
}

// awaitWords waits until a failed start has said why.
func awaitWords(t *testing.T, server *pgrun.Server, want string) {
	t.Helper()
	await(t, func(context.Context) error {
		text, err := os.ReadFile(filepath.Join(server.Dir(), "pg/start.log"))
		if err == nil && !strings.Contains(string(text), want) {
			err = fmt.Errorf("the server said %q", text)
		}
		return err
	})
}
