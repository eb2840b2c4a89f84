package eventlog

import (
	"context"
	"errors"
	"io"
	"net"
	"sync"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/protos/gossip"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/shared"
	api "github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
	"google.golang.org/grpc"
	grpcmeta "google.golang.org/grpc/metadata"

	"github.com/jejak-kinerja/jejak/internal/clock"
)

const (
	// probeLimit bounds one question to one node. A standing node costs nothing else,
	// as all are asked side by side. One that does not answer within it may be slow, and
	// is given twice as long the next time, at most slowProbeLimit.
	probeLimit     = 2 * time.Second
	slowProbeLimit = 8 * time.Second

	// probePause lies between two questions to a node that does not lead.
	probePause = 100 * time.Millisecond

	// refusedPause lies between two questions to one that refuses us.
	refusedPause = 2 * time.Second
)

// search asks all nodes of a cluster who leads, each again and again, until one does.
// The library would stop at the first node that serves anything, take what the
// others say of the leader for true, and wait for one that stands still.
type search struct {
	cluster *cluster
	found   chan peer
	work    sync.WaitGroup

	mu    sync.Mutex
	asked map[peer]bool
}

// leader finds the node that leads; its error is that of ctx.
func (c *cluster) leader(ctx context.Context) (peer, error) {
	ctx, cancel := context.WithCancel(ctx)
	s := &search{cluster: c, found: make(chan peer, 1), asked: map[peer]bool{}}
	defer s.work.Wait()
	defer cancel()
	for {
		for _, n := range c.nodes(ctx) {
			s.ask(ctx, n)
		}
		again := time.NewTimer(probeLimit) // names may lead elsewhere by then
		select {
		case n := <-s.found:
			again.Stop()
			return n, nil
		case <-ctx.Done():
			again.Stop()
			return peer{}, ctx.Err()
		case <-again.C:
		}
	}
}

// leaderUnless is leader, but gives up when what keeps us from every node is hopeless.
func (c *cluster) leaderUnless(ctx context.Context, hopeless func(error) bool) (peer, error) {
	ctx, cancel := context.WithCancel(ctx)
	var looking sync.WaitGroup
	defer looking.Wait()
	defer cancel()
	looking.Go(func() {
		look := time.NewTicker(lookEvery)
		defer look.Stop()
		for {
			select {
			case <-look.C:
				if hopeless(c.cause()) {
					cancel()
				}
			case <-ctx.Done():
				return
			}
		}
	})
	return c.leader(ctx)
}

// ask begins to ask a node, unless it is being asked.
func (s *search) ask(ctx context.Context, n peer) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.asked[n] || len(s.asked) == maxNodes {
		return
	}
	s.asked[n] = true
	s.work.Go(func() { s.pursue(ctx, n) })
}

func (s *search) pursue(ctx context.Context, n peer) {
	conn, err := s.cluster.dialer.connect(n)
	if err != nil {
		s.cluster.note(n.address, explain(n.address, err))
		return
	}
	defer conn.Close() //nolint:errcheck // it was only for asking
	for limit := probeLimit; ; {
		began := clock.Now()
		err := s.probe(ctx, conn, n, limit)
		if ctx.Err() != nil {
			return
		}
		if err != nil && clock.Since(began) >= limit {
			limit = min(2*limit, slowProbeLimit)
		}
		s.cluster.note(n.address, err)
		if err == nil && !n.seed {
			select {
			case s.found <- n:
			default: // another was faster
			}
			return
		}
		pause := probePause
		if misconfigured(err) { // a wrong password costs the store more than us
			pause = refusedPause
		}
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return
		}
	}
}

// probe asks a node for the others and whether it leads.
func (s *search) probe(ctx context.Context, conn *grpc.ClientConn, n peer, limit time.Duration) error {
	asking, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	info, gossiped := gossip.NewGossipClient(conn).Read(asking, &shared.Empty{})
	if gossiped == nil {
		for _, m := range s.cluster.learn(info) {
			s.ask(ctx, m)
		}
	}
	if n.seed {
		return s.cluster.dialer.sentence(ctx, n, gossiped)
	}
	host, port, err := leads(asking, conn)
	if host != "" {
		s.ask(ctx, peerAt(net.JoinHostPort(host, port)))
	}
	if err == nil && s.cluster.doubts(n.address) {
		err = errFollows
	}
	return s.cluster.dialer.sentence(ctx, n, err)
}

// leads asks a node something in its quality as leader. One that does not lead may
// tell who does.
func leads(ctx context.Context, conn *grpc.ClientConn) (host, port string, err error) {
	var trailer grpcmeta.MD
	reading, err := api.NewStreamsClient(conn).Read(asLeader(ctx), probeRead, grpc.Trailer(&trailer))
	for err == nil {
		_, err = reading.Recv()
	}
	if errors.Is(err, io.EOF) {
		return "", "", nil
	}
	if one(trailer, "exception") == "not-leader" {
		return one(trailer, "leader-endpoint-host"), one(trailer, "leader-endpoint-port"), errFollows
	}
	return "", "", err
}

func one(m grpcmeta.MD, key string) string {
	if values := m.Get(key); len(values) > 0 {
		return values[0]
	}
	return ""
}

// probeStream is never written. Who may not read the whole log can ask for it, too.
const probeStream = "jejakprobe"

var probeRead = &api.ReadReq{Options: &api.ReadReq_Options{
	StreamOption: &api.ReadReq_Options_Stream{Stream: &api.ReadReq_Options_StreamOptions{
		StreamIdentifier: &shared.StreamIdentifier{StreamName: []byte(probeStream)},
		RevisionOption:   &api.ReadReq_Options_StreamOptions_Start{Start: &shared.Empty{}}}},
	ReadDirection: api.ReadReq_Options_Forwards,
	CountOption:   &api.ReadReq_Options_Count{Count: 1},
	FilterOption:  &api.ReadReq_Options_NoFilter{NoFilter: &shared.Empty{}},
	UuidOption:    textIDs(),
}}

// asLeader makes a follower refuse a call instead of answering it from what it has.
// The library means to send this header, but puts it where it does not travel.
func asLeader(ctx context.Context) context.Context {
	return grpcmeta.AppendToOutgoingContext(ctx, "requires-leader", "true")
}
