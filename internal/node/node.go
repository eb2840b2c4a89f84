package node

import (
	"context"
	"errors"
	"fmt"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"
	"google.golang.org/grpc"
)

const (
	// takeoverLimit bounds the wait, at start, for a previous writer of the same
	// database to be cleared away.
	takeoverLimit = 15 * time.Second

	// drainLimit bounds Close when its context does not.
	drainLimit = 10 * time.Second
)

// Node is a running event store node.
type Node struct {
	opts     Options
	id       uuid.UUID
	pool     *pgxpool.Pool
	reader   *reader
	ring     *ring
	queue    *queue
	seq      *sequencer
	watcher  *watcher // nil when the node stands alone
	server   *grpc.Server
	stopping chan struct{} // closed when Close begins

	closing     sync.Once
	closed      error
	abandon     context.CancelFunc // ends the sequencer's round trips; only when draining failed
	running     sync.WaitGroup     // the sequencer, and receivers of BatchAppend
	subscribers atomic.Int64
	gate        *gate
	rights      *rights
	groups      atomic.Pointer[groups] // persistent subscriptions; nil until they run
}

// Open migrates the database, becomes its one writer, and starts. It fails when
// another node writes to the same database and does not go away within 15 seconds.
// A replica (see Options.Advertise) begins as a follower instead.
// Call Serve to be reachable and Close to end.
func Open(ctx context.Context, o Options) (*Node, error) {
	o, err := o.withDefaults()
	if err != nil {
		return nil, err
	}
	if err := Migrate(ctx, o.DatabaseURL); err != nil {
		return nil, err
	}
	config, err := pgxpool.ParseConfig(o.DatabaseURL)
	if err != nil {
		return nil, fmt.Errorf("node: read the database URL: %w", err)
	}
	config.MaxConns = int32(o.Readers)
	config.AfterConnect = prepareConnection
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, fmt.Errorf("node: open the pool: %w", err)
	}
	n, err := start(ctx, o, &session{config: config.ConnConfig}, pool)
	if err != nil {
		pool.Close()
		return nil, err
	}
	return n, nil
}

// start runs a node on a given store, which tests replace by a failing one.
func start(ctx context.Context, o Options, s store, pool *pgxpool.Pool) (*Node, error) {
	n := &Node{
		opts: o, id: uuid.New(), pool: pool,
		queue:    newQueue(maxAdmittedBytes),
		reader:   &reader{pool: pool, now: o.Clock, names: map[int64]string{}},
		stopping: make(chan struct{}),
	}
	n.seq = &sequencer{queue: n.queue, store: s, now: o.Clock, log: o.Log, refill: o.Refill, failed: make(chan error, 1),
		patience: o.patience, stopping: n.stopping}
	n.rights = newRights(n.reader)
	var err error
	if n.gate, err = newGate(o); err != nil {
		return nil, err
	}
	if o.Advertise != "" {
		return n.startReplica(ctx, s)
	}
	s.stand(member{id: n.id})
	taking, cancel := context.WithTimeout(ctx, takeoverLimit)
	defer cancel()
	if err := n.seq.open(taking); err != nil {
		s.close(context.WithoutCancel(ctx))
		return nil, fmt.Errorf("node: become the writer: %w", err)
	}
	n.ring = newRing(n.seq.head, ringEvents, ringBytes, n.rights)
	n.seq.ring = n.ring
	n.server = n.newServer()

	working, abandon := context.WithCancel(context.WithoutCancel(ctx))
	n.abandon = abandon
	n.running.Go(func() {
		n.seq.run(working)
		s.close(working)
	})
	if err := n.furnish(ctx, working); err != nil {
		return nil, errors.Join(err, n.Close(ctx))
	}
	return n, nil
}

// Serve answers gRPC on the listener until Close; then it returns nil. Several
// listeners may be served at once. It closes the listener.
func (n *Node) Serve(l net.Listener) error {
	if err := n.server.Serve(l); err != nil && !errors.Is(err, grpc.ErrServerStopped) {
		return fmt.Errorf("node: serve: %w", err)
	}
	return nil
}

// Close refuses new calls, ends subscriptions, finishes what is admitted, and
// waits for every goroutine of the node. When ctx ends first (at the latest after
// 10 seconds), what is still running is cut off and Close says so; even then
// nothing acknowledged is lost.
func (n *Node) Close(ctx context.Context) error {
	n.closing.Do(func() { n.closed = n.drain(ctx) })
	return n.closed
}

func (n *Node) drain(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, drainLimit)
	defer cancel()
	close(n.stopping)

	stopped := make(chan struct{})
	n.running.Go(func() { n.server.GracefulStop(); close(stopped) })
	var cut error
	select {
	case <-stopped:
	case <-ctx.Done():
		cut = fmt.Errorf("node: calls were cut off: %w", ctx.Err())
		n.server.Stop()
	}
	n.closeGroups(ctx) // they write their last checkpoints
	n.queue.close()
	done := make(chan struct{})
	go func() { n.running.Wait(); close(done) }()
	select {
	case <-done:
	case <-ctx.Done():
		cut = errors.Join(cut, fmt.Errorf("node: the last writes were cut off: %w", ctx.Err()))
		n.abandon()
		<-done
	}
	n.abandon()
	n.pool.Close()
	return cut
}

// Head is the position of the newest event that readers may see, 0 for none.
func (n *Node) Head() uint64 { return uint64(n.ring.last()) }

// Ready tells why a write would not be taken now; nil when it would. It asks the
// database once. A follower says that it is not the leader.
func (n *Node) Ready(ctx context.Context) error {
	if err := n.pool.Ping(ctx); err != nil {
		return unavailable("the database", err)
	}
	return n.queue.refusal()
}

// Failed receives one error when the node no longer knows what is stored and has
// stopped writing. The process should end then; a new one finds the truth in the log.
func (n *Node) Failed() <-chan error { return n.seq.failed }

// Stats are counts since the start.
type Stats struct {
	Appends     uint64 // answered writes of every kind, refusals included
	Events      uint64 // stored
	Commits     uint64 // transactions they were stored in
	Subscribers int64  // subscriptions running now
}

// Stats tells the node's counts.
func (n *Node) Stats() Stats {
	c := &n.seq.counts
	return Stats{c.appends.Load(), c.events.Load(), c.commits.Load(), n.subscribers.Load()}
}
