package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/jejak-kinerja/jejak/internal/pgrun"
	projectionlist "github.com/jejak-kinerja/jejak/projections/catalog"
)

// The tests of this package start the real program, as users do.

var built struct {
	once sync.Once
	path string
	err  error
}

// binary builds the program once for all tests.
func binary(t *testing.T) string {
	t.Helper()
	built.once.Do(func() {
		built.path = filepath.Join(os.TempDir(), fmt.Sprintf("jejak-test-%d", os.Getpid()))
		out, err := exec.Command("go", "build", "-o", built.path, ".").CombinedOutput()
		if err != nil {
			built.err = fmt.Errorf("%w\n%s", err, out)
		}
	})
	if built.err != nil {
		t.Fatalf("build the program: %v", built.err)
	}
	return built.path
}

func TestMain(m *testing.M) {
	code := m.Run()
	if built.path != "" {
		os.Remove(built.path)
	}
	os.Exit(code)
}

// stateDir is a short path that the database's own account can reach.
func stateDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "jj")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(dir, 0o711); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(dir); err != nil {
			t.Errorf("remove the state directory: %v", err)
		}
	})
	return dir
}

// product is a running program.
type product struct {
	t       *testing.T
	dir     string
	url     string
	storage []string // flags of every subcommand that say where the storage is; none for the state directory
	outside string   // the database's address, when it is not the private one
	cmd     *exec.Cmd
	stderr  *lockedBuffer
	exited  chan struct{}
	waitErr error
}

type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// startLimit is how long a start may take on a busy machine.
const startLimit = 60 * time.Second

// serve starts the program on a state directory and waits until it listens.
func serve(t *testing.T, dir string, args ...string) *product {
	t.Helper()
	p := &product{t: t, dir: dir, stderr: &lockedBuffer{}, exited: make(chan struct{})}
	p.cmd = exec.Command(binary(t), append([]string{"serve", "--state-dir", dir, "--listen", "127.0.0.1:0"}, args...)...)
	p.cmd.Stderr = p.stderr
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	address := make(chan string, 1)
	go func() {
		defer close(p.exited)
		lines := bufio.NewScanner(out)
		if lines.Scan() {
			address <- strings.TrimSpace(lines.Text())
		}
		io.Copy(io.Discard, out)
		p.waitErr = p.cmd.Wait()
	}()
	t.Cleanup(p.kill)
	select {
	case p.url = <-address:
	case <-p.exited:
		t.Fatalf("the program ended at its start: %v\n%s", p.waitErr, p.stderr)
	case <-time.After(startLimit):
		t.Fatalf("the program did not listen within %v\n%s", startLimit, p.stderr)
	}
	return p
}

// kill is kill -9; the end of a test does the same.
func (p *product) kill() {
	if err := p.cmd.Process.Kill(); err != nil && !errors.Is(err, os.ErrProcessDone) {
		p.t.Errorf("kill: %v", err)
	}
	<-p.exited
}

// stop is Ctrl-C; the program must end by itself, with exit code 0.
func (p *product) stop() {
	p.t.Helper()
	p.end(syscall.SIGINT)
}

// end asks for an orderly end, and waits for it.
func (p *product) end(signal syscall.Signal) {
	p.t.Helper()
	if err := p.cmd.Process.Signal(signal); err != nil {
		p.t.Fatal(err)
	}
	select {
	case <-p.exited:
	case <-time.After(startLimit):
		p.t.Fatalf("the program did not stop within %v\n%s", startLimit, p.stderr)
	}
	if p.waitErr != nil {
		p.t.Fatalf("the program did not stop cleanly: %v\n%s", p.waitErr, p.stderr)
	}
}

// command runs another subcommand on the same state directory.
func command(t *testing.T, dir string, args ...string) string {
	t.Helper()
	cmd := exec.Command(binary(t), append(args, "--state-dir", dir, "--log-level", "warn")...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("jejak %s: %v\n%s%s", strings.Join(args, " "), err, out, &stderr)
	}
	return string(out)
}

// eventually polls until check is content.
func eventually(t *testing.T, what string, limit time.Duration, check func() error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	defer cancel()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		err := check()
		if err == nil {
			return
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			t.Fatalf("%s: not within %v: %v", what, limit, err)
		}
	}
}

// ready waits until every part works and every read model has caught up.
func (p *product) ready() {
	p.t.Helper()
	p.readyWithin(startLimit)
}

func (p *product) readyWithin(limit time.Duration) {
	p.t.Helper()
	eventually(p.t, "ready", limit, func() error {
		resp, err := http.Get(p.url + "/readyz")
		if err != nil {
			return err
		}
		defer resp.Body.Close()
		if resp.StatusCode != http.StatusOK {
			body, _ := io.ReadAll(resp.Body) // only for the message
			return fmt.Errorf("%s: %s", resp.Status, body)
		}
		return nil
	})
}

// seeded waits until the demonstration is complete.
func (p *product) seeded() {
	p.t.Helper()
	eventually(p.t, "demonstration", 5*time.Minute, func() error {
		select {
		case <-p.exited:
			p.t.Fatalf("the program ended: %v\n%s", p.waitErr, p.stderr)
		default:
		}
		marks, err := filepath.Glob(filepath.Join(p.dir, "demo-*"))
		if err == nil && len(marks) == 0 {
			err = errors.New("not complete")
		}
		return err
	})
	p.ready()
}

// with gives a subcommand's arguments for the same storage.
func (p *product) with(args ...string) []string { return append(args, p.storage...) }

// database is the address of the product's database, private or not.
func (p *product) database() string {
	p.t.Helper()
	if p.outside != "" {
		return p.outside
	}
	url, err := pgrun.Attach(p.dir, databaseName)
	if err != nil {
		p.t.Fatal(err)
	}
	return url
}

// query asks the product's own database.
func (p *product) query(sql string, args ...any) pgx.Rows {
	p.t.Helper()
	conn, err := pgx.Connect(p.t.Context(), p.database())
	if err != nil {
		p.t.Fatal(err)
	}
	p.t.Cleanup(func() { conn.Close(context.Background()) })
	rows, err := conn.Query(p.t.Context(), sql, args...)
	if err != nil {
		p.t.Fatal(err)
	}
	return rows
}

// readModels is how many there are.
var readModels = len(projectionlist.All())
