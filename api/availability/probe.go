package availability

import (
	"context"
	"log/slog"
	"time"
)

// Run asks the store every few seconds until ctx ends, at once when a call failed,
// and more often while it is away.
func (w *Watch) Run(ctx context.Context) {
	for {
		if w.State().AsOf.IsZero() {
			w.recallAsOf(ctx)
		}
		w.Probe(ctx)
		pause := probeEvery
		if w.State().Condition == Away {
			pause = probeAway
		}
		select {
		case <-time.After(pause):
		case <-w.wake:
		case <-ctx.Done():
			return
		}
	}
}

// Probe asks the store once, for at most two seconds, and remembers what that says.
func (w *Watch) Probe(ctx context.Context) {
	began := w.options.Clock()
	asking, cancel := context.WithTimeout(ctx, probeLimit)
	head, err := w.options.Head(asking)
	cancel()
	if ctx.Err() != nil {
		return
	}
	now := sight{head, began}
	w.mu.Lock()
	last := w.last
	w.mu.Unlock()
	nowShown, lastShown := err == nil && w.shown(now), w.shown(last)
	w.change(func() {
		if w.away, w.cause = err != nil, err; err == nil {
			w.last = now
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
