package main

import (
	"context"
	"log/slog"
)

// survey brings into the metrics what no event of this process tells: what other
// processes do to the read models, and when the ledger was last verified. What
// cannot be asked keeps its last value.
func (r *rooms) survey(ctx context.Context) {
	for _, name := range r.engine.Names() {
		r.metrics.Lease(name, r.engine.Leading(name))
	}
	head, err := r.events.Head(ctx)
	if err == nil {
		r.metrics.LogHead(head)
	} else {
		r.log.WarnContext(ctx, "the metrics do not know the end of the log", slog.Any("error", err))
	}
	if err := r.engine.Survey(ctx); err != nil {
		r.log.WarnContext(ctx, "the metrics do not know how the read models fare", slog.Any("error", err))
	}
	switch at, ever, err := lastOK(ctx, r.pool, verifyWork); {
	case err != nil:
		r.log.WarnContext(ctx, "the metrics do not know when the ledger was verified", slog.Any("error", err))
	case ever:
		r.metrics.Verified(at)
	}
}
