package node

import (
	"context"
	"fmt"
	"slices"

	"github.com/EventStore/EventStore-Client-Go/v4/protos/persistent"
	"github.com/google/uuid"
)

// join adds a consumer, when there is room for one.
func (g *group) join(c *consumer) error {
	if limit := g.settings.MaxConsumers; limit > 0 && len(g.consumers) >= int(limit) {
		return tooManyConsumers(g.settings.key())
	}
	g.consumers = append(g.consumers, c)
	return nil
}

// leave removes a consumer; what it had goes to the others, as one more try.
func (g *group) leave(c *consumer) {
	i := slices.Index(g.consumers, c)
	if i < 0 {
		return
	}
	g.consumers = slices.Delete(g.consumers, i, i+1)
	var returned []*message
	for _, f := range g.flying {
		if f.consumer == c {
			returned = append(returned, f.message)
		}
	}
	for _, m := range returned {
		g.land(g.flying[m.event.id])
		m.retries++
	}
	slices.SortFunc(returned, func(a, b *message) int { return int(a.place - b.place) })
	g.retries = append(returned, g.retries...)
}

// ack is done with the messages. Ids that this consumer does not hold are ignored:
// they have timed out and belong to another by now.
func (g *group) ack(c *consumer, ids []uuid.UUID) {
	for _, id := range ids {
		if f := g.flying[id]; f != nil && f.consumer == c {
			if g.settings.Extra {
				c.measured.add(g.node.opts.Clock().Sub(f.sent))
			}
			g.finish(f)
		}
	}
}

// finish is the end of a message in this group.
func (g *group) finish(f *flight) {
	g.land(f)
	g.done++
	if f.replay != nil {
		f.replay.left--
	}
}

// nack does with the messages what the consumer wants done.
func (g *group) nack(ctx context.Context, c *consumer, ids []uuid.UUID, action persistent.ReadReq_Nack_Action, reason string) {
	var parking []*flight
	for _, id := range ids {
		f := g.flying[id]
		if f == nil || f.consumer != c {
			continue
		}
		switch action {
		case persistent.ReadReq_Nack_Park:
			parking = append(parking, f)
		case persistent.ReadReq_Nack_Skip:
			g.finish(f)
		case persistent.ReadReq_Nack_Stop: // what it holds goes back below, when it leaves
		default:
			if !g.retry(f) {
				parking = append(parking, f)
			}
		}
	}
	if action == persistent.ReadReq_Nack_Park {
		reason = fmt.Sprintf(textClientNack, reason)
	} else {
		reason = fmt.Sprintf(textReachedRetries, g.settings.MaxRetry)
	}
	g.park(ctx, parking, reason)
	if action == persistent.ReadReq_Nack_Stop {
		g.leave(c)
		c.drop(groupDropped(g.settings.key()))
	}
}

// retry queues the message once more; false when it has been tried often enough.
func (g *group) retry(f *flight) bool {
	if f.retries >= g.settings.MaxRetry {
		return false
	}
	g.land(f)
	f.retries++
	g.retries = append(g.retries, f.message)
	return true
}

// expire takes back what was not answered in time.
func (g *group) expire(ctx context.Context) {
	now := g.node.opts.Clock()
	var late, parking []*flight
	for _, f := range g.flying {
		if !f.until.IsZero() && !f.until.After(now) {
			late = append(late, f)
		}
	}
	slices.SortFunc(late, func(a, b *flight) int { return int(a.place - b.place) })
	for _, f := range late {
		if !g.retry(f) {
			parking = append(parking, f)
		}
	}
	g.park(ctx, parking, fmt.Sprintf(textReachedRetries, g.settings.MaxRetry))
}
