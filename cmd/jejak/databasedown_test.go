package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// postmaster is the process id of the product's own database server.
func (p *product) postmaster() int {
	p.t.Helper()
	text, err := os.ReadFile(filepath.Join(p.dir, "pg/data/postmaster.pid"))
	if err != nil {
		p.t.Fatal(err)
	}
	line, _, _ := strings.Cut(string(text), "\n")
	pid, err := strconv.Atoi(line)
	if err != nil {
		p.t.Fatal(err)
	}
	return pid
}

// backends are the processes of the server that work for the program.
func (p *product) backends() []int {
	p.t.Helper()
	pids, err := pgx.CollectRows(p.query(`select pid from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()`), pgx.RowTo[int])
	if err != nil {
		p.t.Fatal(err)
	}
	return pids
}

// backAgain waits until another server than the one before answers.
func (p *product) backAgain(before int) {
	p.t.Helper()
	eventually(p.t, "another database server", startLimit, func() error {
		pid, err := os.ReadFile(filepath.Join(p.dir, "pg/data/postmaster.pid"))
		if err == nil && strings.HasPrefix(string(pid), fmt.Sprint(before, "\n")) {
			err = fmt.Errorf("still %d", before)
		}
		return err
	})
}

// TestADatabaseThatIsKilledOrRestartedLosesNothing fells the private PostgreSQL in
// three ways while people write: its postmaster and one of its backends by kill -9,
// and by a planned restart. Nobody is told anything but "come back", the program
// stays, and everybody is served in the end.
func TestADatabaseThatIsKilledOrRestartedLosesNothing(t *testing.T) {
	dir := stateDir(t)
	p := serve(t, dir, "--demo", "--people", "20")
	p.seeded()
	l := newLoad(t, p, writers)
	falls := []struct {
		name string
		fell func() error
	}{
		{"kill -9 of the postmaster", func() error { return syscall.Kill(p.postmaster(), syscall.SIGKILL) }},
		{"kill -9 of one backend", func() error {
			pids := p.backends()
			return syscall.Kill(pids[l.dice.IntN(len(pids))], syscall.SIGKILL) // the server then ends all others
		}},
		{"a planned restart", func() error { return syscall.Kill(p.postmaster(), syscall.SIGINT) }},
	}
	l.begin(p)
	var slowest time.Duration
	for cycle := range often(t, 2*len(falls), 100, "JEJAK_TEST_DATABASE_CYCLES") {
		l.moreThan(100)
		fall := falls[cycle%len(falls)]
		before := p.postmaster()
		l.note("%s", fall.name)
		if err := fall.fell(); err != nil {
			t.Fatalf("%s: %v", fall.name, err)
		}
		begin := time.Now()
		if cycle%len(falls) != 1 { // a server that lost a backend keeps its postmaster
			p.backAgain(before)
		}
		l.moreThan(1)
		slowest = max(slowest, time.Since(begin))
		select {
		case <-p.exited:
			t.Fatalf("the program ended after %s: %v\n%s", fall.name, p.waitErr, p.stderr)
		default:
		}
	}
	l.moreThan(100)
	l.judge(p)
	t.Logf("writes resumed after at most %v", slowest)
	p.stop()
	equalToRebuild(t, dir)
}
