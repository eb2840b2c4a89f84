package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A key file or a secret that is missing is asked for. One made in its place would
// look like it.
func TestAMissingKeyOrSecretIsNotReplaced(t *testing.T) {
	p := serve(t, stateDir(t))
	p.ready()
	p.stop()
	for _, name := range []string{"key.json", "secret"} {
		path := filepath.Join(p.dir, name)
		if err := os.Rename(path, path+".safe"); err != nil {
			t.Fatal(err)
		}
		for _, verb := range []string{"verify", "serve"} {
			if code, out := p.answer(verb); code != exitUsage || !strings.Contains(out, path+" is missing") {
				t.Errorf("%s without %s: exit code %d\n%s", verb, name, code, out)
			}
		}
		if _, err := os.Stat(path); !os.IsNotExist(err) {
			t.Errorf("%s was made: %v", name, err)
		}
		if err := os.Rename(path+".safe", path); err != nil {
			t.Fatal(err)
		}
	}
	if code, out := p.answer("verify"); code != exitOK {
		t.Errorf("with both back: exit code %d\n%s", code, out)
	}
	if err := os.WriteFile(filepath.Join(p.dir, "secret"), []byte(strings.Repeat("x", secretBytes)), 0o600); err != nil {
		t.Fatal(err)
	}
	if code, out := p.answer("verify"); code != exitUsage || !strings.Contains(out, "all replicas need the same file") {
		t.Errorf("with another secret: exit code %d\n%s", code, out)
	}
	for _, args := range [][]string{{"verify", "--new-secret"}, {"verify"}} {
		if code, out := p.answer(args...); code != exitOK {
			t.Errorf("%v: exit code %d\n%s", args, code, out)
		}
	}
}

// Whoever looks at a ledger in the wrong place must not be shown an empty one.
func TestWhereThereIsNoLedgerNoneIsMade(t *testing.T) {
	p := &product{t: t, dir: filepath.Join(t.TempDir(), "typo")}
	for _, args := range [][]string{{"verify"}, {"backup", "--to", filepath.Join(t.TempDir(), "b")}, {"projection", "list"}, {"parked", "list"}, {"token", "list"}} {
		if code, out := p.answer(args...); code != exitUsage || !strings.Contains(out, "there is no ledger in "+p.dir) {
			t.Errorf("%v: exit code %d\n%s", args, code, out)
		}
	}
	if _, err := os.Stat(p.dir); !os.IsNotExist(err) {
		t.Errorf("something was made: %v", err)
	}
}

func TestAStoreThatIsAwayIsNamed(t *testing.T) {
	p := serve(t, stateDir(t))
	p.ready()
	if code, out := p.answer("verify", "--database-url", "postgres://127.0.0.1:1/none"); code != exitUnavailable || !strings.Contains(out, "reach the database") {
		t.Errorf("without a database: exit code %d\n%s", code, out)
	}
	if code, out := p.answer("verify", "--eventstore-url", "esdb://127.0.0.1:1?tls=false"); code != exitUnavailable || !strings.Contains(out, "the event store is waited for") {
		t.Errorf("without an event store: exit code %d\n%s", code, out)
	}
	if code, out := p.answer("token", "create", "--person", "pegawai-0", "--scope", "read", "--name", "nobody's"); code != exitFailed || !strings.Contains(out, "no such person") {
		t.Errorf("a token for nobody: exit code %d\n%s", code, out)
	}
}
