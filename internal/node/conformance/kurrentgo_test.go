package conformance

import (
	"crypto/tls"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jejak-kinerja/jejak/internal/node"
	"github.com/jejak-kinerja/jejak/internal/node/nodetest"
)

// kurrentModule is the official client's successor. It registers the same
// protobuf files as its predecessor, so the two cannot be linked together: it
// runs as a program of its own, in the module it comes in.
const kurrentModule = "github.com/kurrent-io/KurrentDB-Client-Go@v1.1.0"

const (
	// Its tests expect servers at fixed addresses.
	kurrentInsecure = "localhost:2114"
	kurrentSecure   = "localhost:2115"
	kurrentCluster  = "localhost:2111,localhost:2112,localhost:2113" // of its tests of TLS one member will do

	// kurrentTests is how many of its tests there are, without those left out.
	kurrentTests = 82
)

// Left out are its tests of projections, which this node does not run, and of a
// cluster, which need three servers at fixed ports.
const (
	kurrentRun  = "^(TestStreams|TestPersistentSubscriptions|TestMisc|TestTypes|TestVersionParsingWithPrerelease|TestTLS)$"
	kurrentSkip = "^TestStreams$/^Rebalance$"
)

// skipThemselves are tests of what this node does not offer: it says so, and they skip.
func skipThemselves(name string) bool {
	return strings.HasPrefix(name, "TestMultiStreamAppend") // the protocol's second version
}

func TestTheSuccessorOfTheGoClientsOwnTestsPass(t *testing.T) {
	dir := copyKurrent(t)
	certificate := nodetest.Certificate(t, filepath.Join(dir, "certs", "ca", "ca.crt"))
	nodetest.Certificate(t, filepath.Join(dir, "certs", "untrusted-ca", "ca.crt"))
	password, err := node.HashPassword("changeit")
	if err != nil {
		t.Fatal(err)
	}
	_, plain := startNode(t)
	_, secure := startNode(t, func(o *node.Options) {
		o.TLS = &tls.Config{Certificates: []tls.Certificate{certificate}, MinVersion: tls.VersionTLS12}
		o.Users = []node.User{{Name: "admin", Password: password, Groups: []string{"$admins"}}}
	})
	redirect(t, filepath.Join(dir, "test"), map[string]string{kurrentInsecure: plain, kurrentSecure: secure, kurrentCluster: secure})
	passed, skipped, text := testModule(t, dir, nil, "-run", kurrentRun, "-skip", kurrentSkip, "./test")
	for _, name := range skipped {
		if !skipThemselves(name) {
			t.Errorf("%s was skipped", name)
		}
	}
	if !strings.Contains(text, "--- PASS: TestTLS ") {
		t.Error("its tests of TLS did not run")
	}
	if len(passed) != kurrentTests {
		t.Errorf("%d tests passed, there should be %d: %v", len(passed), kurrentTests, passed)
	}
}

func copyKurrent(t *testing.T) string {
	t.Helper()
	command := exec.CommandContext(t.Context(), "go", "mod", "download", "-json", kurrentModule)
	command.Dir, command.Env = t.TempDir(), append(os.Environ(), "GOWORK=off", "GOFLAGS=")
	out, err := command.Output()
	var found struct{ Dir string }
	if err != nil || json.Unmarshal(out, &found) != nil {
		t.Fatalf("find %s: %v\n%s", kurrentModule, err, out)
	}
	return copyModule(t, found.Dir)
}

// redirect makes the tests in a directory call other addresses.
func redirect(t *testing.T, dir string, addresses map[string]string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no tests in %s: %v", dir, err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for from, to := range addresses {
			text = []byte(strings.ReplaceAll(string(text), from, to))
		}
		if err := os.WriteFile(file, text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}
