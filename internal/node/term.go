package node

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"time"

	"google.golang.org/grpc/metadata"
)

// startReplica starts a node that follows until it leads.
func (n *Node) startReplica(ctx context.Context, s store) (*Node, error) {
	self, err := newMember(n.opts.Advertise)
	if err != nil {
		return nil, err
	}
	self.id = n.id
	s.stand(self)
	n.watcher = &watcher{config: n.pool.Config().ConnConfig, self: self, log: n.opts.Log}
	v, err := n.watcher.look(ctx)
	if err != nil {
		return nil, fmt.Errorf("node: %w", err)
	}
	n.seq.replica = true
	n.ring = newRing(v.head, ringEvents, ringBytes, n.rights)
	n.seq.ring = n.ring
	n.queue.suspend(n.redirect)
	n.server = n.newServer()
	working, abandon := context.WithCancel(context.WithoutCancel(ctx))
	n.abandon = abandon
	n.running.Go(func() { n.watch(working) })
	return n, nil
}

// redirect is what a writer is told by a follower.
func (n *Node) redirect() error {
	v := n.watcher.view.Load()
	if !v.leads(v.leader) || !v.leader.replica() || v.leader.id == n.id {
		return noLeader()
	}
	return notLeader(v.leader.host, v.leader.port)
}

// mustLead refuses a call that asks for the leader, on a node that is not.
func (n *Node) mustLead(ctx context.Context) error {
	asked := metadata.ValueFromIncomingContext(ctx, "requires-leader")
	if len(asked) == 0 || !strings.EqualFold(asked[0], "true") {
		return nil
	}
	return n.queue.refusal()
}

// watch follows the log, and leads when nobody else does, until the node closes.
// working outlives the watch: Close lets the last term finish.
func (n *Node) watch(working context.Context) {
	ctx, cancel := context.WithCancel(working)
	defer cancel()
	n.running.Go(func() {
		select {
		case <-n.stopping:
			cancel()
		case <-ctx.Done():
		}
	})
	defer n.watcher.close(context.WithoutCancel(ctx))
	var term <-chan struct{} // closed when this node's term is over; nil for a follower
	for ctx.Err() == nil {
		if term != nil {
			select {
			case <-term:
				term = nil
			default:
				n.wakeFollowers(ctx, term)
			}
		}
		v, err := n.watcher.look(ctx)
		if err != nil {
			if ctx.Err() == nil {
				n.opts.Log.Warn("the database cannot be asked who leads", slog.Any("error", err))
			}
			n.watcher.wait(ctx)
			continue
		}
		if term != nil {
			continue
		}
		if err := n.catchUp(ctx, v.head); err != nil && ctx.Err() == nil {
			n.opts.Log.Warn("the log cannot be followed", slog.Any("error", err))
		}
		switch {
		case !v.led:
			if term = n.begin(ctx, working); term != nil {
				continue
			}
		case v.leader.idle > leaderSilence:
			if err := n.watcher.evict(ctx, v.epoch); err != nil {
				n.opts.Log.Error("a silent leader stays", slog.Any("error", err))
			}
		}
		n.watcher.wait(ctx)
	}
}

// catchUp publishes what the leader has stored since, in order. One that lags far
// skips to the end of the ring: subscriptions then read the table.
func (n *Node) catchUp(ctx context.Context, head int64) error {
	if last := n.ring.last(); head-last > ringEvents {
		n.ring.skip(head - ringEvents/2)
	}
	for todo := (span{from: n.ring.last() + 1, to: head}); !todo.empty(); {
		page, rest, err := n.reader.log(ctx, todo, pageEvents)
		if err != nil {
			return err
		}
		n.ring.publish(page)
		todo = rest
	}
	return nil
}

