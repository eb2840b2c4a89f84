package eventlog

import (
	"context"
	"errors"
	"fmt"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/gossip"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/shared"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/jejak-kinerja/jejak/domain"
)

// direct is a connection to the node that leads, for calls of the protocol that the
// library does not offer.
type direct struct {
	*grpc.ClientConn
	members []*gossip.MemberInfo
}

// dialLeader connects to the node that leads. Its error says why there is none: at
// once when waiting would not help.
func dialLeader(ctx context.Context, config *esdb.Configuration) (*direct, error) {
	known, err := newCluster(config)
	if err != nil {
		return nil, err
	}
	asking, cancel := context.WithTimeout(ctx, DefaultCallTimeout)
	defer cancel()
	leading, err := known.leaderUnless(asking, misconfigured)
	if err != nil && domain.SlugOf(known.cause()) == slugDenied { // that is an answer, too
		if named, found := known.hearsay(); found {
			leading, err = named, nil
		}
	}
	if err != nil {
		return nil, fmt.Errorf("reach the leader of the event store: %w", errors.Join(known.cause(), err))
	}
	conn, err := known.dialer.connect(leading)
	if err != nil {
		return nil, err
	}
	info, err := gossip.NewGossipClient(conn).Read(asking, &shared.Empty{})
	if err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	return &direct{conn, info.GetMembers()}, nil
}

// final says that asking again would be answered the same.
func final(err error) bool {
	switch status.Code(err) {
	case codes.Unauthenticated, codes.PermissionDenied, codes.Unimplemented, codes.InvalidArgument, codes.FailedPrecondition:
		return true
	}
	return misconfigured(err)
}
