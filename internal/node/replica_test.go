package node

import (
	"net"
	"strconv"
	"testing"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/gossip"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/shared"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"google.golang.org/grpc/codes"

	"github.com/jejak-kinerja/jejak/internal/pgrun/pgtest"
)

// takeoverWithin is the promise: writing goes on within it, whatever befell the leader.
const takeoverWithin = 5 * time.Second

// replicas opens nodes on one database. Each advertises the address it serves.
func replicas(t *testing.T, count int) []*rig {
	t.Helper()
	url := pgtest.URL(t)
	list := make([]*rig, count)
	for i := range list {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		n, err := Open(t.Context(), Options{DatabaseURL: url, Advertise: l.Addr().String()})
		if err != nil {
			t.Fatal(err)
		}
		list[i] = serveOn(t, n, l)
	}
	return list
}

// eventually waits for a condition; there is no signal for what another node learns.
func eventually(t *testing.T, what string, within time.Duration, holds func() bool) {
	t.Helper()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	late := time.After(within)
	for !holds() {
		select {
		case <-tick.C:
		case <-late:
			t.Fatalf("%s: not within %s", what, within)
		}
	}
}

// writes says whether the node takes a write now.
func (r *rig) writes(stream string) bool {
	o, err := r.write(r.t.Context(), &request{stream: stream, want: expectation{kind: expectAny}, events: []*event{anEvent()}})
	return err == nil && o.verdict == accepted
}

func anEvent() *event { return &event{id: uuid.New(), typ: "tested", data: []byte{}, meta: []byte{}} }

func leaderOf(t *testing.T, list []*rig) (leader *rig, followers []*rig) {
	t.Helper()
	eventually(t, "a leader", patience, func() bool {
		leader, followers = nil, nil
		for _, r := range list {
			if r.writes("probe") {
				leader = r
			} else {
				followers = append(followers, r)
			}
		}
		return leader != nil && len(followers) == len(list)-1
	})
	return leader, followers
}

func TestAFollowerServesReadsAndSubscriptionsAndNamesTheLeader(t *testing.T) {
	leader, followers := leaderOf(t, replicas(t, 2))
	follower := followers[0]
	const first = 4 // the first events, and the probe
	eventually(t, "the follower has the first events", patience, func() bool { return follower.Head() == first })
	sub := follower.follow(all, fromEnd)
	sub.sees("confirmed caught-up")
	leader.must("s", wantNone, evs("a b")...)
	sub.sees("s#0 s#1") // live: no fell-behind in between
	if answers, _, err := follower.read(ofStream("s")); err != nil || show(answers) != "s#0 s#1" {
		t.Errorf("the follower reads %s %v", show(answers), err)
	}
	host, port, err := net.SplitHostPort(leader.addr)
	if err != nil {
		t.Fatal(err)
	}
	_, trailer, err := follower.append("s", wantAny, ev("c"))
	wantRefusal(t, err, trailer, codes.NotFound, "exception", "not-leader", "leader-endpoint-host", host, "leader-endpoint-port", port)

	for _, r := range []*rig{leader, follower} {
		info, err := gossip.NewGossipClient(r.conn).Read(r.context(), &shared.Empty{})
		if err != nil || len(info.GetMembers()) != 2 {
			t.Fatalf("gossip says %v %v", info, err)
		}
		for _, m := range info.GetMembers() {
			leads := strconv.Itoa(int(m.GetHttpEndPoint().GetPort())) == port
			if (m.GetState() == gossip.MemberInfo_Leader) != leads || !m.GetIsAlive() {
				t.Errorf("gossip says %v", m)
			}
		}
	}
}

// The official client goes to the leader by itself.
func TestTheOfficialClientFollowsTheLeader(t *testing.T) {
	_, followers := leaderOf(t, replicas(t, 2))
	client := followers[0].client()
	eventually(t, "an append through a follower", takeoverWithin, func() bool {
		_, err := client.AppendToStream(t.Context(), "s", esdb.AppendToStreamOptions{ExpectedRevision: esdb.Any{}}, oneEvent())
		return err == nil
	})
}

func TestALeaderThatClosesIsReplaced(t *testing.T) {
	leader, followers := leaderOf(t, replicas(t, 3))
	if err := leader.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	eventually(t, "takeover", takeoverWithin, func() bool { return followers[0].writes("t") || followers[1].writes("t") })
}

// A term that is over cannot write, even if the old session still had its lock.
func TestAnOldTermIsFencedOff(t *testing.T) {
	r := newRig(t)
	old := r.seq.store.(*session)
	conn, err := pgx.Connect(t.Context(), r.opts.DatabaseURL)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	if _, err := conn.Exec(t.Context(), `update eventstore.leader set epoch = epoch + 1`); err != nil {
		t.Fatal(err)
	}
	head := int64(r.Head())
	e := anEvent()
	e.pos, e.sid, e.stream = head+1, 99, "s"
	b := &batch{first: head + 1, events: []*event{e}, touched: []*stream{{sid: 99, name: "s"}}}
	if err := old.write(t.Context(), b); err == nil {
		t.Error("the old term wrote")
	}
	if found, err := old.holds(t.Context(), e.pos, e.id); err != nil || found {
		t.Errorf("stored: %v %v", found, err)
	}
}

// A leader whose process stands still has a session but shows no sign of life.
// When it wakes, what it was about to send is refused, and it follows.
func TestAFrozenLeaderIsReplacedAndWritesNothingWhenItWakes(t *testing.T) {
	list, freezers := freezableReplicas(t, 3)
	leader, followers := leaderOf(t, list)
	var frozen *freezer
	for i := range list {
		if list[i] == leader {
			frozen = freezers[i]
		}
	}
	frozen.freeze()
	since := time.Now()
	frozenWrite := make(chan error, 1)
	e := anEvent()
	go func() {
		_, err := leader.write(t.Context(), &request{stream: "frozen", want: expectation{kind: expectNoStream}, events: []*event{e}})
		frozenWrite <- err
	}()
	eventually(t, "takeover", takeoverWithin, func() bool { return followers[0].writes("t") || followers[1].writes("t") })
	t.Logf("taken over after %s", time.Since(since))
	frozen.thaw()
	select {
	case err := <-frozenWrite:
		if err == nil {
			t.Error("the frozen leader's write was acknowledged")
		}
	case <-time.After(patience):
		t.Fatal("the frozen leader's write has no answer")
	}
	if answers, _, err := followers[0].read(ofStream("frozen")); err != nil || show(answers) != "not-found" {
		t.Errorf("the frozen leader wrote: %s %v", show(answers), err)
	}
	eventually(t, "the old leader names the new one", takeoverWithin, func() bool {
		_, err := leader.write(t.Context(), &request{stream: "x", want: expectation{kind: expectAny}, events: []*event{anEvent()}})
		refused := asRefusal(err)
		return refused != nil && refused.code == codes.NotFound
	})
}
