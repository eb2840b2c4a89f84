package node

import (
	"net"
	"testing"

	"github.com/EventStore/EventStore-Client-Go/v4/protos/persistent"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
)

// What a client sends that wants to speak to the leader.
func requiringLeader(r *rig) *rig {
	asking := *r
	asking.outgoing = metadata.Pairs("requires-leader", "true")
	return &asking
}

// Clients return to the leader when a call ends with its address, whatever the call.
func TestAFollowerSendsEveryCallThatAsksForTheLeaderToIt(t *testing.T) {
	leader, followers := leaderOf(t, replicas(t, 2))
	follower := requiringLeader(followers[0])
	host, port, err := net.SplitHostPort(leader.addr)
	if err != nil {
		t.Fatal(err)
	}
	sentOn := func(what string, err error, trailer metadata.MD) {
		t.Helper()
		t.Run(what, func(t *testing.T) {
			wantRefusal(t, err, trailer, codes.NotFound, "exception", "not-leader", "leader-endpoint-host", host, "leader-endpoint-port", port)
		})
	}
	_, trailer, err := follower.append("s", wantAny, ev("a"))
	sentOn("append", err, trailer)
	_, trailer, err = follower.delete("s", wantAny)
	sentOn("delete", err, trailer)
	_, trailer, err = follower.tombstone("s", wantAny)
	sentOn("tombstone", err, trailer)
	_, trailer, err = follower.read(ofStream("s"))
	sentOn("read of a stream", err, trailer)
	_, trailer, err = follower.read(all)
	sentOn("read of the log", err, trailer)

	for what, from := range map[string]readPart{"stream subscription": ofStream("s"), "log subscription": all} {
		sub := follower.follow(from)
		_, err := sub.call.Recv()
		sentOn(what, err, sub.call.Trailer())
	}
	batch, err := follower.api.BatchAppend(follower.context())
	if err != nil {
		t.Fatal(err)
	}
	if err := batch.Send(whole(0, batchOptions("s", wantAny), "a")); err != nil {
		t.Fatal(err)
	}
	_, err = batch.Recv()
	sentOn("batched append", err, batch.Trailer())

	var md metadata.MD
	_, err = follower.groupsAPI().Create(follower.context(), groupOn("s"), withTrailer(&md))
	sentOn("group", err, md)
	consumer, err := follower.groupsAPI().Read(follower.context())
	if err != nil {
		t.Fatal(err)
	}
	if err := consumer.Send(&persistent.ReadReq{Content: &persistent.ReadReq_Options_{Options: &persistent.ReadReq_Options{GroupName: "g", BufferSize: 1,
		StreamOption: &persistent.ReadReq_Options_StreamIdentifier{StreamIdentifier: named("s")}}}}); err != nil {
		t.Fatal(err)
	}
	_, err = consumer.Recv()
	sentOn("consumer", err, consumer.Trailer())

	if _, _, err := requiringLeader(leader).read(all); err != nil {
		t.Errorf("the leader itself: %v", err)
	}
}

// A batched append is not told "unknown" when the node cannot write at all: the
// call ends, with what had been answered before.
func TestABatchCallEndsWhenTheNodeTakesNoWrites(t *testing.T) {
	r := newRig(t)
	call, err := r.api.BatchAppend(r.context())
	if err != nil {
		t.Fatal(err)
	}
	send := func(n int, name string) {
		t.Helper()
		if err := call.Send(whole(n, batchOptions("s", wantAny), name)); err != nil {
			t.Fatal(err)
		}
	}
	send(0, "a")
	if a, err := call.Recv(); err != nil || a.GetSuccess() == nil {
		t.Fatalf("got %v %v", a, err)
	}
	r.queue.suspend(func() error { return unavailable("the write", errNoSession) })
	defer r.queue.resume()
	send(1, "b")
	if a, err := call.Recv(); err == nil {
		t.Errorf("got %v, want the end of the call", a)
	} else {
		wantRefusal(t, err, call.Trailer(), codes.Unavailable)
	}
}
