package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// visit runs the doctor and gives its findings by name.
func visit(t *testing.T, args ...string) (found map[string]symptom, failed bool) {
	t.Helper()
	var out, messages bytes.Buffer
	err := execute(t.Context(), append([]string{"doctor", "--json"}, args...), terminal{&out, &messages})
	found = map[string]symptom{}
	for line := range strings.Lines(out.String()) {
		var s symptom
		if err := json.Unmarshal([]byte(line), &s); err != nil {
			t.Fatal(err)
		}
		if s.Status != fine && s.Do == "" {
			t.Errorf("%s: %s says not what to do", s.What, s.Detail)
		}
		found[s.What] = s
	}
	return found, err != nil
}

func TestTheDoctorChangesNothingOnAFreshMachine(t *testing.T) {
	dir := filepath.Join(stateDir(t), "state")
	found, failed := visit(t, "--state-dir", dir, "--listen", "127.0.0.1:0")
	if failed || found["postgresql"].Status != fine || found["database"].Detail == "" {
		t.Errorf("found %v", found)
	}
	if _, err := os.Stat(dir); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the state directory was made: %v", err)
	}
}

func TestTheDoctorFindsWhatIsWrong(t *testing.T) {
	dir := stateDir(t)
	p := serve(t, dir)
	p.ready()
	listen := strings.TrimPrefix(p.url, "http://")
	if found, failed := visit(t, "--state-dir", dir, "--listen", listen); failed || found["database"].Status != fine ||
		found["eventstore"].Status != fine || found["clock"].Status != fine || found["address"].Status != fine {
		t.Errorf("beside a running product: %v", found)
	}
	if err := os.Chmod(filepath.Join(dir, "key.json"), 0o644); err != nil {
		t.Fatal(err)
	}
	if found, failed := visit(t, "--state-dir", dir, "--listen", listen); !failed || found["key"].Status != fails {
		t.Errorf("a key that others can read: %v", found["key"])
	}
	p.stop()
	if err := os.Chmod(filepath.Join(dir, "key.json"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"parked", "list"}, {"token", "list"}} { // command fails the test unless they end well
		command(t, dir, append(args, "--eventstore-url", "esdb://127.0.0.1:1?tls=false")...)
	}
	if out := command(t, dir, "projection", "list", "--eventstore-url", "esdb://127.0.0.1:1?tls=false"); !strings.Contains(out, "directory_v3") || !strings.Contains(out, "not known") {
		t.Errorf("the read models while the event store is away:\n%s", out)
	}
	if err := os.Remove(filepath.Join(dir, "key.json")); err != nil {
		t.Fatal(err)
	}
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	found, failed := visit(t, "--state-dir", dir, "--listen", taken.Addr().String(),
		"--database-url", "postgres://jejak:rahasia@127.0.0.1:1/jejak", "--eventstore-url", "esdb://127.0.0.1:1?tls=false")
	for _, what := range []string{"key", "database", "eventstore", "address"} {
		if !failed || found[what].Status != fails {
			t.Errorf("%s: %+v", what, found[what])
		}
	}
	if !strings.Contains(found["eventstore"].Do, "event-store-unreachable") || found["login"].Status != warns {
		t.Errorf("what to do about an event store that nobody can reach: %+v %+v", found["eventstore"], found["login"])
	}
	if strings.Contains(found["database"].Detail, "rahasia") {
		t.Errorf("the password is printed: %s", found["database"].Detail)
	}
}
