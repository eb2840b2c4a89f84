package node

import (
	"context"
	"math"
)

// groupFeed hands a group its events in order: from the table while it is behind,
// from the ring once it has caught up. It remembers places only.
type groupFeed struct {
	node   *Node
	stream string // allStream for the log
	filter *filter

	next int64 // first revision or position not yet handed out
	seen int64 // position up to which the ring has been considered
	live bool  // a stream is followed in the ring
	gone bool  // the stream had ended before it was followed
	page []*event
	rows int // see span
}

func (n *Node) newFeed(s groupSettings, after int64) (*groupFeed, error) {
	f, err := s.Filter.filter()
	if err != nil {
		return nil, err
	}
	feed := &groupFeed{node: n, stream: s.Stream, filter: f, next: after + 1, page: make([]*event, livePage)}
	if after == math.MaxInt64 {
		feed.next = after
	}
	return feed, nil
}

// pull returns the next wanted events, at most about limit, and how many events
// were considered for them. Without any it returns the channel that is closed
// when there may be more.
func (f *groupFeed) pull(ctx context.Context, limit int) (wanted []*event, considered int64, wake <-chan struct{}, err error) {
	if f.stream == allStream {
		return f.pullLog(ctx, limit)
	}
	for {
		if !f.live {
			if wanted, err = f.pullPast(ctx, limit); err != nil || len(wanted) > 0 {
				return wanted, int64(len(wanted)), nil, err
			}
			continue
		}
		n, wake, behind := f.node.ring.after(f.seen, f.page[:min(limit, livePage)])
		if behind {
			f.live = false
			continue
		}
		if n == 0 {
			return nil, 0, wake, nil
		}
		for _, e := range f.page[:n] {
			if e.stream == f.stream && e.rev >= f.next {
				wanted = append(wanted, e)
				f.next = max(e.rev, e.rev+1) // a tombstone has the greatest number
			}
		}
		f.seen = f.page[n-1].pos
		clear(f.page[:n])
		if len(wanted) > 0 {
			return wanted, int64(len(wanted)), nil, nil
		}
	}
}

// pullPast reads a page of the stream. The horizon is taken first: what the page
// holds beyond it is met again in the ring and skipped by its revision.
func (f *groupFeed) pullPast(ctx context.Context, limit int) ([]*event, error) {
	horizon := f.node.ring.last()
	page, rest, seen, err := f.node.reader.stream(ctx, f.stream, span{from: f.next, to: math.MaxInt64, rows: f.rows}, limit)
	if err != nil {
		return nil, err
	}
	f.gone = seen.tomb
	if len(page) > 0 {
		f.next = page[len(page)-1].rev + 1
	}
	if f.rows = rest.rows; rest.empty() {
		f.live, f.seen = true, horizon
	}
	return page, nil
}

func (f *groupFeed) pullLog(ctx context.Context, limit int) (wanted []*event, considered int64, wake <-chan struct{}, err error) {
	for {
		n, wake, behind := f.node.ring.after(f.next-1, f.page[:min(limit, livePage)])
		page := f.page[:n]
		var next int64
		switch {
		case behind:
			todo := span{from: max(1, f.next), to: f.node.ring.last(), rows: f.rows}
			var rest span
			if page, rest, err = f.node.reader.filtered(ctx, todo, f.filter, limit); err != nil {
				return nil, 0, nil, err
			}
			next, f.rows = todo.to+1, rest.rows
			if !rest.empty() {
				next = rest.from
			}
		case n == 0:
			return nil, considered, wake, nil
		default:
			next = page[n-1].pos + 1
		}
		for _, e := range page {
			if isGroupStream(e.stream) {
				continue
			}
			considered++
			match, err := f.filter.matches(e)
			if err != nil { // those before it are handed out, it is asked for again
				f.next = e.pos
				clear(f.page[:n])
				if considered--; len(wanted) > 0 {
					return wanted, considered, nil, nil
				}
				return nil, considered, nil, err
			}
			if match {
				wanted = append(wanted, e)
			}
		}
		f.next = next
		clear(f.page[:n])
		if len(wanted) > 0 || ctx.Err() != nil {
			return wanted, considered, nil, ctx.Err()
		}
	}
}
