package availability

import (
	"context"
	"log/slog"
	"sync"
	"time"
)

// Run asks the store every few seconds until ctx ends, at once when a call failed,
// and more often while it is away. Beside that it asks patiently while the store is
// away, since one that is only slow would be away for ever.
func (w *Watch) Run(ctx context.Context) {
	var patient sync.WaitGroup
	defer patient.Wait()
	asking := make(chan struct{}, 1)
	for {
		if w.State().AsOf.IsZero() {
			w.recallAsOf(ctx)
		}
		w.Probe(ctx)
		pause := probeEvery
		if w.State().Condition == Away {
			pause = probeAway
			select {
			case asking <- struct{}{}:
				patient.Go(func() { w.probePatiently(ctx); <-asking })
			default:
			}
		}
		select {
		case <-time.After(pause):
		case <-w.wake:
		case <-ctx.Done():
			return
		}
	}
}

// Probe asks the store once, for at most two seconds, or twice as long as it took to
// answer last, and remembers what that says.
func (w *Watch) Probe(ctx context.Context) {
	limit := w.limit()
	now, err := w.ask(ctx, limit)
	if ctx.Err() != nil || err != nil && limit < w.limit() { // it has been answered, only later
		return
	}
	w.learn(now, err)
}

func (w *Watch) limit() time.Duration {
	w.mu.Lock()
	defer w.mu.Unlock()
	return max(probeLimit, min(2*w.took, patientLimit))
}

// probePatiently believes an answer only: that there was none is old by then.
func (w *Watch) probePatiently(ctx context.Context) {
	if now, err := w.ask(ctx, patientLimit); err == nil {
		w.learn(now, nil)
	}
}

func (w *Watch) ask(ctx context.Context, limit time.Duration) (now sight, err error) {
	asking, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	now.at = w.options.Clock()
	now.head, err = w.options.Head(asking)
	return now, err
}

func (w *Watch) learn(now sight, err error) {
	w.mu.Lock()
	last := w.last
	w.mu.Unlock()
	nowShown, lastShown := err == nil && w.shown(now), w.shown(last)
	w.change(func() {
		if w.away, w.cause = err != nil, err; err == nil {
			w.last, w.took = now, w.options.Clock().Sub(now.at)
		}
		switch {
		case w.refusal != nil: // what is shown is not of this log
		case nowShown:
			w.asOf = now.at
		case lastShown:
			w.asOf = last.at
		}
	})
}

// sight is an end of the log that was seen, and when it was asked for.
type sight struct {
	head uint64
	at   time.Time
}

// shown says whether the read models hold everything up to there. In a busy city they
// are always some facts behind the end, but soon hold what was the end a moment ago.
func (w *Watch) shown(s sight) bool {
	return !s.at.IsZero() && w.options.Shown != nil && w.options.Shown(s.head)
}

// recallAsOf takes the newest fact that the read models hold for their time, until
// the store tells more.
func (w *Watch) recallAsOf(ctx context.Context) {
	if w.options.Newest == nil {
		return
	}
	at, err := w.options.Newest(ctx)
	if err != nil {
		w.options.Log.WarnContext(ctx, "up to when the read models are filled is not known", slog.Any("error", err))
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.asOf.IsZero() {
		w.asOf = at
	}
}
