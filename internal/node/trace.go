package node

import (
	"context"

	"google.golang.org/grpc/metadata"
)

// traced starts the span of a call whose caller sent a traceparent; there must be
// Options.Trace.
func (n *Node) traced(ctx context.Context, call string) (end func(error)) {
	parents := metadata.ValueFromIncomingContext(ctx, "traceparent")
	if len(parents) != 1 {
		return func(error) {}
	}
	return n.opts.Trace(ctx, call, parents[0])
}
