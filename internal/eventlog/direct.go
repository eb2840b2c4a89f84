package eventlog

import (
	"context"
	"errors"
	"fmt"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// dialLeader connects to the node that leads, for calls of the protocol that the
// library does not offer. Its error says why there is none.
func dialLeader(ctx context.Context, o Options) (*grpc.ClientConn, error) {
	config, err := o.configuration()
	if err != nil {
		return nil, err
	}
	known, err := newCluster(config)
	if err != nil {
		return nil, err
	}
	asking, cancel := context.WithTimeout(ctx, DefaultCallTimeout)
	defer cancel()
	leading, err := known.leader(asking)
	if err != nil {
		return nil, fmt.Errorf("reach the leader of the event store: %w", errors.Join(known.cause(), err))
	}
	return known.dialer.connect(leading)
}

// final says that asking again would be answered the same.
func final(err error) bool {
	switch status.Code(err) {
	case codes.Unauthenticated, codes.PermissionDenied, codes.Unimplemented, codes.InvalidArgument, codes.FailedPrecondition:
		return true
	}
	return misconfigured(err)
}
