package eventlog_test

import (
	"context"
	"fmt"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/protos/gossip"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
	"github.com/google/uuid"
	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/proto"

	"github.com/jejak-kinerja/jejak/internal/eventlog/scripted"
)

// trio is a cluster of three that holds one list of events.
type trio struct {
	nodes   []*scripted.Server
	leads   atomic.Int32 // which one; -1 for none
	named   atomic.Int32 // which one the others think leads
	stored  atomic.Int32
	follows atomic.Int32 // subscriptions at the present leader
}

func startTrio(t *testing.T) *trio {
	c := &trio{}
	for n := range 3 {
		c.nodes = append(c.nodes, scripted.Start(t, func(call *scripted.Call) error { return c.answer(n, call) }))
	}
	return c
}

func (c *trio) address() string {
	address := "esdb://"
	for n, node := range c.nodes {
		if n > 0 {
			address += ","
		}
		address += node.Address
	}
	return address + "?tls=false"
}

func (c *trio) answer(n int, call *scripted.Call) error {
	switch {
	case call.Method == scripted.Gossip:
		return call.Send(c.gossip())
	case call.Method == scripted.Features:
		return call.Refuse(codes.Unimplemented, "")
	case call.Leader() && int(c.leads.Load()) != n:
		named := c.nodes[c.named.Load()]
		return call.Refuse(codes.NotFound, "Leader info available", "exception", "not-leader",
			"leader-endpoint-host", named.Host, "leader-endpoint-port", strconv.Itoa(named.Port))
	case call.Method == scripted.Append:
		p, err := scripted.ProposalOf(call.Requests)
		if err != nil {
			return err
		}
		return call.Send(scripted.Stored(uint64(p.After+int64(len(p.IDs))), uint64(c.stored.Add(1))))
	case isSubscription(call):
		return c.subscribe(n, call)
	}
	o, err := scripted.ReadOf(call.Requests[0])
	if err == nil && o.GetReadDirection() == streams.ReadReq_Options_Forwards && o.GetAll().GetPosition() != nil {
		at := o.GetAll().GetPosition().GetCommitPosition()
		return call.Send(scripted.EventAt(at, eventAt(at)))
	}
	return err
}

// eventAt is the id of the event at a position, on every node.
func eventAt(position uint64) string { return fmt.Sprintf("00000000-0000-4000-8000-%012d", position) }

// subscribe sends one event of each append that is stored.
func (c *trio) subscribe(n int, call *scripted.Call) error {
	o, err := scripted.ReadOf(call.Requests[0])
	if err != nil {
		return err
	}
	if err := call.Send(scripted.Confirmed()); err != nil {
		return err
	}
	if int(c.leads.Load()) == n {
		c.follows.Add(1)
	}
	at := o.GetAll().GetPosition().GetCommitPosition()
	for {
		for ; at < uint64(c.stored.Load()); at++ {
			if err := call.Send(scripted.EventOfStream("person-a", eventAt(at+1), at, at+1)); err != nil {
				return err
			}
		}
		select {
		case <-time.After(5 * time.Millisecond):
		case <-call.Context().Done():
			return call.Context().Err()
		}
	}
}

// gossip names the node that the others think leads, and calls all alive, as it was
// recorded while a leader stood still.
func (c *trio) gossip() []byte {
	info := &gossip.ClusterInfo{}
	for n, node := range c.nodes {
		state := gossip.MemberInfo_Follower
		if int(c.named.Load()) == n {
			state = gossip.MemberInfo_Leader
		}
		info.Members = append(info.Members, &gossip.MemberInfo{State: state, IsAlive: true,
			HttpEndPoint: &gossip.EndPoint{Address: node.Host, Port: uint32(node.Port)}})
	}
	b, err := proto.Marshal(info)
	if err != nil {
		panic(err) // our own message
	}
	return b
}

const (
	// election is how long it takes the others to choose, shorter than recorded.
	election = 1500 * time.Millisecond

	// goOn is how soon writes must go on after it. The machine of a test may be busy.
	goOn = 2 * time.Second
)

