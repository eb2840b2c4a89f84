package eventlog

import (
	"context"
	"crypto/tls"
	"log/slog"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"testing"

	"github.com/jejak-kinerja/jejak/commands"
	"github.com/jejak-kinerja/jejak/commands/storetest"
	"github.com/jejak-kinerja/jejak/internal/node"
	"github.com/jejak-kinerja/jejak/internal/node/nodetest"
	"github.com/jejak-kinerja/jejak/internal/pgrun/pgtest"
)

// addressVariable names the event store, an esdb:// address, that the promise is
// also asked of: a cluster, or `jejak node`. It may hold other events.
const addressVariable = "JEJAK_TEST_EVENTSTORE_URL"

func TestAnyAddressKeepsThePromiseOfAStore(t *testing.T) {
	address := os.Getenv(addressVariable)
	if address == "" {
		t.Skip(addressVariable + " is not set: give the esdb:// address of an event store to ask it too")
	}
	promiseAt(t, address)
}

func TestANodeOnANetworkAddressKeepsThePromiseOfAStore(t *testing.T) {
	t.Run("in clear", func(t *testing.T) {
		promiseTwice(t, "esdb://"+loopback(t, node.Options{})+"?tls=false")
	})
	t.Run("with TLS and a user", func(t *testing.T) {
		password, err := node.HashPassword("rahasia")
		if err != nil {
			t.Fatal(err)
		}
		authority := filepath.Join(t.TempDir(), "ca.pem")
		certificate := nodetest.Certificate(t, authority)
		address := loopback(t, node.Options{
			TLS:   &tls.Config{Certificates: []tls.Certificate{certificate}, MinVersion: tls.VersionTLS12},
			Users: []node.User{{Name: "admin", Password: password, Groups: []string{"$admins"}}},
		})
		promiseTwice(t, "esdb://admin:rahasia@"+address+"?tls=true&tlsCaFile="+url.QueryEscape(authority))
	})
}

// promiseTwice asks a store that is empty, and the same store when it is not.
func promiseTwice(t *testing.T, address string) {
	t.Helper()
	t.Run("empty", func(t *testing.T) { promiseAt(t, address) })
	t.Run("with other events", func(t *testing.T) { promiseAt(t, address) })
}

func promiseAt(t *testing.T, address string) {
	t.Helper()
	l := connect(t, "", func(o *Options) { o.URL, o.CallTimeout = address, DefaultCallTimeout })
	storetest.Run(t, func(*testing.T) commands.Store { return l })
}

// loopback serves a node on a loopback port until the test ends.
func loopback(t *testing.T, o node.Options) (address string) {
	t.Helper()
	o.DatabaseURL, o.Log = pgtest.URL(t), slog.New(slog.DiscardHandler)
	n, err := node.Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	served := make(chan error, 1)
	go func() { served <- n.Serve(listener) }()
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		if err := n.Close(ctx); err != nil {
			t.Error(err)
		}
		if err := <-served; err != nil {
			t.Error(err)
		}
	})
	return listener.Addr().String()
}
