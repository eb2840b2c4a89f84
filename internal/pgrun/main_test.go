package pgrun_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"syscall"
	"testing"

	"github.com/jackc/pgx/v5"
	"go.uber.org/goleak"

	"github.com/jejak-kinerja/jejak/internal/pgrun"
)

// childDir makes this test binary a program that keeps rows in a private
// database below the named directory, until it is killed.
const childDir = "PGRUN_TEST_CHILD_DIR"

func TestMain(m *testing.M) {
	if dir := os.Getenv(childDir); dir != "" {
		fmt.Fprintln(os.Stderr, "child:", insertForever(dir))
		os.Exit(1)
	}
	goleak.VerifyTestMain(m)
}

// insertForever prints the number of each row once the database has taken it.
func insertForever(dir string) error {
	ctx := context.Background()
	server, err := pgrun.Start(ctx, pgrun.Options{Dir: dir})
	if err != nil {
		return err
	}
	conn, err := pgx.Connect(ctx, server.URL("postgres"))
	if err != nil {
		return err
	}
	if _, err := conn.Exec(ctx, "CREATE TABLE IF NOT EXISTS kept (n bigint GENERATED ALWAYS AS IDENTITY)"); err != nil {
		return err
	}
	for {
		var n int64
		if err := conn.QueryRow(ctx, "INSERT INTO kept DEFAULT VALUES RETURNING n").Scan(&n); err != nil {
			return err
		}
		fmt.Println(n)
	}
}

// child is a running copy of this binary, and what it has acknowledged.
type child struct {
	cmd  *exec.Cmd
	rows *bufio.Scanner
}

func startChild(t *testing.T, binary, dir string, as *syscall.Credential) child {
	t.Helper()
	cmd := exec.Command(binary)
	cmd.Dir = "/"
	cmd.Env = []string{childDir + "=" + dir, "PATH=" + os.Getenv("PATH")}
	cmd.Stderr = os.Stderr
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: as}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return child{cmd: cmd, rows: bufio.NewScanner(out)}
}

// killAfter reads some rows, kills the child in the middle of its work, and
// returns every row it had acknowledged.
func (c child) killAfter(t *testing.T, rows int) (acknowledged []int64) {
	t.Helper()
	for c.rows.Scan() {
		var n int64
		if _, err := fmt.Sscan(c.rows.Text(), &n); err != nil {
			t.Fatal(err)
		}
		acknowledged = append(acknowledged, n)
		if len(acknowledged) == rows {
			if err := c.cmd.Process.Kill(); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := c.cmd.Wait(); c.cmd.ProcessState.ExitCode() != -1 {
		t.Fatalf("the child was not killed but ended: %v", err)
	}
	return acknowledged
}

// copyBinary puts this test binary where another account can run it.
func copyBinary(t *testing.T, to string) {
	t.Helper()
	own, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	from, err := os.Open(own)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = from.Close() }() // only read
	target, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o755)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(target, from); err != nil {
		t.Fatal(err)
	}
	if err := target.Close(); err != nil {
		t.Fatal(err)
	}
}
