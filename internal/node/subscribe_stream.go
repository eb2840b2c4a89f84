package node

import (
	"context"
	"math"
)

// streamSource follows one stream. In the past it goes by revisions, live by
// positions; sent ties the two together: an event at or below it is never sent again.
type streamSource struct {
	*subscription
	sent int64 // revision of the last event sent, or the one to start after
}

func (s *streamSource) start(ctx context.Context) error {
	s.sent = -1
	if s.from.kind == atPlace {
		s.sent = s.from.place
	}
	// The horizon first, the stream second: an event in between is old to the
	// stream's head and is skipped by its revision when the ring shows it.
	horizon := s.node.ring.last()
	_, _, g, err := s.node.reader.stream(ctx, s.stream, span{from: 1}, 1)
	if err != nil {
		return unavailable("reading a stream", err)
	}
	if g.tomb {
		return streamDeleted(s.stream)
	}
	if s.from.kind == atEnd {
		s.cursor, s.sent = horizon, g.head
	}
	return nil
}

func (s *streamSource) past(ctx context.Context) error {
	for todo := (span{from: s.after(), to: math.MaxInt64}); ; {
		if err := s.pause(ctx); err != nil {
			return err
		}
		// Everything up to this horizon is in the page's snapshot. What the page
		// holds beyond it is met again in the ring and skipped by its revision.
		horizon := s.node.ring.last()
		page, rest, g, err := s.node.reader.stream(ctx, s.stream, todo, pageEvents)
		if err != nil {
			return unavailable("reading a stream", err)
		}
		if g.tomb {
			return s.end(ctx)
		}
		if err := s.send(ctx, page); err != nil {
			return err
		}
		if len(page) > 0 {
			s.sent = page[len(page)-1].rev
		}
		if rest.empty() {
			s.cursor = max(s.cursor, horizon)
			return nil
		}
		todo = rest
	}
}

// after is the first revision not yet sent.
func (s *streamSource) after() int64 {
	if s.sent == math.MaxInt64 {
		return math.MaxInt64 // no event of a living stream has it
	}
	return s.sent + 1
}

// end tells a subscriber whose stream was tombstoned, the event that says so first.
func (s *streamSource) end(ctx context.Context) error {
	last, err := s.node.reader.tombstone(ctx, s.stream)
	if err != nil {
		return unavailable("reading a stream", err)
	}
	if err := s.send(ctx, last); err != nil {
		return err
	}
	return streamDeleted(s.stream)
}

func (s *streamSource) consider(ctx context.Context, page []*event) error {
	var wanted []*event
	for _, e := range page {
		if e.stream != s.stream {
			continue
		}
		if e.typ == typeTombstone && e.rev == tombstoneRevision {
			if err := s.send(ctx, append(wanted, e)); err != nil {
				return err
			}
			return streamDeleted(s.stream)
		}
		if e.rev > s.sent {
			wanted = append(wanted, e)
			s.sent = e.rev
		}
	}
	return s.send(ctx, wanted)
}
