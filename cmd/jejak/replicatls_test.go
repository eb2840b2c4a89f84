package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/jejak-kinerja/jejak/internal/node/nodetest"
	"github.com/jejak-kinerja/jejak/internal/pgrun/pgtest"
)

// Replicas on different machines speak TLS to each other. A command that is given
// to the follower reaches the leader; subcommands beside either find their node.
func TestReplicasWithTLSSendCommandsToTheLeader(t *testing.T) {
	url := pgtest.DurableServer(t).URL("postgres")
	shared := t.TempDir()
	certificate := shared + "/node.crt"
	nodetest.Certificate(t, certificate)
	common := []string{"--database-url", url, "--key-file", shared + "/key.json", "--secret-file", shared + "/secret"}
	start := func(more ...string) *product {
		address := fmt.Sprintf("127.0.0.1:%d", freePort(t))
		args := append([]string{"--node-listen", address, "--node-advertise", address,
			"--node-tls-cert", certificate, "--node-tls-key", certificate + ".key", "--node-tls-ca", certificate}, common...)
		return serve(t, stateDir(t), append(args, more...)...)
	}
	leader := start("--demo", "--people", "20")
	leader.seeded()
	follower := start()
	follower.ready()

	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	ask := func(sql string) (answer string) {
		if err := conn.QueryRow(t.Context(), sql).Scan(&answer); err != nil {
			t.Fatal(err)
		}
		return answer
	}
	person := ask(`select person from readmodel.directory_v3_person order by person limit 1`)
	token := command(t, follower.dir, append([]string{"token", "create", "--person", person, "--scope", "write", "--name", "beside"}, common...)...)
	who := author{person, strings.TrimSpace(token)}
	const term = `select epoch::text from eventstore.leader`
	before := ask(term)
	if err := who.report(t.Context(), follower.url, "by-the-follower"); err != nil {
		t.Fatalf("a command given to the follower: %v\n%s", err, follower.stderr)
	}
	if after := ask(term); after != before {
		t.Errorf("the follower took the lead (term %s, then %s) instead of asking the leader", before, after)
	}
	leader.kill()
	eventually(t, "the follower leads", startLimit, func() error {
		return who.report(t.Context(), follower.url, "by-the-new-leader")
	})
	follower.stop()
	if _, err := os.Stat(filepath.Join(follower.dir, "node.url")); !os.IsNotExist(err) {
		t.Errorf("the address with its password is left behind: %v", err)
	}
}
