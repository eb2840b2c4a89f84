package availability

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/internal/clock"
)

const (
	// probeEvery is how often the store is asked while it is ready: an outage that no
	// call meets is noticed within probeEvery and probeLimit.
	probeEvery = 2 * time.Second
	// probeAway is how often it is asked while it is away: commands are taken again
	// within a second of its return.
	probeAway = 500 * time.Millisecond
	// probeLimit is how long one question may take. A healthy store answers in
	// milliseconds; a freeze of this length is an outage to whoever waits.
	probeLimit = 2 * time.Second
	// patientLimit is how long a store may take that is slow, but works.
	patientLimit = 10 * time.Second
)

// Options is what a Watch asks.
type Options struct {
	// Head asks the event store for its newest position; required.
	Head func(context.Context) (uint64, error)
	// Shown says whether the read models hold everything up to a position; nil
	// leaves AsOf unknown.
	Shown func(position uint64) bool
	// Newest gives when the newest fact of the read models was stored, zero for none:
	// their AsOf when the store has not answered since the start. May be nil.
	Newest func(context.Context) (time.Time, error)
	Clock  clock.Clock  // clock.Now when nil
	Log    *slog.Logger // slog.Default when nil
}

// Watch knows how the event store is: by the calls that it is told of, and by a
// question of its own every few seconds. Safe for concurrent use.
type Watch struct {
	options Options
	// wake asks for a probe at once.
	wake chan struct{}

	mu      sync.Mutex
	away    bool
	since   time.Time // of the present condition
	refusal *domain.Error
	asOf    time.Time
	last    sight
	took    time.Duration // from then to the answer
	cause   error         // of the absence, for the log
}

// New makes a Watch that takes the store to be ready until it hears otherwise.
func New(o Options) *Watch {
	if o.Clock == nil {
		o.Clock = clock.Now
	}
	if o.Log == nil {
		o.Log = slog.Default()
	}
	return &Watch{options: o, wake: make(chan struct{}, 1), since: o.Clock()}
}

// State gives the present state. A refusal counts more than an absence: the store
// that comes back is still not the right one.
func (w *Watch) State() State {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.state()
}

func (w *Watch) state() State {
	s := State{Condition: Ready, Since: w.since, AsOf: w.asOf, Head: w.last.head}
	switch {
	case w.refusal != nil:
		s.Condition, s.Reason = Refused, w.refusal
	case w.away:
		s.Condition, s.Reason = Away, errAway
	}
	return s
}

// Err is the reason why nothing can be asked of the store now; nil when Ready. It
// never waits.
func (w *Watch) Err() error { return w.State().Err() }

// Refuse says that no command may be accepted, for a reason that is their answer;
// nil accepts them again.
func (w *Watch) Refuse(reason *domain.Error) {
	w.change(func() { w.refusal = reason })
}

// Heard takes the outcome of a call to the store. A store that could not be asked is
// away from then on, and is asked again at once; any other outcome says nothing, the
// end of the caller's own patience among them.
func (w *Watch) Heard(err error) {
	if domain.KindOf(err) != domain.Unavailable || errors.Is(err, context.Canceled) {
		return
	}
	w.change(func() { w.away, w.cause = true, err })
	select {
	case w.wake <- struct{}{}:
	default: // it is about to be asked
	}
}

// change does something to what is known, and says what it comes to.
func (w *Watch) change(do func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	before := w.state()
	do()
	after := w.state()
	if before.Condition == after.Condition {
		return
	}
	w.since = w.options.Clock()
	attrs := []any{slog.String("before", string(before.Condition)), slog.String("now", string(after.Condition)),
		slog.Duration("lasted", w.since.Sub(before.Since))}
	if after.Reason != nil {
		attrs = append(attrs, slog.String("reason", after.Reason.Slug))
	}
	if after.Condition == Away {
		attrs = append(attrs, slog.Any("error", w.cause))
	}
	w.options.Log.Warn("the event store's availability changed", attrs...)
}
