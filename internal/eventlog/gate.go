package eventlog

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"strings"
	"sync"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
)

const (
	firstPause = 50 * time.Millisecond // between the first two tries to connect
	maxPause   = time.Second           // between later ones: a returning server is met within a second
)

// errClosed answers whoever calls a Log after Close.
var errClosed = errors.New("the event log is closed")

// link is one client of the library, and how many calls are using it.
type link struct {
	client  *esdb.Client
	users   int
	retired bool
}

// gate hands out the present link and makes a new one when it broke. It fences
// four defects of the library (v4.2.0):
//
//   - Of several first callers all but one may hang for ever. So one goroutine
//     makes the first contact, and only a link that has answered is handed out.
//   - A client whose search for the server failed is closed for good. So a broken
//     link is retired, and another takes its place.
//   - A client that finds its server again forgets to close the old connection. So
//     a link is retired at the first sign that its server is unavailable.
//   - Close during a call may panic. So a retired link is closed by its last user.
//
// What remains: a call that begins in the microseconds between the sign and the
// retirement makes the library search again. It is answered by its own deadline,
// and one idle connection object is lost in each outage.
type gate struct {
	config esdb.Configuration
	log    *slog.Logger
	limit  time.Duration // of one contact
	start  func()        // runs connect in the background
	stop   context.CancelFunc
	work   sync.WaitGroup

	mu      sync.Mutex
	present *link
	trying  chan struct{} // closed when the running attempt at a link has ended; nil when none runs
	cause   error         // why the last attempt failed
	idle    sync.Cond     // a user left
	users   int           // of all links
	closed  bool
}

func newGate(config *esdb.Configuration, log *slog.Logger, limit time.Duration) *gate {
	ctx, stop := context.WithCancel(context.Background())
	g := &gate{config: *config, log: log, limit: limit, stop: stop}
	g.start = func() { g.work.Go(func() { g.connect(ctx) }) }
	g.idle.L = &g.mu
	return g
}

// acquire waits for a working link until ctx ends; release it after use.
func (g *gate) acquire(ctx context.Context) (*link, error) {
	for {
		g.mu.Lock()
		if g.closed {
			g.mu.Unlock()
			return nil, errClosed
		}
		if l := g.present; l != nil {
			l.users++
			g.users++
			g.mu.Unlock()
			return l, nil
		}
		if g.trying == nil {
			g.trying = make(chan struct{})
			g.start()
		}
		trying := g.trying
		g.mu.Unlock()
		select {
		case <-trying:
		case <-ctx.Done():
			return nil, errors.Join(ctx.Err(), g.lastCause())
		}
	}
}

func (g *gate) lastCause() error {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.cause
}

// release gives a link back.
func (g *gate) release(l *link) {
	g.mu.Lock()
	l.users--
	g.users--
	last := l.retired && l.users == 0
	g.idle.Broadcast()
	g.mu.Unlock()
	if last {
		g.end(l.client)
	}
}

// retire takes a link out of use; who uses it now may finish.
func (g *gate) retire(l *link) {
	g.mu.Lock()
	if g.present == l {
		g.present = nil
	}
	last := !l.retired && l.users == 0
	l.retired = true
	g.mu.Unlock()
	if last {
		g.end(l.client)
	}
}

func (g *gate) end(client *esdb.Client) {
	if err := client.Close(); err != nil {
		g.log.Warn("closing a connection to the event store", slog.Any("error", err))
	}
}

// connect makes the present link, trying until it works or the gate is closed.
func (g *gate) connect(ctx context.Context) {
	pause := firstPause
	for {
		client, err := g.contact(ctx)
		g.mu.Lock()
		if g.cause = err; err == nil || g.closed {
			if err == nil {
				g.present = &link{client: client}
			}
			close(g.trying)
			g.trying = nil
			g.mu.Unlock()
			return
		}
		g.mu.Unlock()
		select {
		case <-time.After(pause):
		case <-ctx.Done():
		}
		pause = min(2*pause, maxPause)
	}
}

// contact opens one client and asks it something. The library searches for
// minutes and cannot be stopped, so the address is tried with a plain dial first.
func (g *gate) contact(ctx context.Context) (*esdb.Client, error) {
	ctx, cancel := context.WithTimeout(ctx, g.limit)
	defer cancel()
	if err := g.dial(ctx); err != nil {
		return nil, err
	}
	config := g.config
	client, err := esdb.NewClient(&config)
	if err != nil {
		return nil, fmt.Errorf("open a client: %w", err)
	}
	if err := ping(ctx, client); err != nil {
		g.end(client)
		return nil, err
	}
	return client, nil
}

// dial finds out whether somebody listens. A cluster is left to the library.
func (g *gate) dial(ctx context.Context) error {
	network, address := "tcp", g.config.Address
	if path, ok := strings.CutPrefix(address, "unix://"); ok {
		network, address = "unix", path
	} else if g.config.DnsDiscover || len(g.config.GossipSeeds) > 0 {
		return nil
	}
	conn, err := new(net.Dialer).DialContext(ctx, network, address)
	if err != nil {
		return fmt.Errorf("reach the event store: %w", err)
	}
	return conn.Close()
}

// close refuses new users and waits for the present ones, at most the limit.
func (g *gate) close() error {
	g.mu.Lock()
	g.closed = true
	present := g.present
	g.mu.Unlock()
	g.stop()
	if present != nil {
		g.retire(present)
	}
	left := make(chan struct{})
	go func() {
		defer close(left)
		g.work.Wait()
		g.mu.Lock()
		defer g.mu.Unlock()
		if g.present != nil { // made while we closed
			g.present.retired = true
			g.end(g.present.client)
			g.present = nil
		}
		for g.users > 0 {
			g.idle.Wait()
		}
	}()
	select {
	case <-left:
		return nil
	case <-time.After(g.limit):
		return fmt.Errorf("close the event log: some calls have not returned after %s", g.limit)
	}
}
