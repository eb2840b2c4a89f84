package node

import (
	"fmt"
	"net"
	"strconv"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/protos/gossip"
	"github.com/google/uuid"
)

// member is one node of a database, as the others know it.
type member struct {
	id   uuid.UUID
	host string // "" when it stands alone
	port int32
	seen time.Time // by the database's clock
	idle time.Duration
}

// newMember reads "host:port".
func newMember(address string) (member, error) {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return member{}, fmt.Errorf("node: the advertised address: %w", err)
	}
	number, err := strconv.ParseUint(port, 10, 16)
	if err != nil || number == 0 || host == "" {
		return member{}, fmt.Errorf("node: the advertised address %q must be host:port, as others dial it", address)
	}
	return member{host: host, port: int32(number)}, nil
}

// replica: other nodes may write to the same database in its place.
func (m member) replica() bool { return m.host != "" }

// view is what a node knows of all, as of its last look at the database.
type view struct {
	head    int64
	epoch   int64
	leader  member // its idle time is that of its last sign of life
	led     bool   // somebody holds the writer lock
	members []member
}

// leads tells whether m is the leader and shows signs of life.
func (v *view) leads(m member) bool {
	return v.led && v.leader.id == m.id && v.leader.idle < leaderSilence
}

// cluster is the view in the words of the protocol.
func (w *watcher) cluster() *gossip.ClusterInfo {
	v := w.view.Load()
	info := &gossip.ClusterInfo{}
	for _, m := range v.members {
		state := gossip.MemberInfo_Follower
		if v.leads(m) {
			state = gossip.MemberInfo_Leader
		}
		info.Members = append(info.Members, &gossip.MemberInfo{
			InstanceId: writeID(m.id, false), TimeStamp: ticks(m.seen), State: state, IsAlive: m.idle < leaderSilence,
			HttpEndPoint: &gossip.EndPoint{Address: m.host, Port: uint32(m.port)},
		})
	}
	return info
}
