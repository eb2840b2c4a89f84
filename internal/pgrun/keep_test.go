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
	ctx, cancel := context.WithTimeout(t.Context(), backWithin)
	defer cancel()
	for {
		err := func() error {
			conn, err := pgx.Connect(ctx, server.URL("postgres"))
			if err != nil {
				return err
			}
			defer conn.Close(ctx)
			return conn.QueryRow(ctx, `select count(*) from kept`).Scan(&n)
		}()
		if err == nil {
			return n
		}
		select {
		case <-ctx.Done():
			t.Fatalf("not back: %v", err)
		case <-time.After(10 * time.Millisecond):
		}
	}
}

func TestAServerThatEndsByItselfIsBroughtBackUntilStop(t *testing.T) {
	server := keepUp(t, shortDir(t))
	ask[int](t, server, "CREATE TABLE kept AS SELECT generate_series(1, 1000) AS n")
	for i, signal := range []syscall.Signal{syscall.SIGKILL, syscall.SIGINT, syscall.SIGKILL} {
		before := server.PID()
		if err := syscall.Kill(before, signal); err != nil {
			t.Fatal(err)
		}
		awaitRestarts(t, server, int64(i+1))
		if n := count(t, server); n != 1000 {
			t.Errorf("%d rows of 1000 after %v", n, signal)
		}
		if server.PID() == before {
			t.Errorf("the server has the pid of the one that ended by %v", signal)
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

func awaitRestarts(t *testing.T, server *pgrun.Server, want int64) {
	t.Helper()
	deadline := time.Now().Add(backWithin)
	for server.Restarts() < want {
		if time.Now().After(deadline) {
			t.Fatalf("%d restarts, want %d", server.Restarts(), want)
		}
		time.Sleep(5 * time.Millisecond)
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
	hide()
	if err := os.Rename(control+".away", control); err != nil {
		t.Fatal(err)
	}
	awaitRestarts(t, server, 1)
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
	deadline := time.Now().Add(backWithin)
	for {
		text, err := os.ReadFile(filepath.Join(server.Dir(), "pg/start.log"))
		if err == nil && strings.Contains(string(text), want) {
			return
		}
		if time.Now().After(deadline) {
			t.Fatal(fmt.Errorf("the server said %q: %w", text, err))
		}
		time.Sleep(5 * time.Millisecond)
	}
}
