package main

import (
	"context"
	"log/slog"
	"time"

	"github.com/jejak-kinerja/jejak/api/availability"
)

// survey brings into the metrics what no event of this process tells: what other
// processes do to the read models, and when the ledger was last verified and backed up. What
// cannot be asked keeps its last value.
func (r *rooms) survey(ctx context.Context) {
	for _, name := range r.engine.Names() {
		r.metrics.Lease(name, r.engine.Leading(name))
	}
	state := r.watch.State()
	r.metrics.LogHead(state.Head)
	for _, c := range availability.Conditions {
		r.metrics.EventStore(string(c), c == state.Condition)
	}
	if err := r.engine.Survey(ctx); err != nil {
		r.log.WarnContext(ctx, "the metrics do not know how the read models fare", slog.Any("error", err))
	}
	for work, tell := range map[string]func(time.Time){verifyWork: r.metrics.Verified, backupWork: r.metrics.BackedUp} {
		switch at, ever, err := lastOK(ctx, r.pool, work); {
		case err != nil:
			r.log.WarnContext(ctx, "the metrics do not know when a work last ended well", slog.String("work", work), slog.Any("error", err))
		case ever:
			tell(at)
		}
	}
}
