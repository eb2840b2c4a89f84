package node

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/protos/gossip"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/persistent"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/serverfeatures"
	api "github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/keepalive"
	"google.golang.org/grpc/status"
)

const (
	// maxMessageBytes is what the official clients receive at most.
	maxMessageBytes = 17 << 20

	// maxReceivedBytes is EventStoreDB's limit: a larger message, so also an event
	// of that size, is RESOURCE_EXHAUSTED. Clients send up to 3 MiB and one event.
	maxReceivedBytes = 16 << 20

	// Windows that let one subscription fill a local connection.
	streamWindowBytes     = 1 << 20
	connectionWindowBytes = 4 << 20

	// maxConcurrentCalls bounds the calls of one connection: each may hold one
	// append in memory while it arrives.
	maxConcurrentCalls = 10_000
)

// enforcement allows the official clients' pings: every 10 s, also without calls.
// The default of gRPC would close such a connection after a few of them.
func enforcement() keepalive.EnforcementPolicy {
	return keepalive.EnforcementPolicy{MinTime: 5 * time.Second, PermitWithoutStream: true}
}

// liveness finds clients that have vanished without a word.
func liveness() keepalive.ServerParameters {
	return keepalive.ServerParameters{Time: 30 * time.Second, Timeout: 20 * time.Second}
}

func (n *Node) newServer() *grpc.Server {
	s := grpc.NewServer(
		grpc.Creds(newDoor(n.opts.TLS)),
		withCodec(),
		grpc.KeepaliveEnforcementPolicy(enforcement()),
		grpc.KeepaliveParams(liveness()),
		grpc.MaxRecvMsgSize(maxReceivedBytes),
		grpc.MaxSendMsgSize(maxMessageBytes),
		grpc.InitialWindowSize(streamWindowBytes),
		grpc.InitialConnWindowSize(connectionWindowBytes),
		grpc.MaxConcurrentStreams(maxConcurrentCalls),
		grpc.UnaryInterceptor(n.answerUnary),
		grpc.StreamInterceptor(n.answerStream),
		grpc.UnknownServiceHandler(func(any, grpc.ServerStream) error { return status.Error(codes.Unimplemented, textNoService) }),
	)
	serverfeatures.RegisterServerFeaturesServer(s, features{})
	gossip.RegisterGossipServer(s, gossiper{node: n})
	api.RegisterStreamsServer(s, streams{node: n})
	persistent.RegisterPersistentSubscriptionsServer(s, groupService{node: n})
	return s
}

func (n *Node) answerUnary(ctx context.Context, req any, call *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) {
	var resp any
	ctx, err := n.gate.admit(ctx)
	if err == nil {
		resp, err = handler(ctx, req)
	}
	if r := asRefusal(err); r != nil {
		err = errors.Join(err, grpc.SetTrailer(ctx, r.trailer()))
	}
	return resp, n.finalError(ctx, call.FullMethod, err)
}

func (n *Node) answerStream(srv any, ss grpc.ServerStream, call *grpc.StreamServerInfo, handler grpc.StreamHandler) error {
	ctx, err := n.gate.admit(ss.Context())
	if err == nil {
		err = handler(srv, admitted{ss, ctx})
	}
	if err != nil && call.IsClientStream && !call.IsServerStream {
		hearOut(ss)
	}
	if r := asRefusal(err); r != nil {
		ss.SetTrailer(r.trailer())
	}
	return n.finalError(ss.Context(), call.FullMethod, err)
}

// maxHeardOut bounds what is read from a client that has its answer already.
const maxHeardOut = maxAppendEvents + 1 // its options first

// hearOut reads what a refused client still sends, so that it gets the refusal:
// the official Go client takes a stream that closes under its hands for an
// unknown error.
func hearOut(ss grpc.ServerStream) {
	for range maxHeardOut {
		if ss.RecvMsg(&api.AppendReq{}) != nil {
			return
		}
	}
}

// finalError is where errors stop: a refusal is the answer itself; what caused it,
// and anything unforeseen, goes to the log and not to the client.
func (n *Node) finalError(ctx context.Context, method string, err error) error {
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		return status.FromContextError(ctx.Err()).Err() // nobody listens any more
	}
	r := asRefusal(err)
	if r == nil {
		if s, ok := status.FromError(err); ok { // of gRPC itself, such as a broken message
			return s.Err()
		}
		n.opts.Log.Error("a call failed", slog.Any("method", method), slog.Any("error", err))
		return status.Error(codes.Internal, "internal error")
	}
	if _, hasCause := errors.AsType[*failure](err); hasCause {
		n.opts.Log.Error("a call failed", slog.Any("method", method), slog.Any("error", err))
	}
	return r.GRPCStatus().Err()
}

// isStopping tells whether Close has begun.
func (n *Node) isStopping() bool {
	select {
	case <-n.stopping:
		return true
	default:
		return false
	}
}
