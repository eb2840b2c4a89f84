package engine

import (
	"context"
	"log/slog"
	"time"

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

// Metrics hears how the projections fare. Calls are quick and from many goroutines.
type Metrics interface {
	// ProjectionAt: rows up to position are committed; storedAt is the event
	// store's time of the newest of these facts, zero when it is not known.
	ProjectionAt(projection string, position uint64, storedAt time.Time)
	// ProjectionParked: so many streams are parked.
	ProjectionParked(projection string, streams int)
	// ProjectionRebuilt: this part (0 to 1) of a rebuild is done.
	ProjectionRebuilt(projection string, ratio float64)
}

// Options may be left zero.
type Options struct {
	Log     *slog.Logger // slog.Default when nil
	Clock   clock.Clock  // clock.Now when nil
	Metrics Metrics      // silence when nil
	// Trace, when not nil, starts a span for a transaction that applies facts, and
	// gives what ends it.
	Trace func(ctx context.Context, projection string, facts []Fact) (_ context.Context, end func(error))
	// Head gives the end of the log. With it, a new projection that is far from it
	// gets the indexes that only queries need when it is near; nil: at once.
	Head func(ctx context.Context) (uint64, error)
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
	if o.Metrics == nil {
		o.Metrics = unmeasured{}
	}
}

type unmeasured struct{}

func (unmeasured) ProjectionAt(string, uint64, time.Time) {}
func (unmeasured) ProjectionParked(string, int)           {}
func (unmeasured) ProjectionRebuilt(string, float64)      {}
