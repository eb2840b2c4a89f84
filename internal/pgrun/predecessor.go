package pgrun

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"time"
)

const (
	// predecessorWait bounds the wait for a killed program's server; a fast
	// shutdown takes 40 ms idle and some seconds under a full buffer cache.
	predecessorWait = 30 * time.Second
	// pollEvery is short beside a start (60 ms) and long beside a look (1 ms).
	pollEvery = 10 * time.Millisecond
)

// awaitPredecessor waits until no server process works in the data directory.
// After its program was killed a server needs a moment to shut down, and after
// the server itself was killed its backends do; starting within that moment
// fails on the lock file or on the shared memory they still hold.
func awaitPredecessor(ctx context.Context, l layout, log *slog.Logger) error {
	ctx, cancel := context.WithTimeout(ctx, predecessorWait)
	defer cancel()
	tick := time.NewTicker(pollEvery)
	defer tick.Stop()
	for told := false; ; told = true {
		pid, err := serverIn(l.data())
		if err != nil {
			return err
		}
		if pid == 0 {
			return removeStale(l)
		}
		if !told {
			log.Info("waiting for the previous database server", slog.Int("pid", pid))
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("a previous database server (pid %d) still works in %s; end it with kill -INT %[1]d: %[3]w", pid, l.data(), ctx.Err())
		case <-tick.C:
		}
	}
}

// serverIn finds a process named postgres whose working directory is data; 0
// when there is none. The pid in postmaster.pid alone proves nothing: after a
// restart of the machine it may be anybody's.
func serverIn(data string) (pid int, err error) {
	want, err := os.Stat(data)
	if err != nil {
		return 0, fmt.Errorf("look for a previous server: %w", err)
	}
	processes, err := filepath.Glob("/proc/[0-9]*")
	if err != nil {
		return 0, fmt.Errorf("look for a previous server: %w", err)
	}
	for _, process := range processes {
		// A process that ends meanwhile, or is another account's, is not our server.
		name, err := os.ReadFile(filepath.Join(process, "comm"))
		if err != nil || !bytes.Equal(bytes.TrimSpace(name), []byte("postgres")) {
			continue
		}
		if cwd, err := os.Stat(filepath.Join(process, "cwd")); err == nil && os.SameFile(cwd, want) {
			return strconv.Atoi(filepath.Base(process))
		}
	}
	return 0, nil
}

// removeStale takes away what would stop a start for no reason: PostgreSQL
// refuses when the pid in its lock files is alive, and after a reboot that pid
// may be a stranger's. We hold the directory's lock and have just seen that no
// server works here. A dead pid stays, for PostgreSQL then also looks at the
// shared memory, a second guard we do not want to lose.
func removeStale(l layout) error {
	stale := []string{l.socket(), l.socket() + ".lock"}
	pidFile := filepath.Join(l.data(), "postmaster.pid")
	text, err := os.ReadFile(pidFile)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("read the previous server's pid: %w", err)
	}
	line, _, _ := bytes.Cut(text, []byte("\n"))
	if pid, err := strconv.Atoi(string(line)); err == nil && pid > 0 && !errors.Is(syscall.Kill(pid, 0), syscall.ESRCH) {
		stale = append(stale, pidFile)
	}
	for _, path := range stale {
		if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("remove a stale lock: %w", err)
		}
	}
	return nil
}
