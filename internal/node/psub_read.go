package node

import (
	"context"
	"errors"
	"io"

	"github.com/EventStore/EventStore-Client-Go/v4/protos/persistent"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/shared"
	"github.com/google/uuid"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/peer"
)

// maxAnswerIDs bounds the ids of one ack or nack.
const maxAnswerIDs = 2000

// Read is the life of one consumer: it joins, gets messages, answers them, and
// leaves. What it has not answered by then goes to the others.
func (s groupService) Read(call persistent.PersistentSubscriptions_ReadServer) error {
	ctx := call.Context()
	first, err := call.Recv()
	if err != nil {
		return err
	}
	o := first.GetOptions()
	if o == nil {
		return invalid("a persistent subscription starts with its options")
	}
	gs, err := s.running()
	if err != nil {
		return err
	}
	key, err := readGroupKey(o.GetAll() != nil, o.GetStreamIdentifier(), o.GetGroupName())
	if err != nil {
		return err
	}
	if err := s.node.mustBeNamed(ctx); err != nil {
		return err
	}
	if err := s.node.mayNow(ctx, rightRead, key.stream); err != nil {
		return err
	}
	g, err := gs.find(ctx, key)
	if err != nil {
		return err
	}
	c, err := newConsumer(ctx, key, o.GetBufferSize())
	if err != nil {
		return err
	}
	var refused error
	if err := g.do(ctx, func() { refused = g.join(c) }); err != nil || refused != nil {
		return errors.Join(g.vanished(err), refused)
	}
	s.node.subscribers.Add(1)
	defer s.node.subscribers.Add(-1)
	// A group that is over has let everybody go already.
	defer func() { _ = g.do(context.WithoutCancel(ctx), func() { g.leave(c) }) }()

	confirmation := &persistent.ReadResp_SubscriptionConfirmation{SubscriptionId: g.settings.Stream + groupSeparator + g.settings.Group}
	if err := call.Send(&persistent.ReadResp{Content: &persistent.ReadResp_SubscriptionConfirmation_{SubscriptionConfirmation: confirmation}}); err != nil {
		return err
	}
	answered := make(chan error, 1)
	s.node.running.Go(func() { answered <- g.listen(call, c) }) // ends at the latest with the call
	return c.serve(call, g, o.GetUuidOption().GetString_() != nil, answered)
}

func newConsumer(ctx context.Context, key groupKey, slots int32) (*consumer, error) {
	if slots < 1 {
		return nil, groupFailed(key, textBufferTooSmall)
	}
	if slots > maxGroupBuffer {
		return nil, invalid("a consumer's buffer holds 1 to %d events", maxGroupBuffer)
	}
	c := &consumer{id: uuid.New(), slots: int(slots), user: callerOf(ctx).name, out: make(chan delivery, slots), dropped: make(chan struct{})}
	c.name = c.id.String()
	if named := metadata.ValueFromIncomingContext(ctx, "connection-name"); len(named) > 0 {
		c.name = named[0]
	}
	if p, ok := peer.FromContext(ctx); ok {
		c.from = p.Addr.String()
	}
	return c, nil
}

// serve sends messages until the call ends, the group lets go, or the node stops.
func (c *consumer) serve(call persistent.PersistentSubscriptions_ReadServer, g *group, stringIDs bool, answered <-chan error) error {
	for {
		select {
		case d := <-c.out:
			if d.landed.Load() { // its time was up before its turn: it comes again, or to another
				continue
			}
			if err := call.Send(writeMessage(d.message, g.settings.Resolve, stringIDs)); err != nil {
				return err
			}
		case <-c.dropped:
			return c.reason
		case err := <-answered:
			return err
		case <-g.node.stopping:
			return shuttingDown()
		}
	}
}

// listen takes the consumer's answers; nil when it says goodbye.
func (g *group) listen(call persistent.PersistentSubscriptions_ReadServer, c *consumer) error {
	ctx := call.Context()
	for {
		said, err := call.Recv()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		switch said := said.GetContent().(type) {
		case *persistent.ReadReq_Ack_:
			ids, err := readAnswerIDs(said.Ack.GetIds())
			if err != nil {
				return err
			}
			err = g.do(ctx, func() { g.ack(c, ids) })
			if err != nil {
				return g.vanished(err)
			}
		case *persistent.ReadReq_Nack_:
			ids, err := readAnswerIDs(said.Nack.GetIds())
			if err != nil {
				return err
			}
			err = g.do(ctx, func() {
				g.nack(context.WithoutCancel(ctx), c, ids, said.Nack.GetAction(), said.Nack.GetReason())
			})
			if err != nil {
				return g.vanished(err)
			}
		default:
			return invalid("a persistent subscription has its options once, then answers")
		}
	}
}

func readAnswerIDs(wire []*shared.UUID) ([]uuid.UUID, error) {
	if len(wire) > maxAnswerIDs {
		return nil, invalid("an answer has at most %d ids", maxAnswerIDs)
	}
	ids := make([]uuid.UUID, len(wire))
	for i, w := range wire {
		id, err := readID(w)
		if err != nil {
			return nil, err
		}
		ids[i] = id
	}
	return ids, nil
}

// writeMessage puts a message into the form of the wire. A replayed one comes
// with the link under which it was parked, whether links are resolved or not.
func writeMessage(m message, resolve, stringIDs bool) *persistent.ReadResp {
	read := &persistent.ReadResp_ReadEvent{
		Position: &persistent.ReadResp_ReadEvent_CommitPosition{CommitPosition: uint64(m.event.pos)},
		Count:    &persistent.ReadResp_ReadEvent_RetryCount{RetryCount: m.retries},
	}
	recorded := writeGrouped(m.event, stringIDs)
	switch {
	case m.target != nil:
		read.Event, read.Link = writeGrouped(m.target, stringIDs), recorded
		read.Event.CommitPosition, read.Event.PreparePosition = recorded.CommitPosition, recorded.PreparePosition // as EventStoreDB
	case resolve && isLink(m.event):
		read.Link = recorded
	default:
		read.Event = recorded
	}
	return &persistent.ReadResp{Content: &persistent.ReadResp_Event{Event: read}}
}

// writeGrouped is writeRecorded in this service's own type.
func writeGrouped(e *event, stringIDs bool) *persistent.ReadResp_ReadEvent_RecordedEvent {
	r := writeRecorded(e, stringIDs)
	return &persistent.ReadResp_ReadEvent_RecordedEvent{
		Id: r.Id, StreamIdentifier: r.StreamIdentifier, StreamRevision: r.StreamRevision,
		CommitPosition: r.CommitPosition, PreparePosition: r.PreparePosition,
		Metadata: r.Metadata, CustomMetadata: r.CustomMetadata, Data: r.Data,
	}
}
