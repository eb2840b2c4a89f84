package eventlog

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/pbkdf2"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"log/slog"
	"math/big"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/internal/clock"
	"github.com/jejak-kinerja/jejak/internal/node"
)

// atOnce is how soon it must be told what waiting cannot mend; a busy machine gets
// some more.
const atOnce = 2 * time.Second

// issued makes a certificate for a name, good for some hours or expired, and writes
// it as its own authority.
func issued(t *testing.T, name string, until time.Time, path string) tls.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name}, NotBefore: until.Add(-48 * time.Hour), NotAfter: until,
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign}
	if ip := net.ParseIP(name); ip != nil {
		template.IPAddresses = []net.IP{ip}
	} else {
		template.DNSNames = []string{name}
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600); err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}

func TestWhatKeepsUsFromTheStoreIsToldAtOnceInItsOwnSentence(t *testing.T) {
	dir := t.TempDir()
	file := func(name string) string { return filepath.Join(dir, name) }
	tomorrow, yesterday := clock.Now().Add(24*time.Hour), clock.Now().Add(-24*time.Hour)
	password := quicklyHashed(t, "rahasia")
	users := []node.User{{Name: "admin", Password: password, Groups: []string{"$admins"}}, {Name: "tamu", Password: password}}
	secure := func(name string, until time.Time, ca string) string {
		return loopback(t, node.Options{Users: users, TLS: &tls.Config{MinVersion: tls.VersionTLS12, Certificates: []tls.Certificate{issued(t, name, until, file(ca))}}})
	}
	good := secure("127.0.0.1", tomorrow, "good.pem")
	elsewhere := secure("eventstore.example", tomorrow, "elsewhere.pem")
	expired := secure("127.0.0.1", yesterday, "expired.pem")
	plain := loopback(t, node.Options{})
	issued(t, "127.0.0.1", tomorrow, file("another.pem"))
	ca := func(name string) string { return "?tls=true&tlsCaFile=" + url.QueryEscape(file(name)) }
	gone, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	nobody := gone.Addr().String()
	if err := gone.Close(); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct{ address, slug, says string }{
		"a wrong password":             {"esdb://admin:salah@" + good + ca("good.pem"), slugLogin, "password"},
		"an unknown user":              {"esdb://siapa:rahasia@" + good + ca("good.pem"), slugLogin, "name"},
		"a user who may not read":      {"esdb://tamu:rahasia@" + good + ca("good.pem"), slugDenied, "$all"},
		"an unknown authority":         {"esdb://admin:rahasia@" + good + ca("another.pem"), slugAuthority, "tlsCaFile"},
		"a name not in a certificate":  {"esdb://admin:rahasia@" + elsewhere + ca("elsewhere.pem"), slugWrongName, "127.0.0.1"},
		"an expired certificate":       {"esdb://admin:rahasia@" + expired + ca("expired.pem"), slugExpired, "expired"},
		"an address in clear for TLS":  {"esdb://" + good + "?tls=false", slugSpeaksTLS, "tls=false"},
		"an address with TLS for none": {"esdb://admin:rahasia@" + plain + ca("good.pem"), slugSpeaksNoTLS, "no TLS"},
		"several of them alike":        {"esdb://admin:salah@" + good + "," + good + ca("good.pem"), slugLogin, "password"},
		"nobody listens":               {"esdb://" + nobody + "?tls=false", slugUnreachable, "nobody listens at " + nobody},
		"a host that is not there":     {"esdb://tidak-ada.invalid:2113?tls=false", slugUnknownHost, "tidak-ada.invalid"},
		"a cluster that is not there":  {"kurrentdb+discover://tidak-ada.invalid:2113?tls=false", slugUnknownHost, "tidak-ada.invalid"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx, cancel := context.WithTimeout(t.Context(), 3*atOnce)
			defer cancel()
			told := &notices{began: clock.Watch()}
			began := clock.Watch()
			_, err := Open(ctx, Options{URL: c.address, Catalog: ledger(t), Log: slog.New(told)})
			took := began()
			if domain.SlugOf(err) != c.slug || domain.KindOf(err) != domain.Unavailable || !strings.Contains(err.Error(), c.says) {
				t.Errorf("after %s: %v", took, err)
			}
			if strings.Contains(err.Error(), "rahasia") || strings.Contains(err.Error(), "salah") {
				t.Errorf("the password is told: %v", err)
			}
			if misconfigured(err) && took > 2*atOnce {
				t.Errorf("it was told after %s", took)
			}
			if first, text := told.heard(); !misconfigured(err) && (first > 2*atOnce || !strings.Contains(text, c.says)) {
				t.Errorf("the first notice came after %s: %s", first, text)
			}
		})
	}
}

// A frozen process takes connections, and does not even begin TLS: neither an election
// nor the network is to blame.
func TestANodeThatStandsStillIsCalledSilentOverTLSToo(t *testing.T) {
	frozen, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer frozen.Close()
	address := frozen.Addr().String()
	d := &dialer{tls: &tls.Config{MinVersion: tls.VersionTLS12}}
	for _, code := range []codes.Code{codes.Unavailable, codes.DeadlineExceeded} {
		err := d.sentence(t.Context(), peer{address: address, name: "127.0.0.1"}, status.Error(code, "handshake failed"))
		if domain.SlugOf(err) != slugSilent {
			t.Errorf("%s: %v", code, err)
		}
	}
}

// quicklyHashed is a kept password that a slow machine checks in no time, too, twelve
// at once and under the race detector.
func quicklyHashed(t *testing.T, password string) string {
	t.Helper()
	salt := []byte("not a secret salt")
	hash, err := pbkdf2.Key(sha256.New, password, salt, 1, sha256.Size)
	if err != nil {
		t.Fatal(err)
	}
	text := base64.RawStdEncoding
	return "pbkdf2-sha256$1$" + text.EncodeToString(salt) + "$" + text.EncodeToString(hash)
}

// notices keeps the first warning.
type notices struct {
	slog.Handler
	began func() time.Duration

	mu    sync.Mutex
	first time.Duration
	text  string
}

func (n *notices) heard() (after time.Duration, text string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.first, n.text
}

func (n *notices) Enabled(_ context.Context, level slog.Level) bool { return level >= slog.LevelWarn }

func (n *notices) Handle(_ context.Context, r slog.Record) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.text == "" {
		n.first = n.began()
		r.Attrs(func(a slog.Attr) bool { n.text += a.Value.String(); return true })
	}
	return nil
}

func TestEverySchemeOfTheFieldIsUnderstood(t *testing.T) {
	address := loopback(t, node.Options{})
	for _, scheme := range append(Schemes, "KurrentDB", "ESDB") {
		l := connect(t, "", func(o *Options) { o.URL = scheme + "://" + address + "?tls=false" })
		if _, err := l.Head(t.Context()); err != nil {
			t.Errorf("%s: %v", scheme, err)
		}
		l = connect(t, "", func(o *Options) { o.URL = scheme + "+discover://" + address + "?tls=false" })
		if _, err := l.Head(t.Context()); err != nil {
			t.Errorf("%s+discover: %v", scheme, err)
		}
	}
	for _, strange := range []string{"http://" + address, "esdbx://" + address, "+discover://" + address, "kurrentdb:" + address} {
		if _, err := Open(t.Context(), Options{URL: strange, Catalog: ledger(t)}); err == nil || errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%s: %v", strange, err)
		}
	}
}
