package node

import (
	"context"
	"fmt"
	"strconv"
)

// What a proposal tells of the event's former place, beside its type: the names
// that reads give to the same things.
const (
	formerCreated  = "created"  // ticks
	formerPosition = "position" // of the log
)

// former gives the event its former place; only a node that is refilled looks at
// it. What is no number is 0, which no event had.
func (p properties) former(e *event) {
	if p.created != "" {
		e.created, _ = strconv.ParseInt(p.created, 10, 64)
	}
	if p.position != "" {
		e.pos, _ = strconv.ParseInt(p.position, 10, 64)
	}
}

// inPlace says whether a request comes exactly where its first event was. The
// requests of a refill are under way together; when one fails, this keeps those
// behind it from taking its place.
func (q *sequencer) inPlace(b *batch, r *request) bool {
	return !q.refill || r.action == actAppend && len(r.events) > 0 && r.events[0].pos == b.first+int64(len(b.events))
}

// outOfPlace is the answer to a request that would leave a gap.
func outOfPlace(b *batch) error {
	return invalid("the log is refilled in order: the next position is %d", b.first+int64(len(b.events)))
}

// furnish writes what a new log must have, and starts what works on it. A log that
// is refilled gets its first events, too, from where it was; and nothing else may
// write to it meanwhile.
func (n *Node) furnish(ctx, working context.Context) error {
	if n.opts.Refill {
		return nil
	}
	if err := n.bootstrap(ctx); err != nil {
		return fmt.Errorf("node: write the first events: %w", err)
	}
	if err := n.openGroups(ctx, working); err != nil {
		n.running.Go(func() { n.reopenGroups(working, err) })
	}
	return nil
}
