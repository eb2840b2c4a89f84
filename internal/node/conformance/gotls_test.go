package conformance

import (
	"crypto/tls"
	"path/filepath"
	"slices"
	"testing"

	"github.com/jejak-kinerja/jejak/internal/node"
	"github.com/jejak-kinerja/jejak/internal/node/nodetest"
)

func TestTheOfficialGoClientsTestsOfTLSAndUsersPass(t *testing.T) {
	dir := copyClient(t)
	certificate := nodetest.Certificate(t, filepath.Join(dir, "certs", "node", "node.crt"))
	nodetest.Certificate(t, filepath.Join(dir, "certs", "untrusted-ca", "ca.crt"))
	password, err := node.HashPassword("changeit")
	if err != nil {
		t.Fatal(err)
	}
	_, addr := startNode(t, func(o *node.Options) {
		o.TLS = &tls.Config{Certificates: []tls.Certificate{certificate}, MinVersion: tls.VersionTLS12}
		o.Users = []node.User{{Name: "admin", Password: password, Groups: []string{"$admins"}}}
	})
	const run = "^TestStreams$/^(TLSTests|AuthenticationTests|AppendTests|ReadStreamTests)$/" +
		"^(Default|DefaultsWithCertificate|With.*|testTLS.*|callWith.*|appendToSystemStreamWithIncorrectCredentials|readStreamWithCredentialsOverride)$"
	passed, skipped := runGoClientOn(t, dir, run, "EVENTSTORE_INSECURE=false", "NODE_EMPTY="+addr, "NODE_POPULATED="+addr)
	if len(passed) != tlsTests || len(skipped) != 0 {
		t.Errorf("%d tests passed, there should be %d: %v; skipped: %v", len(passed), tlsTests, passed, skipped)
	}
	for _, name := range needTLS() {
		if !slices.Contains(passed, name) {
			t.Errorf("%s did not run", name)
		}
	}
}
