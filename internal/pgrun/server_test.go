package pgrun_test

import (
	"context"
	"errors"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/jejak-kinerja/jejak/internal/pgrun"
	"github.com/jejak-kinerja/jejak/internal/pgrun/pgtest"
)

// shortDir is a state directory with a short name: t.TempDir repeats the test's.
func shortDir(t *testing.T) string {
	t.Helper()
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
	return dir
}

func start(t *testing.T, dir string) *pgrun.Server {
	t.Helper()
	server, err := pgrun.Start(t.Context(), pgrun.Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Stop(context.Background()) }) // a second stop has nothing new to say
	return server
}

func stop(t *testing.T, server *pgrun.Server) {
	t.Helper()
	if err := server.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// ask runs one statement and returns its only value, or nothing.
func ask[T any](t *testing.T, server *pgrun.Server, statement string, args ...any) (answer T) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), server.URL("postgres"))
	if err != nil {
		t.Fatal(err)
	}
	err = conn.QueryRow(t.Context(), statement, args...).Scan(&answer)
	if err := errors.Join(err, conn.Close(t.Context())); err != nil && !errors.Is(err, pgx.ErrNoRows) {
		t.Fatal(err)
	}
	return answer
}

func TestAFreshDirectoryBecomesAClosedClusterThatARestartFindsAgain(t *testing.T) {
	dir := shortDir(t)
	server := start(t, dir)
	ask[int](t, server, "CREATE TABLE kept AS SELECT 42 AS n")
	for setting, want := range map[string]string{
		"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on", "data_checksums": "on",
		"listen_addresses": "", "TimeZone": "UTC", "lc_collate": "C.UTF-8", "jit": "off", "max_connections": "100",
	} {
		if got := ask[string](t, server, "SELECT current_setting($1)", setting); got != want {
			t.Errorf("%s is %q, want %q", setting, got, want)
		}
	}
	for path, want := range map[string]os.FileMode{"password": 0o600, "run": 0o700, "data": 0o700, "log": 0o700} {
		info, err := os.Stat(filepath.Join(dir, "pg", path))
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode().Perm() != want {
			t.Errorf("%s has mode %04o, want %04o", path, info.Mode().Perm(), want)
		}
	}
	stop(t, server)
	if err := server.Err(); err != nil {
		t.Errorf("an asked end is an error: %v", err)
	}

	again := start(t, dir)
	if n := ask[int](t, again, "SELECT n FROM kept"); n != 42 {
		t.Errorf("found %d", n)
	}
	stop(t, again)
	stop(t, again) // twice is harmless
}

func TestAWrongPasswordStaysOutside(t *testing.T) {
	server := pgtest.DurableServer(t)
	u, err := url.Parse(server.URL("postgres"))
	if err != nil {
		t.Fatal(err)
	}
	u.User = url.UserPassword(u.User.Username(), "wrong")
	if conn, err := pgx.Connect(t.Context(), u.String()); err == nil {
		t.Error(errors.Join(errors.New("came in"), conn.Close(t.Context())))
	}
}

func TestAKilledServerIsReportedAndHasEveryRowAfterwards(t *testing.T) {
	server := pgtest.DurableServer(t)
	ask[int](t, server, "CREATE TABLE kept AS SELECT generate_series(1, 1000) AS n")
	// A backend at work when its postmaster dies still holds the shared memory.
	busy, err := pgx.Connect(t.Context(), server.URL("postgres"))
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() {
		_, err := busy.Exec(t.Context(), "SELECT sum(n) FROM generate_series(1, 1000000) n")
		ended <- err
	}()
	if err := syscall.Kill(server.PID(), syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	<-server.Done()
	if err := server.Err(); err == nil || !strings.Contains(err.Error(), "killed") {
		t.Errorf("Err = %v", err)
	}
	if err := server.Stop(t.Context()); err == nil {
		t.Error("Stop hid that the server had died")
	}

	again := start(t, server.Dir())
	if n := ask[int](t, again, "SELECT count(*) FROM kept"); n != 1000 {
		t.Errorf("%d rows of 1000", n)
	}
	<-ended // with or without its answer
	_ = busy.Close(t.Context())
	stop(t, again)
}

func TestASecondStartOnOneDirectoryIsRefusedWithTheHolder(t *testing.T) {
	server := pgtest.DurableServer(t)
	_, err := pgrun.Start(t.Context(), pgrun.Options{Dir: server.Dir()})
	inUse, ok := errors.AsType[*pgrun.InUseError](err)
	if !ok || inUse.PID != os.Getpid() || inUse.Dir != server.Dir() {
		t.Fatalf("error = %v", err)
	}
	if !strings.Contains(err.Error(), "already in use by pid") {
		t.Errorf("text = %q", err)
	}
	if n := ask[int](t, server, "SELECT 1"); n != 1 {
		t.Error("the first server was disturbed")
	}
}

func TestAClusterOfAVersionThatIsNotInstalledIsRefused(t *testing.T) {
	server := pgtest.DurableServer(t)
	stop(t, server)
	if err := os.WriteFile(filepath.Join(server.Dir(), "pg/data/PG_VERSION"), []byte("8\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := pgrun.Start(t.Context(), pgrun.Options{Dir: server.Dir()})
	if missing, ok := errors.AsType[*pgrun.NoProgramsError](err); !ok || missing.Major != 8 {
		t.Fatalf("error = %v", err)
	}
}

func TestAStrangersPidInTheLockFilesDoesNotStopAStart(t *testing.T) {
	server := pgtest.DurableServer(t)
	stop(t, server)
	// This process lives, is not a server, and runs under our own account.
	stranger := startStranger(t, filepath.Join(server.Dir(), "pg/data"))
	for _, name := range []string{"data/postmaster.pid", "run/.s.PGSQL.5432.lock"} {
		writeAs(t, filepath.Join(server.Dir(), "pg/data"), filepath.Join(server.Dir(), "pg", name), stranger)
	}
	stop(t, start(t, server.Dir()))
}

func TestAnInterruptedInitdbLeavesNoClusterAndTheNextStartMakesOne(t *testing.T) {
	dir := shortDir(t)
	ctx, cancel := context.WithCancel(t.Context())
	watched := make(chan struct{})
	go func() { // cancel as soon as initdb has begun
		defer close(watched)
		for ctx.Err() == nil {
			if found, _ := filepath.Glob(filepath.Join(dir, "pg/data.new-*/PG_VERSION")); len(found) > 0 {
				cancel()
			}
		}
	}()
	_, err := pgrun.Start(ctx, pgrun.Options{Dir: dir})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("error = %v", err)
	}
	cancel()
	<-watched
	if left, _ := filepath.Glob(filepath.Join(dir, "pg/data*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
	stop(t, start(t, dir))
}

func TestAServerThatCannotStartSaysWhy(t *testing.T) {
	server := pgtest.DurableServer(t)
	stop(t, server)
	_, err := pgrun.Start(t.Context(), pgrun.Options{Dir: server.Dir(), Settings: map[string]string{"no_such_setting": "1"}})
	if err == nil || !strings.Contains(err.Error(), "no_such_setting") {
		t.Fatalf("error = %v", err)
	}
	stop(t, start(t, server.Dir())) // the refusal freed the directory
}
