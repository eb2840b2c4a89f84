package eventlog

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
)

// firstPause and maxPause lie between tries to open a client at a node that leads.
const (
	firstPause = 50 * time.Millisecond
	maxPause   = time.Second
)

// errClosed answers whoever calls a Log after Close.
var errClosed = errors.New("the event log is closed")

// link is one client of the library at one node, and how many calls are using it.
type link struct {
	client  *esdb.Client
	node    peer
	users   int
	retired chan struct{} // closed when nobody should begin anything on it any more
	left    chan struct{} // closed when another node leads: what is under way has lost its node
	suspect bool          // whether it still leads is being asked

	confirming sync.Mutex
	confirmed  atomic.Bool // appends may go by it
}

func (l *link) isRetired() bool {
	select {
	case <-l.retired:
		return true
	default:
		return false
	}
}

// gate hands out the present link, which goes to the node that leads, and makes a
// new one when it broke. It fences four defects of the library (v4.2.0):
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
	config  esdb.Configuration
	cluster *cluster
	log     *slog.Logger
	limit   time.Duration                    // of one contact
	begin   func(work func(context.Context)) // in the background, until stop
	stop    context.CancelFunc
	work    sync.WaitGroup

	mu      sync.Mutex
	present *link
	trying  chan struct{} // closed when the running attempt at a link has ended; nil when none runs
	idle    sync.Cond     // a user left
	users   int           // of all links
	closed  bool
}

func newGate(config *esdb.Configuration, log *slog.Logger, limit time.Duration) (*gate, error) {
	known, err := newCluster(config)
	if err != nil {
		return nil, err
	}
	life, stop := context.WithCancel(context.Background())
	g := &gate{config: *config, cluster: known, log: log, limit: limit, stop: stop}
	g.begin = func(work func(context.Context)) { g.work.Go(func() { work(life) }) }
	g.idle.L = &g.mu
	return g, nil
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
			g.begin(g.connect)
		}
		trying := g.trying
		g.mu.Unlock()
		select {
		case <-trying:
		case <-ctx.Done():
			return nil, errors.Join(g.cluster.cause(), ctx.Err())
		}
	}
}

// release gives a link back.
func (g *gate) release(l *link) {
	g.mu.Lock()
	l.users--
	g.users--
	last := l.isRetired() && l.users == 0
	g.idle.Broadcast()
	g.mu.Unlock()
	if last {
		g.end(l.client)
	}
}

// retire takes a link out of use; who calls by it now may finish. Subscriptions
// move to the next one.
func (g *gate) retire(l *link) {
	g.mu.Lock()
	if g.present == l {
		g.present = nil
	}
	last := !l.isRetired() && l.users == 0
	if !l.isRetired() {
		close(l.retired)
	}
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
		made, err := g.contact(ctx)
		g.mu.Lock()
		if err == nil || g.closed {
			if err == nil {
				g.present = made
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

// contact opens one client at the node that leads and asks it something.
func (g *gate) contact(ctx context.Context) (*link, error) {
	leading, err := g.cluster.leader(ctx)
	if err != nil {
		return nil, err
	}
	asking, cancel := context.WithTimeout(ctx, g.limit)
	defer cancel()
	config := g.config
	config.Address, config.GossipSeeds, config.DnsDiscover = leading.address, nil, false
	client, err := esdb.NewClient(&config)
	if err != nil {
		return nil, fmt.Errorf("open a client: %w", err)
	}
	answer := make(chan error, 1)
	go func() { answer <- ping(asLeader(g.cluster.dialer.login.sign(asking)), client) }()
	select {
	case err = <-answer:
	case <-asking.Done(): // the library searches for minutes and cannot be stopped
		go func() { <-answer; g.end(client) }()
		return nil, asking.Err()
	}
	if err != nil {
		g.end(client)
		g.cluster.note(leading.address, g.cluster.dialer.sentence(ctx, leading, err))
		return nil, err
	}
	g.cluster.reached()
	return &link{client: client, node: leading, retired: make(chan struct{}), left: make(chan struct{})}, nil
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
		made := g.present // while we closed
		g.present = nil
		g.mu.Unlock()
		if made != nil {
			g.retire(made)
		}
		g.mu.Lock()
		defer g.mu.Unlock()
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