// frozenLeaderIsLeft: an append that is under way, and a subscription that only
// listens, move to the node that leads after an election, though nobody closed a
// connection and gossip still names the old one.
func frozenLeaderIsLeft(t *testing.T) {
	c := startTrio(t)
	l := openAt(t, c.address())
	sub, err := l.Subscribe(t.Context(), 0)
	if err != nil {
		t.Fatal(err)
	}
	defer sub.Close()
	event := func() error {
		_, err := l.Append(t.Context(), "person-a", int64(c.stored.Load())-1, facts([]string{uuid.NewString()}))
		return err
	}
	if err := event(); err != nil {
		t.Fatal(err)
	}
	collect(t, sub, 1)
	before := c.follows.Load()
	c.nodes[0].Freeze()
	c.leads.Store(-1)
	appended := make(chan error, 1)
	go func() { appended <- event() }()
	<-time.After(election)
	c.leads.Store(2)
	chosen := time.Now()
	if err := <-appended; err != nil {
		t.Fatalf("the append that met a frozen leader: %v", err)
	}
	if took := time.Since(chosen); took > goOn {
		t.Errorf("writes went on %s after the election", took)
	} else {
		t.Logf("writes went on %s after the election", took.Round(time.Millisecond))
	}
	collect(t, sub, 1)
	t.Logf("the subscription went on %s after the election", time.Since(chosen).Round(time.Millisecond))
	if c.follows.Load() == before {
		t.Error("nobody follows the new leader")
	}
}

// TestASubscriptionAloneLeavesALeaderThatStandsStill: nobody calls meanwhile.
func TestASubscriptionAloneLeavesALeaderThatStandsStill(t *testing.T) {
	t.Parallel()
	c := startTrio(t)
	l := openAt(t, c.address())
	sub, err := l.Subscribe(t.Context(), 0)
	if err != nil {
		t.Fatal(err)
	}
	defer sub.Close()
	eventually(t, func() bool { return c.follows.Load() == 1 })
	c.nodes[0].Freeze()
	c.leads.Store(1)
	began := time.Now()
	c.stored.Add(1)
	collect(t, sub, 1)
	t.Logf("it moved within %s", time.Since(began).Round(time.Millisecond))
}

// TestSilenceOfAnIdleLogIsNoFault: a subscription that has nothing to hear stays
// where it is, longer than a standing leader would be endured.
func TestSilenceOfAnIdleLogIsNoFault(t *testing.T) {
	t.Parallel()
	c := startTrio(t)
	l := openAt(t, c.address())
	sub, err := l.Subscribe(t.Context(), 0)
	if err != nil {
		t.Fatal(err)
	}
	defer sub.Close()
	eventually(t, func() bool { return c.follows.Load() == 1 })
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	for ctx.Err() == nil {
		if batch, err := sub.Next(ctx); err == nil && len(batch.Entries) > 0 {
			t.Error("an event came out of nothing")
		}
	}
	if n := c.follows.Load(); n != 1 {
		t.Errorf("it subscribed %d times", n)
	}
}

// TestAKilledLeaderIsReplacedWithinASecond: its connections are closed, and the next
// one says that it is not ready first.
func TestAKilledLeaderIsReplacedWithinASecond(t *testing.T) {
	t.Parallel()
	c := startTrio(t)
	l := openAt(t, c.address())
	event := func() error {
		_, err := l.Append(t.Context(), "person-a", int64(c.stored.Load())-1, facts([]string{uuid.NewString()}))
		return err
	}
	if err := event(); err != nil {
		t.Fatal(err)
	}
	c.leads.Store(-1)
	c.nodes[0].Stop()
	appended := make(chan error, 1)
	go func() { appended <- event() }()
	<-time.After(election)
	c.leads.Store(1)
	chosen := time.Now()
	if err := <-appended; err != nil {
		t.Fatal(err)
	}
	if took := time.Since(chosen); took > goOn {
		t.Errorf("writes went on %s after the election", took)
	} else {
		t.Logf("writes went on %s after the election", took.Round(time.Millisecond))
	}
}

// TestANodeThatStandsStillDelaysNoStart: the others are asked beside it, and the one
// that leads is found though it is in no address, and though gossip names the wrong one.
func TestANodeThatStandsStillDelaysNoStart(t *testing.T) {
	t.Parallel()
	c := startTrio(t)
	c.leads.Store(2)
	c.nodes[0].Freeze()
	began := time.Now()
	l := openAt(t, "esdb://"+c.nodes[0].Address+","+c.nodes[1].Address+"?tls=false")
	if _, err := l.Append(t.Context(), "person-a", -1, facts([]string{uuid.NewString()})); err != nil {
		t.Fatal(err)
	}
	if took := time.Since(began); took > goOn {
		t.Errorf("it took %s to find the leader", took)
	}
}
