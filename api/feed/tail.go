package feed

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"
)

// RingEvents is how many of the newest events are kept for live readers: how far
// one may fall behind before it is cut.
const RingEvents = 64

// retryPause lies between two attempts to follow the log.
const retryPause = time.Second

// Tail is the end of the log, shared by all live readers: one subscription and
// one ring, however many read.
type Tail struct {
	source Source
	log    *slog.Logger

	mu sync.Mutex
	// ring holds the events after from up to head, at most RingEvents.
	ring    []Entry
	from    uint64
	head    uint64
	running bool
	stopped bool
	// grown is closed, and made anew, whenever something changes.
	grown chan struct{}
}

// NewTail makes the tail of a log. It serves nobody until it runs.
func NewTail(source Source, log *slog.Logger) *Tail {
	return &Tail{source: source, log: log, grown: make(chan struct{})}
}

// Run follows the log until ctx ends. When following breaks, it begins anew at
// the log's end; live readers are cut then, since they may have missed something.
func (t *Tail) Run(ctx context.Context) {
	defer t.stop()
	for ctx.Err() == nil {
		if err := t.follow(ctx); err != nil && ctx.Err() == nil {
			t.log.WarnContext(ctx, "the feed's tail broke", slog.Any("error", err))
		}
		t.pause()
		select {
		case <-ctx.Done():
		case <-time.After(retryPause):
		}
	}
}

func (t *Tail) follow(ctx context.Context) error {
	head, err := t.source.Head(ctx)
	if err != nil {
		return fmt.Errorf("find the end of the log: %w", err)
	}
	subscription, err := t.source.Subscribe(ctx, head)
	if err != nil {
		return fmt.Errorf("follow the log: %w", err)
	}
	defer subscription.Close()
	t.begin(head)
	for {
		entries, err := subscription.Next(ctx)
		if err != nil {
			return fmt.Errorf("follow the log: %w", err)
		}
		t.push(entries)
	}
}

func (t *Tail) begin(head uint64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.ring, t.from, t.head, t.running = nil, head, head, true
	t.wake()
}

// pause sends the live readers away: what they have heard may be of another log.
func (t *Tail) pause() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.running = false
	t.wake()
}

func (t *Tail) stop() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.running, t.stopped = false, true
	t.wake()
}

func (t *Tail) push(entries []Entry) {
	if len(entries) == 0 {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.ring = append(t.ring, entries...)
	t.head = entries[len(entries)-1].Position
	if over := len(t.ring) - RingEvents; over > 0 {
		t.from = t.ring[over-1].Position
		t.ring = append([]Entry(nil), t.ring[over:]...)
	}
	t.wake()
}

func (t *Tail) wake() {
	close(t.grown)
	t.grown = make(chan struct{})
}

// glance is what the tail shows to a reader at a position.
type glance struct {
	// entries after the position; only when covered.
	entries []Entry
	// covered says that nothing after the position is missing in entries.
	covered bool
	// stopped says that the service ends.
	stopped bool
	// paused says that the log is not being followed.
	paused bool
	// grown is closed when there is more to see.
	grown <-chan struct{}
}

func (t *Tail) after(position uint64) glance {
	t.mu.Lock()
	defer t.mu.Unlock()
	g := glance{stopped: t.stopped, paused: !t.running, grown: t.grown, covered: t.running && position >= t.from}
	if !g.covered {
		return g
	}
	for i, e := range t.ring {
		if e.Position > position {
			g.entries = t.ring[i:len(t.ring):len(t.ring)]
			break
		}
	}
	return g
}
