package node

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/google/uuid"
)

const (
	// groupRetryPause is the wait after the database could not be asked.
	groupRetryPause = time.Second

	// slowConsumerPause is how soon a consumer whose messages have timed out unsent
	// is looked at again.
	slowConsumerPause = 50 * time.Millisecond

	// groupWriteLimit bounds one write of a group's own streams.
	groupWriteLimit = 10 * time.Second
)

// group is one persistent subscription at work. Everything in it is touched by
// its one goroutine; others ask through do.
//
// A message is either in waiting, in retries, in flight, or done. The checkpoint
// never passes one that is not done, so after a crash each is delivered again:
// at least once, and not always in order.
type group struct {
	node     *Node
	settings groupSettings
	feed     *groupFeed

	waiting   []*message // new ones, in order
	retries   []*message // given back; they go first
	flying    map[uuid.UUID]*flight
	consumers []*consumer
	turn      int

	taken     int64 // last place handed out by the feed
	checked   int64 // last place in the stored checkpoint
	hasCheck  bool
	done      int64 // messages finished since the checkpoint
	passed    int64 // events considered since the checkpoint
	checkDue  time.Time
	total     int64
	numbered  int64 // messages taken from the feed
	replaying *replay
	parked    parkedRange

	asks chan func()
	quit chan error    // holds the reason for the consumers
	over chan struct{} // closed when the goroutine has ended
}

var errGroupOver = errors.New("the persistent subscription has ended")

// do runs f in the group's goroutine and waits for it.
func (g *group) do(ctx context.Context, f func()) error {
	ran := make(chan struct{})
	select {
	case g.asks <- func() { f(); close(ran) }:
		<-ran // whoever took it runs it at once
		return nil
	case <-g.over:
		return errGroupOver
	case <-ctx.Done():
		return ctx.Err()
	}
}

// run works until the node stops or the group is told to quit.
func (g *group) run(ctx context.Context) {
	defer close(g.over)
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	g.checkDue = g.node.opts.Clock().Add(g.checkEvery())
	for {
		wake, err := g.fill(ctx)
		var again <-chan time.Time
		if err != nil {
			g.node.opts.Log.Warn("a persistent subscription cannot read", slog.Any("stream", g.settings.Stream), slog.Any("group", g.settings.Group), slog.Any("error", err))
			again = time.After(groupRetryPause)
		}
		g.push()
		g.checkWhenDue(ctx)
		timer := time.NewTimer(g.untilNext())
		select {
		case ask := <-g.asks:
			ask()
		case <-wake:
		case <-again:
		case <-timer.C:
			g.expire(ctx)
		case reason := <-g.quit:
			g.end(ctx, reason)
			timer.Stop()
			return
		case <-g.node.stopping:
			g.end(ctx, shuttingDown())
			timer.Stop()
			return
		}
		timer.Stop()
	}
}

// end lets the consumers go and remembers how far they came.
func (g *group) end(ctx context.Context, reason error) {
	g.dismiss(reason)
	if g.done > 0 {
		g.check(ctx)
	}
}

// dismiss lets the consumers go.
func (g *group) dismiss(reason error) {
	for _, c := range g.consumers {
		c.drop(reason)
	}
	g.consumers = nil
}

// room is how many messages the group reads ahead.
func (g *group) room() int {
	return int(max(g.settings.History, g.settings.Live, 1))
}

// fill reads ahead. Without consumers nothing is read: places cost nothing.
func (g *group) fill(ctx context.Context) (wake <-chan struct{}, err error) {
	for len(g.consumers) > 0 && len(g.waiting) < g.room() {
		page, considered, wake, err := g.feed.pull(ctx, min(g.room()-len(g.waiting), pageEvents))
		if err != nil {
			return nil, err
		}
		if g.feed.gone {
			g.dismiss(groupDropped(g.settings.key()))
		}
		if g.settings.Filter != nil {
			g.passed += considered
		}
		if len(page) == 0 {
			g.taken = max(g.taken, g.feed.considered())
			return wake, nil
		}
		if err := g.take(ctx, page); err != nil {
			g.feed.back(page[0])
			return nil, err
		}
	}
	return nil, nil
}

// considered is the last place the feed has looked at, as far as it is certain.
func (f *groupFeed) considered() int64 {
	return f.next - 1
}

// back makes the feed hand out e, and what follows, once more.
func (f *groupFeed) back(e *event) {
	f.next, f.live = f.place(e), false
}

func (f *groupFeed) place(e *event) int64 {
	if f.stream == allStream {
		return e.pos
	}
	return e.rev
}

// take makes messages of a page.
func (g *group) take(ctx context.Context, page []*event) error {
	targets := make([]*event, len(page))
	if g.settings.Resolve {
		var err error
		if targets, err = g.node.reader.follow(ctx, page); err != nil {
			return err
		}
	}
	for i, e := range page {
		g.waiting = append(g.waiting, &message{event: e, target: targets[i], place: g.feed.place(e), number: g.numbered})
		g.numbered++
	}
	g.taken = g.feed.place(page[len(page)-1])
	return nil
}

// push gives away what consumers have room for, retries first.
func (g *group) push() {
	if len(g.consumers) == 0 {
		return
	}
	var full bool
	g.retries, full = g.pushFrom(g.retries)
	if !full {
		g.waiting, _ = g.pushFrom(g.waiting)
	}
}

func (g *group) pushFrom(queue []*message) (left []*message, full bool) {
	for i, m := range queue {
		if _, twice := g.flying[m.event.id]; twice {
			left = append(left, m) // the same event id once more: one answer must not count for both
			continue
		}
		c, wait := g.choose(m)
		if wait && left == nil {
			return queue[i:], true
		}
		if wait {
			return append(left, queue[i:]...), true
		}
		if c == nil {
			left = append(left, m)
			continue
		}
		g.send(c, m)
	}
	return left, false
}

func (g *group) send(c *consumer, m *message) {
	f := &flight{message: m, consumer: c, sent: g.node.opts.Clock()}
	if g.settings.TimeoutMS > 0 {
		f.until = f.sent.Add(time.Duration(g.settings.TimeoutMS) * time.Millisecond)
	}
	g.flying[m.event.id] = f
	c.inFlight++
	c.total++
	g.total++
	c.out <- delivery{*m, &f.landed} // does not block: see consumer.free
}

// land takes a message back from its consumer.
func (g *group) land(f *flight) {
	f.landed.Store(true)
	delete(g.flying, f.event.id)
	f.consumer.inFlight--
}

// untilNext is the time to the next message timeout or checkpoint.
func (g *group) untilNext() time.Duration {
	now := g.node.opts.Clock()
	next := now.Add(time.Minute)
	if g.checkWanted() {
		next = g.checkDue
	}
	for _, c := range g.consumers {
		if len(c.out) == cap(c.out) && c.inFlight < c.slots {
			next = now.Add(slowConsumerPause)
			break
		}
	}
	for _, f := range g.flying {
		if !f.until.IsZero() && f.until.Before(next) {
			next = f.until
		}
	}
	return max(next.Sub(now), time.Millisecond)
}
