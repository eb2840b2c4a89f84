package availability

import (
	"context"
	"log/slog"
	"time"
)

// Run asks the store every few seconds until ctx ends, at once when a call failed,
// and more often while it is away.
func (w *Watch) Run(ctx context.Context) {
	w.recallAsOf(ctx)
	for {
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
	shown := err == nil && w.options.Shown != nil && w.options.Shown(head)
	w.change(func() {
		w.away, w.cause = err != nil, err
		if err == nil {
			w.head = head
		}
		if shown && w.refusal == nil {
			w.asOf = began
		}
	})
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
