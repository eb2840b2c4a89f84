package node

import (
	"testing"

	"github.com/EventStore/EventStore-Client-Go/v4/protos/persistent"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// Persistent subscriptions write, so they run where the leader is: a follower
// names it, and the next leader goes on behind what was acknowledged.
func TestAGroupMovesWithTheLeader(t *testing.T) {
	leader, followers := leaderOf(t, replicas(t, 2))
	next := followers[0]
	leader.must("s", wantNone, evs("a b c")...)
	eventually(t, "the leader runs its groups", patience, func() bool {
		_, err := leader.groupsAPI().Create(leader.context(), groupOn("s"))
		return err == nil
	})
	if _, err := next.tryMember("s", 1); status.Code(err) != codes.NotFound {
		t.Errorf("a follower answers %v, want not-leader", err)
	}
	leader.participant("s", 10).wants(0, 1)
	leader.settled("s", func(i *persistent.SubscriptionInfo) bool { return i.GetLastCheckpointedEventPosition() == "1" })
	if err := leader.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	var taker *participant
	eventually(t, "the next leader runs the group", patience, func() bool {
		m, err := next.tryMember("s", 10)
		taker = m
		return err == nil
	})
	taker.wants(2)
}
