package pgtest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/jejak-kinerja/jejak/internal/pgrun"
)

// patience bounds every step of the test support; the first use on a machine
// runs initdb, and others may be running theirs.
const patience = time.Minute

// settings are small: many test processes share the machine.
func settings() map[string]string {
	return map[string]string{
		"shared_buffers":    "64MB",
		"max_connections":   "200",
		"logging_collector": "off", // one process less; the log goes to start.log
	}
}

// shared is the one cluster of this test process. It is state of the process,
// as the tests of a package have nothing else in common to keep it in.
var shared struct {
	sync.Mutex
	server *pgrun.Server
	pipe   io.Closer // see removeAfterUs
	err    error
}

// sharedServer starts the cluster on first use. A failed start is not tried
// again: every further test would wait for the same failure.
func sharedServer() (*pgrun.Server, error) {
	shared.Lock()
	defer shared.Unlock()
	if shared.server == nil && shared.err == nil {
		shared.server, shared.err = start(true)
		if shared.err == nil {
			shared.err = removeAfterUs(shared.server)
		}
	}
	return shared.server, shared.err
}

func start(noSync bool) (*pgrun.Server, error) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	dir, err := fromTemplate(ctx)
	if err != nil {
		return nil, err
	}
	server, err := pgrun.Start(ctx, pgrun.Options{Dir: dir, NoSync: noSync, Settings: settings()})
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	return server, nil
}

// afterUs reads a pipe whose other end is ours until we are gone, gives the
// server, which the kernel tells to stop, up to 10 s, and removes its files.
const afterUs = `cat >/dev/null; n=0
while kill -0 "$1" 2>/dev/null && [ $n -lt 100 ]; do n=$((n+1)); sleep 0.1; done
rm -rf "$2"`

// removeAfterUs cleans up for processes that have no TestMain, or are killed.
func removeAfterUs(server *pgrun.Server) error {
	cmd := exec.Command("/bin/sh", "-c", afterUs, "sh", strconv.Itoa(server.PID()), server.Dir())
	// A group of its own, or Ctrl-C would end it before its work begins.
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	pipe, err := cmd.StdinPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		return fmt.Errorf("arrange the removal of the test cluster: %w", err)
	}
	shared.pipe = pipe // kept, or the collector would close our end
	return nil
}

// Suite is a testing.M that stops the shared cluster when the tests are done.
type Suite struct{ *testing.M }

// Run runs the tests and returns the exit code.
func (s Suite) Run() int {
	code := s.M.Run()
	if err := stop(); err != nil {
		fmt.Fprintln(os.Stderr, "pgtest:", err)
		return max(code, 1)
	}
	return code
}

// Main runs the tests and stops the shared cluster:
//
//	func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }
func Main(m *testing.M) int { return Suite{M: m}.Run() }

func stop() error {
	shared.Lock()
	defer shared.Unlock()
	if shared.server == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	err := errors.Join(shared.server.Stop(ctx), os.RemoveAll(shared.server.Dir()))
	shared.server = nil
	return err
}
