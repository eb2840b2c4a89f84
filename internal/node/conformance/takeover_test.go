package conformance

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jejak-kinerja/jejak/internal/pgrun/pgtest"
)

const (
	// frozenFor is how long the leader stands still.
	frozenFor = 8 * time.Second

	// goesOnWithin is the promise: writers of other clients go on within it, from
	// when the frozen leader can speak again.
	goesOnWithin = 5 * time.Second

	// debianPython is the one that Debian's python3-grpcio belongs to.
	debianPython = "/usr/bin/python3"

	// settleLimit bounds everything else.
	settleLimit = time.Minute
)

func itoa(n uint32) string { return strconv.FormatUint(uint64(n), 10) }

// Writers that the frozen leader had are sent to the new one: by the header of each
// call, by the end of a batched call, by gossip.
func TestWritersGoOnAfterAFrozenLeaderWasReplaced(t *testing.T) {
	for name, version := range npmClients() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			needs(t, "npm")
			dir := script(t, "writer.mjs")
			install(t, dir, name+"@"+version)
			surviveFreeze(t, dir, "node", []string{"writer.mjs"}, "NODE_CLIENT="+name)
		})
	}
	t.Run("Python", func(t *testing.T) {
		t.Parallel()
		needs(t, debianPython, "protoc", "grpc_python_plugin")
		dir := script(t, "writer.py")
		pythonStubs(t, dir)
		surviveFreeze(t, dir, debianPython, []string{"writer.py"})
	})
}

// needs skips a test whose programs are missing, but not where all must run.
func needs(t *testing.T, programs ...string) {
	t.Helper()
	for _, program := range programs {
		if _, err := exec.LookPath(program); err != nil {
			if os.Getenv("CI") != "" {
				t.Fatalf("%s is missing, and CI must run this test", program)
			}
			t.Skipf("%s is missing: run make dependencies", program)
		}
	}
}

// script puts a script into a folder of its own.
func script(t *testing.T, name string) (dir string) {
	t.Helper()
	dir = t.TempDir()
	body, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, name), body, 0o600); err != nil {
		t.Fatal(err)
	}
	return dir
}

// install installs an npm package.
func install(t *testing.T, dir, what string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, "package.json"), []byte(`{"private":true}`), 0o600); err != nil {
		t.Fatal(err)
	}
	command(t, dir, "npm", "install", "--no-audit", "--no-fund", "--ignore-scripts", what)
}

// pythonStubs makes Python stubs of the protocol, from the files that lie beside
// the Go client's.
func pythonStubs(t *testing.T, dir string) {
	t.Helper()
	module := strings.TrimSpace(command(t, ".", "go", "list", "-m", "-f", "{{.Dir}}", "github.com/EventStore/EventStore-Client-Go/v4"))
	protos := filepath.Join(module, "protos")
	plugin, err := exec.LookPath("grpc_python_plugin")
	if err != nil {
		t.Fatal(err)
	}
	command(t, dir, "protoc", "-I", protos, "--python_out="+dir, "--grpc_python_out="+dir,
		"--plugin=protoc-gen-grpc_python="+plugin, "shared.proto", "streams.proto", "gossip.proto", "status.proto", "code.proto")
}

func command(t *testing.T, dir, name string, args ...string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), scriptLimit)
	defer cancel()
	c := exec.CommandContext(ctx, name, args...)
	c.Dir = dir
	var said, complained bytes.Buffer
	c.Stdout, c.Stderr = &said, &complained
	if err := c.Run(); err != nil {
		t.Fatalf("%s %s: %v\n%s%s", name, strings.Join(args, " "), err, &said, &complained)
	}
	return said.String()
}

// surviveFreeze lets a writer write to two nodes, freezes the leader, and waits for
// the writer to go on.
func surviveFreeze(t *testing.T, dir, program string, args []string, env ...string) {
	t.Helper()
	url := pgtest.URL(t)
	nodes := []nodeProcess{startProcess(t, url), startProcess(t, url)}
	var old, other nodeProcess
	waitFor(t, "a leader", func() bool {
		for i, n := range nodes {
			if leader(t, n.address) == n.address {
				old, other = n, nodes[1-i]
				return leader(t, other.address) == old.address
			}
		}
		return false
	})
	w := startWriter(t, dir, program, args, append(env, "NODE_ADDRESSES="+old.address+","+other.address)...)
	waitFor(t, "writes before the freeze", func() bool { return w.count() >= 10 })

	if err := old.process.Signal(syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	frozen := time.Now()
	waitFor(t, "takeover", func() bool { return leader(t, other.address) == other.address })
	takenOver := time.Now()
	<-time.After(frozenFor - time.Since(frozen))
	if err := old.process.Signal(syscall.SIGCONT); err != nil {
		t.Fatal(err)
	}
	woken := time.Now()
	waitFor(t, "writes after the takeover", func() bool { return w.wroteAfter(takenOver) >= 10 })
	went := w.firstAfter(takenOver)
	t.Logf("taken over after %s, writes went on %s after that", takenOver.Sub(frozen).Round(time.Millisecond), went.Sub(takenOver).Round(time.Millisecond))
	if late := went.Sub(woken); late > goesOnWithin {
		t.Errorf("writes went on %s after the frozen leader could speak again", late)
	}
}

func waitFor(t *testing.T, what string, holds func() bool) {
	t.Helper()
	late := time.After(settleLimit)
	for !holds() {
		select {
		case <-time.After(20 * time.Millisecond):
		case <-late:
			t.Fatalf("%s: not within %s", what, settleLimit)
		}
	}
}

// writer is a program that says "wrote" after each write.
type writer struct {
	wrote chan time.Time
	times []time.Time
}

func startWriter(t *testing.T, dir, program string, args []string, env ...string) *writer {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	c := exec.CommandContext(ctx, program, args...)
	c.Dir, c.Env = dir, append(os.Environ(), env...)
	var complained bytes.Buffer
	c.Stderr = &complained
	said, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	w := &writer{wrote: make(chan time.Time, 100_000)}
	done := make(chan struct{})
	go func() { defer close(done); w.listen(said) }()
	t.Cleanup(func() {
		cancel()
		<-done
		_ = c.Wait() // it was killed
		if t.Failed() {
			t.Logf("the writer says:\n%s", &complained)
		}
	})
	return w
}

func (w *writer) listen(said io.Reader) {
	for lines := bufio.NewScanner(said); lines.Scan(); {
		if strings.HasPrefix(lines.Text(), "wrote") {
			w.wrote <- time.Now()
		}
	}
}

// count takes over what was written since, and tells how many in all.
func (w *writer) count() int {
	for {
		select {
		case at := <-w.wrote:
			w.times = append(w.times, at)
		default:
			return len(w.times)
		}
	}
}

func (w *writer) wroteAfter(since time.Time) (n int) {
	w.count()
	for _, at := range w.times {
		if at.After(since) {
			n++
		}
	}
	return n
}

// firstAfter is the first write since; the zero time when there is none.
func (w *writer) firstAfter(since time.Time) time.Time {
	for _, at := range w.times {
		if at.After(since) {
			return at
		}
	}
	return time.Time{}
}
