package node

import (
	"context"
	"net"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/jejak-kinerja/jejak/internal/pgrun/pgtest"
)

// freezer holds up every byte that a node sends to the database or gets from it:
// what a frozen process looks like from outside. The connections stay open.
type freezer struct {
	mu   sync.Mutex
	held chan struct{} // closed when not frozen
}

func newFreezer() *freezer {
	f := &freezer{held: make(chan struct{})}
	close(f.held)
	return f
}

func (f *freezer) freeze() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.held = make(chan struct{})
}

// thaw lets everything go on. It may be repeated.
func (f *freezer) thaw() {
	f.mu.Lock()
	defer f.mu.Unlock()
	select {
	case <-f.held:
	default:
		close(f.held)
	}
}

func (f *freezer) pass() {
	f.mu.Lock()
	held := f.held
	f.mu.Unlock()
	<-held
}

type frozenConn struct {
	net.Conn
	freezer *freezer
}

func (c frozenConn) Write(p []byte) (int, error) { c.freezer.pass(); return c.Conn.Write(p) }
func (c frozenConn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	c.freezer.pass()
	return n, err
}

// freezableReplicas are replicas whose connections can be held up.
func freezableReplicas(t *testing.T, count int) ([]*rig, []*freezer) {
	t.Helper()
	url := pgtest.URL(t)
	if err := Migrate(t.Context(), url); err != nil {
		t.Fatal(err)
	}
	list, freezers := make([]*rig, count), make([]*freezer, count)
	for i := range list {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		o, err := Options{DatabaseURL: url, Advertise: l.Addr().String()}.withDefaults()
		if err != nil {
			t.Fatal(err)
		}
		config, err := pgxpool.ParseConfig(url)
		if err != nil {
			t.Fatal(err)
		}
		f := newFreezer()
		config.ConnConfig.DialFunc = func(ctx context.Context, network, address string) (net.Conn, error) {
			conn, err := new(net.Dialer).DialContext(ctx, network, address)
			if err != nil {
				return nil, err
			}
			return frozenConn{conn, f}, nil
		}
		config.AfterConnect = prepareConnection
		pool, err := pgxpool.NewWithConfig(t.Context(), config)
		if err != nil {
			t.Fatal(err)
		}
		n, err := start(t.Context(), o, &session{config: config.ConnConfig}, pool)
		if err != nil {
			t.Fatal(err)
		}
		list[i], freezers[i] = serveOn(t, n, l), f
		t.Cleanup(f.thaw) // before the node is closed
	}
	return list, freezers
}
