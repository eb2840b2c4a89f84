package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestANodeWithoutTLSStaysOnLoopback(t *testing.T) {
	for _, c := range []struct {
		args []string
		says string
	}{
		{[]string{"node", "--listen", "0.0.0.0:2113"}, "can be reached from outside"},
		{[]string{"node", "--tls-cert", "x"}, "belong together"},
		{[]string{"node", "--listen", "0.0.0.0:2113", "--tls-cert", "missing", "--tls-key", "missing"}, "read the event store's certificate"},
		{[]string{"serve", "--node-listen", "0.0.0.0:2113"}, "--node-tls-cert"},
		{[]string{"serve", "--node-tls-cert", "x", "--node-tls-key", "x"}, "need --node-listen"},
	} {
		var out, messages bytes.Buffer
		err := execute(t.Context(), c.args, terminal{&out, &messages})
		if err == nil || !strings.Contains(err.Error(), c.says) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%v: %v", c.args, err)
		}
	}
}

func TestAHashedPasswordGoesIntoTheUsersFile(t *testing.T) {
	dir := t.TempDir()
	password, users := filepath.Join(dir, "password"), filepath.Join(dir, "users")
	if err := os.WriteFile(password, []byte("rahasia\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	var out, messages bytes.Buffer
	if err := execute(t.Context(), []string{"node", "--hash-password", "--password-file", password}, terminal{&out, &messages}); err != nil {
		t.Fatal(err)
	}
	line := "# who may call\nana:$ops,team:" + out.String()
	if err := os.WriteFile(users, []byte(line), 0o600); err != nil {
		t.Fatal(err)
	}
	got, err := readUsersFile(users)
	if err != nil || len(got) != 1 || got[0].Name != "ana" || len(got[0].Groups) != 2 || got[0].Password != strings.TrimSpace(out.String()) {
		t.Errorf("read %+v, %v", got, err)
	}
}

// What would have no effect is refused, not ignored.
func TestANodeAloneRefusesToBeOneOfSeveral(t *testing.T) {
	p := &product{t: t, dir: stateDir(t)}
	code, out := p.answer("node", "--listen", freeAddress(t), "--node-advertise", "127.0.0.1:2113", "--database-url", "postgres://localhost/none")
	if code != exitUsage || !strings.Contains(out, "a node that runs alone has none") {
		t.Errorf("%d %s", code, out)
	}
}
