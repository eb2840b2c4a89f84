package node

import (
	"cmp"
	"context"

	api "github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
	"github.com/google/uuid"
)

// livePage is how many events a live subscription takes from the ring at once.
const livePage = 256

// subscription follows the log or one stream. It is either in the past, reading
// the table, or live, reading the ring; its cursor is all that it remembers, so
// nothing falls between the two.
type subscription struct {
	*outlet
	node   *Node
	cursor int64 // position up to which everything has been considered
	live   []*event
}

// source is what the two kinds of subscription do differently.
type source interface {
	// start sets the cursor before the first event, and says what the past holds
	// at the start.
	start(ctx context.Context) error
	// past sends what the table holds beyond the cursor, up to the present head.
	past(ctx context.Context) error
	// consider sends those of the newly published events that are wanted.
	consider(ctx context.Context, page []*event) error
	// place is up to where the subscriber has been told everything.
	place() place
}

func (n *Node) subscribe(ctx context.Context, o *outlet) error {
	n.subscribers.Add(1)
	defer n.subscribers.Add(-1)

	s := &subscription{outlet: o, node: n, live: make([]*event, livePage)}
	if o.stream == "" {
		return s.run(ctx, &logSource{subscription: s})
	}
	return s.run(ctx, &streamSource{subscription: s})
}

func (s *subscription) confirm() error {
	confirmation := &api.ReadResp_SubscriptionConfirmation{SubscriptionId: uuid.NewString()}
	return s.call.Send(&api.ReadResp{Content: &api.ReadResp_Confirmation{Confirmation: confirmation}})
}

func (s *subscription) run(ctx context.Context, from source) error {
	if err := from.start(ctx); err != nil {
		return err
	}
	if err := s.confirm(); err != nil {
		return err
	}
	for {
		if err := from.past(ctx); err != nil {
			return err
		}
		if err := s.call.Send(s.caughtUp(from.place())); err != nil {
			return err
		}
		if err := s.follow(ctx, from); err != nil {
			return err
		}
		if err := s.call.Send(s.fellBehind(from.place())); err != nil {
			return err
		}
	}
}

// follow sends live events until the ring no longer reaches back to the cursor;
// then it returns nil.
func (s *subscription) follow(ctx context.Context, from source) error {
	for {
		n, wake, behind := s.node.ring.after(s.cursor, s.live)
		if err := s.right.check(ctx); err != nil {
			return err
		}
		switch {
		case behind:
			return nil
		case n == 0:
			select {
			case <-wake:
				continue
			case <-ctx.Done():
				return ctx.Err()
			case <-s.node.stopping:
				return shuttingDown()
			}
		}
		if err := from.consider(ctx, s.live[:n]); err != nil {
			return err
		}
		s.cursor = s.live[n-1].pos
		clear(s.live[:n]) // the ring decides how long events stay in memory
	}
}

// pause ends a subscription that reads the past when the node closes, or when its
// caller may no longer read.
func (s *subscription) pause(ctx context.Context) error {
	if s.node.isStopping() {
		return shuttingDown()
	}
	return cmp.Or(ctx.Err(), s.right.check(ctx))
}

// logSource follows the whole log, through a filter or not.
type logSource struct {
	*subscription
	considered uint64 // events since the last checkpoint
	checkpoint int64  // the last one sent
	rows       int    // see span
}

func (s *logSource) start(ctx context.Context) error {
	switch s.from.kind {
	case atEnd:
		s.cursor = s.node.ring.last()
	case atPlace:
		s.cursor = s.from.place
		return s.node.reached(ctx, s.cursor)
	}
	return nil
}

// reached refuses a position ahead of the log: whoever waits there would be told
// nothing until the log comes by, of events that are new. A follower knows less of
// the log than the database.
func (n *Node) reached(ctx context.Context, pos int64) error {
	if pos <= n.ring.last() {
		return nil
	}
	head, err := n.reader.head(ctx)
	if err != nil {
		return unavailable("reading the log", err)
	}
	if pos > head {
		return invalid(textInvalidPosition)
	}
	return nil
}

func (s *logSource) past(ctx context.Context) error {
	for s.cursor < s.node.ring.last() {
		if err := s.pause(ctx); err != nil {
			return err
		}
		todo := span{from: s.cursor + 1, to: s.node.ring.last(), rows: s.rows}
		page, rest, err := s.node.reader.filtered(ctx, todo, s.filter, pageEvents)
		if err != nil {
			return unavailable("reading the log", err)
		}
		until := todo.to // positions have no gaps: all up to here were considered
		if !rest.empty() {
			until, s.rows = rest.from-1, rest.rows
		}
		if err := s.pass(ctx, page, until); err != nil {
			return err
		}
	}
	if s.filter == nil || s.cursor > s.node.ring.last() {
		return nil
	}
	return s.check(s.cursor)
}

func (s *logSource) consider(ctx context.Context, page []*event) error {
	return s.pass(ctx, page, page[len(page)-1].pos)
}

// pass sends the wanted events of page and counts every position up to until as
// considered, also those that the database left out. A checkpoint stands behind
// the last considered event and never before a wanted one.
func (s *logSource) pass(ctx context.Context, page []*event, until int64) error {
	if s.filter == nil {
		s.cursor = until
		return s.send(ctx, page)
	}
	wanted := make([]*event, 0, len(page))
	for _, e := range page {
		match, err := s.filter.matches(e)
		if err != nil {
			return err
		}
		if match {
			wanted = append(wanted, e)
		}
	}
	for s.cursor < until {
		step := min(int64(s.filter.every-s.considered), until-s.cursor)
		s.cursor += step
		s.considered += uint64(step)
		n := 0
		for n < len(wanted) && wanted[n].pos <= s.cursor {
			n++
		}
		if err := s.send(ctx, wanted[:n]); err != nil {
			return err
		}
		wanted = wanted[n:]
		if s.considered == s.filter.every {
			if err := s.check(s.cursor); err != nil {
				return err
			}
		}
	}
	return nil
}

// check sends a checkpoint, once for each position.
func (s *logSource) check(pos int64) error {
	s.considered = 0
	if pos <= s.checkpoint {
		return nil
	}
	s.checkpoint = pos
	return s.call.Send(&api.ReadResp{Content: &api.ReadResp_Checkpoint_{
		Checkpoint: &api.ReadResp_Checkpoint{CommitPosition: uint64(pos), PreparePosition: uint64(pos)}}})
}
