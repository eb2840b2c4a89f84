package node

import (
	"context"
	"errors"

	"github.com/EventStore/EventStore-Client-Go/v4/protos/persistent"
)

// vanished says what a group that ended meanwhile means to a caller.
func (g *group) vanished(err error) error {
	if errors.Is(err, errGroupOver) {
		if g.node.isStopping() {
			return shuttingDown()
		}
		return groupMissing(g.settings.key())
	}
	return err
}

// info tells what the group is and does.
func (g *group) info(ctx context.Context) (*persistent.SubscriptionInfo, error) {
	key, s := g.settings.key(), g.settings
	known := g.node.ring.last()
	if key.stream != allStream {
		_, _, seen, err := g.node.reader.stream(ctx, key.stream, span{from: 1}, 1)
		if err != nil {
			return nil, unavailable("reading a stream", err)
		}
		known = seen.head
	}
	info := &persistent.SubscriptionInfo{
		EventSource: s.Stream, GroupName: s.Group, Status: "Live",
		ResolveLinkTos: s.Resolve, StartFrom: s.Start, ExtraStatistics: s.Extra,
		MessageTimeoutMilliseconds: int32(s.TimeoutMS), MaxRetryCount: s.MaxRetry,
		LiveBufferSize: s.Live, BufferSize: s.History, ReadBatchSize: s.Batch,
		CheckPointAfterMilliseconds: int32(s.CheckAfterMS), MinCheckPointCount: s.MinCheck, MaxCheckPointCount: s.MaxCheck,
		NamedConsumerStrategy: s.Strategy, MaxSubscriberCount: s.MaxConsumers,
	}
	if known >= 0 {
		info.LastKnownEventPosition = key.writePlace(known)
	}
	err := g.do(ctx, func() { g.fillInfo(info, known) })
	return info, g.vanished(err)
}

func (g *group) fillInfo(info *persistent.SubscriptionInfo, known int64) {
	if g.taken < known {
		info.Status = "Behind"
	}
	if g.hasCheck || g.settings.Start == "C:0/P:0" { // from the beginning on
		info.LastCheckpointedEventPosition = g.settings.key().writePlace(max(g.checked, 0))
	}
	info.TotalItems = g.total
	info.ReadBufferCount = int32(len(g.waiting))
	info.RetryBufferCount = int32(len(g.retries))
	info.TotalInFlightMessages = int32(len(g.flying))
	info.OutstandingMessagesCount = int32(len(g.flying))
	info.ParkedMessageCount = g.parked.next - g.parked.from
	for _, c := range g.consumers {
		info.Connections = append(info.Connections, &persistent.SubscriptionInfo_ConnectionInfo{
			From: c.from, Username: c.user, ConnectionName: c.name, ObservedMeasurements: c.measured.tell(), TotalItems: c.total,
			AvailableSlots: int32(c.slots - c.inFlight), InFlightMessages: int32(c.inFlight),
		})
	}
}