// begin makes this node the leader, for a term that ends with working at the
// latest; nil when it is not, for now.
func (n *Node) begin(ctx, working context.Context) <-chan struct{} {
	taking, cancel := context.WithTimeout(ctx, leaderSilence)
	defer cancel()
	err := n.seq.open(taking)
	if err == nil {
		// The old leader's last events are published before the first of ours.
		err = n.catchUp(taking, n.seq.head)
	}
	if err == nil && n.ring.last() != n.seq.head {
		err = fmt.Errorf("followed to position %d, the log ends at %d", n.ring.last(), n.seq.head)
	}
	if err != nil {
		n.seq.store.close(context.WithoutCancel(ctx)) // lets another try
		if !errors.Is(err, errDeposed) && ctx.Err() == nil {
			n.opts.Log.Warn("this node could not take the lead", slog.Any("error", err))
		}
		return nil
	}
	n.opts.Log.Info("this node leads", slog.Any("head", n.seq.head))
	over := make(chan struct{})
	n.queue.resume()
	n.running.Go(func() {
		defer close(over)
		beats := time.NewTicker(leaderBeat)
		defer beats.Stop()
		n.seq.ticks = beats.C
		n.lead(working)
	})
	return over
}

// lead writes for one term. What still waits at its end was never decided, so it
// can be sent to the next leader.
func (n *Node) lead(ctx context.Context) {
	working, cancel := context.WithCancel(ctx)
	var beginning sync.WaitGroup
	beginning.Go(func() { n.beginTerm(working) })
	n.seq.run(working)
	cancel()
	n.queue.suspend(n.redirect)
	for waiting := n.queue.take(nil); waiting != nil; waiting = n.queue.take(nil) {
		answerAll(waiting, n.redirect())
	}
	beginning.Wait()
	n.endGroups()
	n.seq.store.close(ctx)
}

// beginTerm writes the first events of a new log, which are there in an old one,
// and starts the persistent subscriptions: they write, so they are the leader's.
func (n *Node) beginTerm(ctx context.Context) {
	if err := n.bootstrap(ctx); err != nil && ctx.Err() == nil {
		n.opts.Log.Warn("the first events were not written, the next leader will", slog.Any("error", err))
	}
	if err := n.openGroups(ctx, ctx); err != nil {
		n.reopenGroups(ctx, err)
	}
}

// reopenGroups tries again to start the persistent subscriptions, which failed with
// err, until it works or the node closes. The log is served meanwhile: it does not
// need them.
func (n *Node) reopenGroups(ctx context.Context, err error) {
	for err != nil && ctx.Err() == nil {
		n.opts.Log.Error("persistent subscriptions do not run", slog.Any("error", err))
		select {
		case <-time.After(groupRetryPause):
			err = n.groups.Load().reload(ctx)
		case <-n.stopping:
			return
		case <-ctx.Done():
		}
	}
}

// endGroups ends the persistent subscriptions of a term. Their consumers are told
// who leads now, and go on there from the last checkpoint.
func (n *Node) endGroups() {
	gs := n.groups.Swap(nil)
	if gs == nil {
		return
	}
	gs.end()
	for _, g := range gs.all(func(groupKey) bool { return true }) {
		gs.stop(g.settings.key(), n.redirect())
	}
	gs.work.Wait()
}

// wakeFollowers tells the others about new events until it is time to look again.
func (n *Node) wakeFollowers(ctx context.Context, term <-chan struct{}) {
	look := time.NewTimer(watchPause)
	defer look.Stop()
	told := n.ring.last()
	for {
		_, next, _ := n.ring.after(n.ring.last(), nil)
		if n.ring.last() == told {
			select {
			case <-next:
			case <-look.C:
				return
			case <-term:
				return
			case <-ctx.Done():
				return
			}
		}
		told = n.ring.last()
		if n.watcher.others() {
			n.watcher.wake(ctx)
		}
		select { // wakes within this time are joined
		case <-time.After(notifyPause):
		case <-look.C:
			return
		case <-ctx.Done():
			return
		}
	}
}

// others tells whether any other node is there to be woken.
func (w *watcher) others() bool {
	for _, m := range w.view.Load().members {
		if m.id != w.self.id && m.idle < leaderSilence {
			return true
		}
	}
	return false
}
