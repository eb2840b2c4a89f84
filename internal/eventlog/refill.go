package eventlog

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"math"
	"strconv"

	"github.com/EventStore/EventStore-Client-Go/v4/protos/shared"
	api "github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
	"github.com/google/uuid"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/protobuf/types/known/emptypb"
)

const (
	// maxRunsWaiting bounds the requests of a refill without an answer. The node
	// takes as many in one call.
	maxRunsWaiting = 1_000

	// tombstoneRevision is that of the event which ends a stream: none that could be
	// expected. An event of a client's own may have the same type.
	tombstoneRevision = math.MaxInt64
)

// Refill puts events into an embedded node that was opened for it (node.Options
// Refill), each at its former position with its former time. The first must follow
// the last that the node holds. report is told how many are stored. After an error
// those that were stored are the first ones, without a gap.
//
// The official client can tell neither place nor time, so the node is spoken to in
// the protocol's own messages.
func Refill(ctx context.Context, socket string, events iter.Seq2[Raw, error], report func(stored int)) (err error) {
	conn, err := grpc.NewClient("unix://"+socket, grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		return fmt.Errorf("refill the log: %w", err)
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	stream, err := api.NewStreamsClient(conn).BatchAppend(ctx)
	if err != nil {
		return fmt.Errorf("refill the log: %w", err)
	}
	f := refill{stream: stream, waiting: make(chan run, maxRunsWaiting)}
	sent := make(chan error, 1)
	go func() {
		defer close(f.waiting)
		sent <- f.send(ctx, events)
	}()
	err = f.receive(report)
	cancel() // a sender that still waits ends
	for range f.waiting {
	}
	if failed := <-sent; err == nil || failed != nil && !errors.Is(failed, context.Canceled) {
		err = errors.Join(failed, err)
	}
	if err != nil {
		return fmt.Errorf("refill the log: %w", err)
	}
	return nil
}

type refill struct {
	stream  api.Streams_BatchAppendClient
	waiting chan run
}

// run is what has been sent and not been answered.
type run struct {
	id     string
	events int
	last   uint64 // position
	stream string
}

func (f *refill) send(ctx context.Context, events iter.Seq2[Raw, error]) error {
	for held, err := range runs(events) {
		if err != nil {
			return err
		}
		request, last := runOf(held), held[len(held)-1]
		select {
		case f.waiting <- run{request.CorrelationId.GetString_(), len(held), last.Position, last.Stream}:
		case <-ctx.Done():
			return ctx.Err()
		}
		if err := f.stream.Send(request); err != nil {
			return err
		}
	}
	return f.stream.CloseSend()
}

// runOf makes one request of neighbours.
func runOf(events []Raw) *api.BatchAppendReq {
	first := events[0]
	options := &api.BatchAppendReq_Options{StreamIdentifier: &shared.StreamIdentifier{StreamName: []byte(first.Stream)}}
	switch {
	case first.Revision == tombstoneRevision:
		options.ExpectedStreamPosition = &api.BatchAppendReq_Options_Any{Any: &emptypb.Empty{}}
	case first.Revision == 0:
		options.ExpectedStreamPosition = &api.BatchAppendReq_Options_NoStream{NoStream: &emptypb.Empty{}}
	default:
		options.ExpectedStreamPosition = &api.BatchAppendReq_Options_StreamPosition{StreamPosition: first.Revision - 1}
	}
	request := &api.BatchAppendReq{CorrelationId: textID(uuid.NewString()), Options: options, IsFinal: true}
	for _, e := range events {
		request.ProposedMessages = append(request.ProposedMessages, &api.BatchAppendReq_ProposedMessage{
			Id: textID(e.ID), Data: e.Data, CustomMetadata: e.Metadata,
			Metadata: map[string]string{
				"type": e.Type, "content-type": e.ContentType,
				"created": strconv.FormatInt(e.Created.UnixNano()/100, 10), "position": strconv.FormatUint(e.Position, 10),
			},
		})
	}
	return request
}

func textID(id string) *shared.UUID { return &shared.UUID{Value: &shared.UUID_String_{String_: id}} }

// receive waits for the answer to every run, in their order.
func (f *refill) receive(report func(stored int)) error {
	stored := 0
	for r := range f.waiting {
		answer, err := f.stream.Recv()
		if err != nil {
			return err
		}
		if refused := answer.GetError(); refused != nil {
			return fmt.Errorf("the event store refused an append (to %s, or one near it): %s", r.stream, refused.GetMessage())
		}
		at := answer.GetSuccess().GetPosition().GetCommitPosition()
		if answer.GetCorrelationId().GetString_() != r.id || at != r.last {
			return fmt.Errorf("the event store put %s at position %d, not at %d", r.stream, at, r.last)
		}
		stored += r.events
		report(stored)
	}
	return nil
}
