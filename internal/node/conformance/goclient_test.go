package conformance

import (
	"bufio"
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
	"github.com/google/uuid"
)

// clientModule is the official client whose own tests are run, in the version
// that go.mod pins.
const clientModule = "github.com/EventStore/EventStore-Client-Go/v4"

// containersFile is the only file of the client's tests that starts servers.
const containersFile = "esdb/containers_test.go"

// coreTests and persistentTests are how many of the client's tests there are,
// without left out ones.
const (
	coreTests       = 20
	persistentTests = 36
	tlsTests        = 13
)

// leftOut are the client's tests that cannot be asked of this node, with the reason.
func leftOut() map[string]string {
	const image = "compares with the positions and ids of a data image"
	return map[string]string{
		"readStreamEventsForwardsFromZeroPosition":       image,
		"readStreamEventsBackwardsFromEndPosition":       image,
		"allSubscriptionWithFilterDeliversCorrectEvents": image,
		"readAllEventsForwardsFromZeroPosition":          image,
		"readAllEventsForwardsFromNonZeroPosition":       image,
		"readAllEventsBackwardsFromZeroPosition":         image,
		"readAllEventsBackwardsFromNonZeroPosition":      image,
	}
}

// needTLS are skipped by the client's tests themselves on a node without TLS.
func needTLS() []string {
	return []string{"appendToSystemStreamWithIncorrectCredentials", "readStreamWithCredentialsOverride"}
}

func TestTheOfficialGoClientsOwnTestsPass(t *testing.T) {
	passed, skipped := runGoClient(t, "^(TestStreams|TestExpectations)$")
	for _, name := range skipped {
		if !slices.Contains(needTLS(), name) {
			t.Errorf("%s was skipped", name)
		}
	}
	if len(passed)+len(skipped) != coreTests {
		t.Errorf("%d core tests passed and %d were skipped, together there should be %d: %v", len(passed), len(skipped), coreTests, passed)
	}
}

func TestTheOfficialGoClientsTestsOfPersistentSubscriptionsPass(t *testing.T) {
	passed, skipped := runGoClient(t, "^TestPersistentSubscriptions$")
	if len(passed) != persistentTests || len(skipped) != 0 {
		t.Errorf("%d tests passed, there should be %d; skipped: %v", len(passed), persistentTests, skipped)
	}
}

// runGoClient runs the client's tests whose name matches run on nodes of their
// own, and fails t when one of them fails.
func runGoClient(t *testing.T, run string) (passed, skipped []string) {
	t.Helper()
	_, empty := startNode(t)
	_, populated := startNode(t)
	populate(t, populated)
	return runGoClientOn(t, copyClient(t), run, "NODE_EMPTY="+empty, "NODE_POPULATED="+populated)
}

// runGoClientOn runs tests of the client copied to dir, in an environment that
// names the nodes.
func runGoClientOn(t *testing.T, dir, run string, env ...string) (passed, skipped []string) {
	t.Helper()
	skip := make([]string, 0, len(leftOut()))
	for name := range leftOut() {
		skip = append(skip, name)
	}
	passed, skipped, _ = testModule(t, dir, env, "-run", run, "-skip", "//("+strings.Join(skip, "|")+")", "./esdb")
	t.Logf("passed: %v", passed)
	return passed, skipped
}

// testModule runs tests of the module in dir as a program of their own, and fails t
// when one of them fails. text is all that they said.
func testModule(t *testing.T, dir string, env []string, args ...string) (passed, skipped []string, text string) {
	t.Helper()
	command := exec.CommandContext(t.Context(), "go", append([]string{"test", "-json", "-count=1", "-mod=mod", "-timeout=5m"}, args...)...)
	command.Dir = dir
	command.Env = append(append(os.Environ(), "GOWORK=off", "GOFLAGS=", "GOTOOLCHAIN=local"), env...)
	var stderr bytes.Buffer
	command.Stderr = &stderr
	out, err := command.Output()
	passed, skipped, failed, text := results(t, out)
	if err != nil || len(failed) > 0 {
		t.Errorf("the client's tests: %v; failed: %v\n%s\n%s", err, failed, text, stderr.String())
	}
	return passed, skipped, text
}

// copyClient puts the client's module where it can be changed, and replaces the
// file that starts containers.
func copyClient(t *testing.T) string {
	t.Helper()
	found, err := exec.CommandContext(t.Context(), "go", "list", "-m", "-f", "{{.Dir}}", clientModule).Output()
	if err != nil {
		t.Fatalf("find the client's sources: %v", err)
	}
	dir := copyModule(t, strings.TrimSpace(string(found)))
	ours, err := os.ReadFile("testdata/containers.go.txt")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, containersFile), ours, 0o600); err != nil {
		t.Fatal(err)
	}
	return dir
}

// copyModule copies a module's directory and makes the copy writable.
func copyModule(t *testing.T, module string) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(module)); err != nil {
		t.Fatalf("copy the client: %v", err)
	}
	err := filepath.WalkDir(dir, func(path string, entry os.DirEntry, err error) error {
		if err == nil {
			err = os.Chmod(path, map[bool]os.FileMode{true: 0o700, false: 0o600}[entry.IsDir()])
		}
		return err
	})
	if err != nil {
		t.Fatalf("make the copy writable: %v", err)
	}
	return dir
}

// results sorts the outcome of the innermost tests.
func results(t *testing.T, out []byte) (passed, skipped, failed []string, text string) {
	t.Helper()
	var said strings.Builder
	lines := bufio.NewScanner(bytes.NewReader(out))
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var e struct{ Action, Test, Output string }
		if json.Unmarshal(lines.Bytes(), &e) != nil {
			continue // what the compiler says
		}
		said.WriteString(e.Output)
		parts := strings.Split(e.Test, "/")
		if len(parts) != 3 {
			continue
		}
		switch e.Action {
		case "pass":
			passed = append(passed, parts[2])
		case "skip":
			skipped = append(skipped, parts[2])
		case "fail":
			failed = append(failed, parts[2])
		}
	}
	return passed, skipped, failed, said.String()
}

// populate writes the stream whose 6,000 events several tests read.
func populate(t *testing.T, addr string) {
	t.Helper()
	config, err := esdb.ParseConnectionString("esdb://" + addr + "?tls=false")
	if err != nil {
		t.Fatal(err)
	}
	client, err := esdb.NewClient(config)
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	events := make([]esdb.EventData, 6000)
	for i := range events {
		events[i] = esdb.EventData{EventID: uuid.New(), EventType: "filled", ContentType: esdb.ContentTypeBinary, Data: []byte("x")}
	}
	if _, err := client.AppendToStream(t.Context(), "dataset20M-0", esdb.AppendToStreamOptions{ExpectedRevision: esdb.NoStream{}}, events...); err != nil {
		t.Fatal(err)
	}
}
