package conformance

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

const (
	// scriptLimit bounds installation and script.
	scriptLimit = 3 * time.Minute
)

// npmClients are the Node.js client under its old and its new name, in versions
// whose behaviour is recorded for this protocol.
func npmClients() map[string]string {
	return map[string]string{"@eventstore/db-client": "6.2.1", "@kurrent/kurrentdb-client": "1.3.1"}
}

func TestTheOfficialNodeClientsWork(t *testing.T) {
	for name, version := range npmClients() {
		t.Run(name, func(t *testing.T) { runNodeClient(t, name, version) })
	}
}

func runNodeClient(t *testing.T, client, version string) {
	t.Helper()
	if _, err := exec.LookPath("npm"); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal("npm is missing, and CI must run this test")
		}
		t.Skip("npm is missing: the Node.js client cannot be installed")
	}
	_, addr := startNode(t)
	dir := t.TempDir()
	script, err := os.ReadFile("testdata/client.mjs")
	if err != nil {
		t.Fatal(err)
	}
	for name, body := range map[string][]byte{"client.mjs": script, "package.json": []byte(`{"private":true}`)} {
		if err := os.WriteFile(filepath.Join(dir, name), body, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	ctx, cancel := context.WithTimeout(t.Context(), scriptLimit)
	defer cancel()
	run := func(name string, args ...string) string {
		t.Helper()
		command := exec.CommandContext(ctx, name, args...)
		command.Dir = dir
		command.Env = append(os.Environ(), "NODE_ADDRESS="+addr, "NODE_CLIENT="+client)
		out, err := command.CombinedOutput()
		if err != nil {
			t.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, out)
		}
		return string(out)
	}
	run("npm", "install", "--no-audit", "--no-fund", "--ignore-scripts", client+"@"+version)
	t.Log(run("node", "client.mjs"))
}
