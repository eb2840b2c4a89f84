package engine

import (
	"context"
	"log/slog"

	"github.com/jejak-kinerja/jejak/internal/clock"
)

const (
	// MaxWritesPerTx is where a batch is cut, between two facts. Some thousand hide
	// the commit and fill the statements that take many rows; more would only hold
	// locks and memory.
	MaxWritesPerTx = 20_000

	// MaxReasonBytes bounds what is kept of the error that parked a stream.
	MaxReasonBytes = 500

	// MaxParkedListed bounds what Parked gives: nobody reads more.
	MaxParkedListed = 1_000

	// maxLostTurns is how often in a row another process may change what is parked
	// while we apply. People do that by hand, so twice is already strange.
	maxLostTurns = 5
)

// Options may be left zero.
type Options struct {
	Log   *slog.Logger // slog.Default when nil
	Clock clock.Clock  // clock.Now when nil
	// Trace, when not nil, starts a span for a transaction that applies facts, and
	// gives what ends it.
	Trace func(ctx context.Context, projection string, facts []Fact) (_ context.Context, end func(error))
	// NearEnd tells whether a position is at or near the end of the log. With it, a
	// new projection gets the indexes that only queries need when it is there; nil: at once.
	NearEnd func(ctx context.Context, position uint64) (bool, error)
	// Leased is for one of several processes that follow the log: Handle writes a
	// projection only with its lease, which KeepLeases gets. Without it, only the
	// checkpoint keeps two writers apart.
	Leased bool
}

func (o *Options) setDefaults() {
	if o.Log == nil {
		o.Log = slog.Default()
	}
	if o.Clock == nil {
		o.Clock = clock.Now
	}
}
