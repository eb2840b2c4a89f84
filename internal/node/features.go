package node

import (
	"context"
	"net"
	"strconv"

	"github.com/EventStore/EventStore-Client-Go/v4/protos/gossip"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/serverfeatures"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/shared"
	"google.golang.org/grpc/peer"
)

// serverVersion is the EventStoreDB version whose behaviour the node has. Clients
// split it at the dots and want three numbers.
const serverVersion = "24.10.0"

// features answers what this node can do. Clients make it their first call and
// believe it, so only what works is listed.
type features struct {
	serverfeatures.UnimplementedServerFeaturesServer
}

func (features) GetSupportedMethods(context.Context, *shared.Empty) (*serverfeatures.SupportedMethods, error) {
	const streamsService = "event_store.client.streams.streams"
	return &serverfeatures.SupportedMethods{
		EventStoreServerVersion: serverVersion,
		Methods: append(groupMethods(), []*serverfeatures.SupportedMethod{
			{ServiceName: streamsService, MethodName: "append"},
			{ServiceName: streamsService, MethodName: "delete"},
			{ServiceName: streamsService, MethodName: "tombstone"},
			{ServiceName: streamsService, MethodName: "read", Features: []string{"position", "events"}},
			{ServiceName: streamsService, MethodName: "batchappend", Features: []string{"deadline_duration"}},
			{ServiceName: "event_store.client.gossip.gossip", MethodName: "read"},
			{ServiceName: "event_store.client.server_features.serverfeatures", MethodName: "getsupportedmethods"},
		}...),
	}, nil
}

// groupMethods are those of persistent subscriptions. Clients look for the
// features on each method, and send them by HTTP where they are missing.
func groupMethods() (methods []*serverfeatures.SupportedMethod) {
	for _, name := range []string{"create", "update", "delete", "read", "getinfo", "replayparked", "list", "restartsubsystem"} {
		methods = append(methods, &serverfeatures.SupportedMethod{
			ServiceName: "event_store.client.persistent_subscriptions.persistentsubscriptions",
			MethodName:  name, Features: []string{"stream", "all"},
		})
	}
	return methods
}

// gossiper tells a discovering client about the cluster: one member, the leader,
// when the node stands alone.
type gossiper struct {
	gossip.UnimplementedGossipServer
	node *Node
}

func (g gossiper) Read(ctx context.Context, _ *shared.Empty) (*gossip.ClusterInfo, error) {
	if g.node.watcher != nil {
		return g.node.watcher.cluster(), nil
	}
	return &gossip.ClusterInfo{Members: []*gossip.MemberInfo{{
		InstanceId:   writeID(g.node.id, false),
		TimeStamp:    ticks(g.node.opts.Clock()),
		State:        gossip.MemberInfo_Leader,
		IsAlive:      !g.node.isStopping(),
		HttpEndPoint: dialable(ctx),
	}}}, nil
}

// dialable is the address by which this very client has reached the node, so one
// that it can dial again. A socket file has no such address.
func dialable(ctx context.Context) *gossip.EndPoint {
	p, ok := peer.FromContext(ctx)
	if !ok || p.LocalAddr == nil {
		return &gossip.EndPoint{}
	}
	host, port, err := net.SplitHostPort(p.LocalAddr.String())
	if err != nil {
		return &gossip.EndPoint{Address: p.LocalAddr.String()}
	}
	number, err := strconv.ParseUint(port, 10, 16)
	if err != nil {
		return &gossip.EndPoint{Address: host}
	}
	return &gossip.EndPoint{Address: host, Port: uint32(number)}
}
