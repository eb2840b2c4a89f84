package conformance

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/jejak-kinerja/jejak/internal/node"
)

func TestTheOfficialGoClientsTestsOfTLSAndUsersPass(t *testing.T) {
	dir := copyClient(t)
	certificate := selfSigned(t, filepath.Join(dir, "certs", "node", "node.crt"))
	selfSigned(t, filepath.Join(dir, "certs", "untrusted-ca", "ca.crt"))
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

// selfSigned makes a certificate for the loopback address and writes it to path.
func selfSigned(t *testing.T, path string) tls.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(time.Now().UnixNano()), Subject: pkix.Name{CommonName: filepath.Base(path)},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, DNSNames: []string{"localhost"},
		BasicConstraintsValid: true, IsCA: true, KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600); err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}
