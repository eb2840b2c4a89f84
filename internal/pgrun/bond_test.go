package pgrun_test

import (
	"context"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jejak-kinerja/jejak/internal/pgrun"
	"github.com/jejak-kinerja/jejak/internal/pgrun/pgtest"
)

func TestTheServerOutlivesTheThreadThatAskedForIt(t *testing.T) {
	dir := shortDir(t)
	type answer struct {
		server *pgrun.Server
		thread int
		err    error
	}
	started := make(chan answer, 1)
	var begin func()
	begin = func() {
		runtime.LockOSThread() // never unlocked: the runtime ends the thread with the goroutine
		if syscall.Gettid() == os.Getpid() {
			again := make(chan struct{}) // all but the main thread, so hold that one and take another
			go func() { defer close(again); begin() }()
			<-again
			return
		}
		server, err := pgrun.Start(t.Context(), pgrun.Options{Dir: dir})
		started <- answer{server, syscall.Gettid(), err}
	}
	go begin()
	got := <-started
	if got.err != nil {
		t.Fatal(got.err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	task := "/proc/self/task/" + strconv.Itoa(got.thread)
	for _, err := os.Stat(task); err == nil; _, err = os.Stat(task) {
		select {
		case <-ctx.Done():
			t.Fatal("the thread is still there: this test shows nothing")
		case <-time.After(5 * time.Millisecond):
		}
	}
	if n := ask[int](t, got.server, "SELECT 1"); n != 1 || got.server.Err() != nil {
		t.Errorf("the server went with the thread: %v", got.server.Err())
	}
	stop(t, got.server)
}

func TestCtrlCReachesTheProgramAndNotTheServer(t *testing.T) {
	server := pgtest.DurableServer(t)
	group, err := syscall.Getpgid(server.PID())
	if err != nil {
		t.Fatal(err)
	}
	if group != server.PID() {
		t.Errorf("the server is in group %d, where the terminal's signals go", group)
	}
}

func TestTheServerHasNoneOfOurGroups(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("only root switches the account, and with it the groups")
	}
	status, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pgtest.DurableServer(t).PID()), "status"))
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(status)) {
		name, ids, _ := strings.Cut(line, ":")
		switch fields := strings.Fields(ids); name {
		case "Uid", "Gid":
			for _, id := range fields {
				if id == "0" {
					t.Errorf("root stayed: %s", line)
				}
			}
		case "Groups":
			if len(fields) > 0 {
				t.Errorf("groups stayed: %s", line)
			}
		}
	}
}

func TestTheEnvironmentOfOtherDatabasesIsIgnored(t *testing.T) {
	for name, value := range map[string]string{
		"PGHOST": "db.invalid", "PGPORT": "1", "PGUSER": "somebody", "PGPASSWORD": "wrong",
		"PGDATABASE": "none", "PGSSLMODE": "require", "PGDATA": "/nonexistent", "TZ": "Asia/Jakarta",
	} {
		t.Setenv(name, value)
	}
	if zone := ask[string](t, pgtest.DurableServer(t), "SHOW timezone"); zone != "UTC" {
		t.Errorf("time zone %s", zone)
	}
}
