package main

import (
	"fmt"
	"net"
	"os"
	"strconv"
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
// one database and fells whichever leads, in turn by kill -9 and by SIGSTOP.
func TestAnotherReplicaLeadsWhenTheLeaderIsKilledOrFrozen(t *testing.T) {
	cycles := replicaCycles
	if s := os.Getenv("JEJAK_TEST_REPLICA_CYCLES"); s != "" {
		var err error
		if cycles, err = strconv.Atoi(s); err != nil || cycles < 1 {
			t.Fatalf("JEJAK_TEST_REPLICA_CYCLES=%q is no number of cycles", s)
		}
	}
	url := pgtest.DurableServer(t).URL("postgres")
	shared := t.TempDir()
	running := map[int]*product{} // by the port of its node
	start := func() {
		port := freePort(t)
		address := fmt.Sprintf("127.0.0.1:%d", port)
		running[port] = serve(t, stateDir(t), "--database-url", url, "--node-listen", address, "--node-advertise", address,
			"--key-file", shared+"/key.json", "--secret-file", shared+"/secret")
	}
	for range 3 {
		start()
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
	for cycle := range cycles {
		port, epoch := leads()
		leader := running[port]
		if leader == nil {
			t.Fatalf("the leader at port %d is none of ours", port)
		}
		kill := cycle%2 == 0
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
		if kill {
			start()
			continue
		}
		if err := leader.cmd.Process.Signal(syscall.SIGCONT); err != nil {
			t.Fatal(err)
		}
		leader.ready() // it follows now
	}
	for _, p := range running {
		p.ready()
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
