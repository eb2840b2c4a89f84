package pgrun_test

import (
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"

	"github.com/jejak-kinerja/jejak/internal/pgrun/pgtest"
)

func TestFiveKillsOfTheProgramLoseNoAcknowledgedRow(t *testing.T) {
	server := pgtest.DurableServer(t)
	stop(t, server)
	binary, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	var acknowledged []int64
	for kill := range 5 {
		acknowledged = append(acknowledged, startChild(t, binary, server.Dir(), nil).killAfter(t, 20+10*kill)...)
	}
	again := start(t, server.Dir())
	missing := ask[int](t, again, "SELECT count(*) FROM unnest($1::bigint[]) AS a(n) WHERE NOT EXISTS (SELECT FROM kept WHERE kept.n = a.n)", acknowledged)
	if missing != 0 || len(acknowledged) < 5*20 {
		t.Errorf("%d of %d acknowledged rows are missing", missing, len(acknowledged))
	}
	stop(t, again)
}

// The other tests run under the account that runs the tests. As root this one
// shows the same program under an account without rights.
func TestAnUnprivilegedAccountRunsItsOwnCluster(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("only root can become another account; without root every other test here is this test")
	}
	const nobody = 65534
	dir := shortDir(t)
	binary, state := filepath.Join(dir, "program"), filepath.Join(dir, "s")
	copyBinary(t, binary)
	if err := os.Mkdir(state, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Chown(state, nobody, nobody); err != nil {
		t.Fatal(err)
	}
	for range 2 { // the second finds the first one's cluster
		if rows := startChild(t, binary, state, &syscall.Credential{Uid: nobody, Gid: nobody}).killAfter(t, 10); len(rows) < 10 {
			t.Fatalf("%d rows", len(rows))
		}
	}
	info, err := os.Stat(filepath.Join(state, "pg/data"))
	if err != nil {
		t.Fatal(err)
	}
	if uid := info.Sys().(*syscall.Stat_t).Uid; uid != nobody {
		t.Errorf("the cluster belongs to uid %d", uid)
	}
	again := start(t, state) // and root finds it, run by the same account
	if uid := ask[int](t, again, "SELECT count(*) FROM kept"); uid < 20 {
		t.Errorf("%d rows", uid)
	}
	stop(t, again)
}

// startStranger runs a process of the account that owns like, which is no server.
func startStranger(t *testing.T, like string) (pid int) {
	t.Helper()
	cmd := exec.Command("/bin/sh", "-c", "read line")
	if _, err := cmd.StdinPipe(); err != nil { // never written: it waits
		t.Fatal(err)
	}
	if os.Geteuid() == 0 {
		uid, gid := ownerOf(t, like)
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uid, Gid: gid}}
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait() // its end is the kill
	})
	return cmd.Process.Pid
}

func ownerOf(t *testing.T, path string) (uid, gid uint32) {
	t.Helper()
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	stat := info.Sys().(*syscall.Stat_t)
	return stat.Uid, stat.Gid
}

// writeAs writes a PostgreSQL lock file that names pid.
func writeAs(t *testing.T, like, path string, pid int) {
	t.Helper()
	text := strconv.Itoa(pid) + "\n" + like + "\n1\n5432\n\n\n"
	if err := os.WriteFile(path, []byte(text), fs.FileMode(0o600)); err != nil {
		t.Fatal(fmt.Errorf("write a lock file: %w", err))
	}
	if os.Geteuid() == 0 {
		uid, gid := ownerOf(t, like)
		if err := os.Chown(path, int(uid), int(gid)); err != nil {
			t.Fatal(err)
		}
	}
}
