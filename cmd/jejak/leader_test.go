package main

import (
	"fmt"
	"net"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/jejak-kinerja/jejak/internal/pgrun/pgtest"
)

// takeoverWithin is how soon another replica leads, whatever befell the leader.
const takeoverWithin = 5 * time.Second

// replicaCycles can be set by JEJAK_TEST_REPLICA_CYCLES for the long form.
const replicaCycles = 2

// TestAnotherReplicaLeadsWhenTheLeaderIsKilledOrFrozen starts three programs on
// one database and fells whichever leads, in turn by kill -9 and by SIGSTOP, while
// people write at one that follows. A frozen leader wakes and doubles nothing.
func TestAnotherReplicaLeadsWhenTheLeaderIsKilledOrFrozen(t *testing.T) {
	url := pgtest.DurableServer(t).URL("postgres")
	shared := t.TempDir()
	running := map[int]*product{} // by the port of its node
	start := func(more ...string) *product {
		port := freePort(t)
		address := fmt.Sprintf("127.0.0.1:%d", port)
		storage := []string{"--database-url", url, "--key-file", shared + "/key.json", "--secret-file", shared + "/secret"}
		p := serve(t, stateDir(t), append(append(more, "--node-listen", address, "--node-advertise", address), storage...)...)
		p.storage, p.outside = storage, url
		running[port] = p
		return p
	}
	first := start("--demo", "--people", "20")
	first.seeded()
	for range 2 {
		start().ready()
	}
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	leads := func() (port int, epoch int64) {
		if err := conn.QueryRow(t.Context(), `select port, epoch from eventstore.leader`).Scan(&port, &epoch); err != nil {
			t.Fatal(err)
		}
		return port, epoch
	}
	l := newLoad(t, first, writers)
	for cycle := range often(t, replicaCycles, 40, "JEJAK_TEST_REPLICA_CYCLES") {
		port, epoch := leads()
		leader := running[port]
		if leader == nil {
			t.Fatalf("the leader at port %d is none of ours", port)
		}
		for other, p := range running {
			if other != port {
				l.begin(p)
				break
			}
		}
		l.moreThan(100)
		kill := cycle%2 == 0
		l.note("the leader is felled, by kill -9: %v", kill)
		if kill {
			leader.kill()
			delete(running, port)
		} else if err := leader.cmd.Process.Signal(syscall.SIGSTOP); err != nil {
			t.Fatal(err)
		}
		since := time.Now()
		eventually(t, "another leader", takeoverWithin, func() error {
			if now, term := leads(); now == port || term <= epoch {
				return fmt.Errorf("port %d leads in term %d", now, term)
			}
			return nil
		})
		t.Logf("cycle %d (killed: %v): taken over after %v", cycle, kill, time.Since(since))
		l.moreThan(100)
		l.rest()
		if kill {
			start().ready()
			continue
		}
		if err := leader.cmd.Process.Signal(syscall.SIGCONT); err != nil {
			t.Fatal(err)
		}
		leader.ready() // it follows now
	}
	var last *product
	for _, last = range running {
		last.ready()
	}
	l.judge(last)
	for _, p := range running {
		p.stop()
	}
}

// freePort is a port that was free a moment ago.
func freePort(t *testing.T) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}
