package bus

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"
)

const (
	// firstPause and lastPause bound the wait after a failure; it doubles in between.
	firstPause = 50 * time.Millisecond
	lastPause  = 5 * time.Second

	// nearFacts is how many facts behind the foremost a handler may be and still set
	// the place where the common reading starts.
	nearFacts = 20_000
)

// feed reads the log once for all readers.
type feed struct {
	source Source
	window *window
	log    *slog.Logger
}

// startOf gives the position where the common reading starts: that of the hindmost
// of those handlers that are known to be near the foremost.
func startOf(checkpoints []Checkpoint) uint64 {
	foremost := slices.MaxFunc(checkpoints, func(a, b Checkpoint) int { return cmp.Compare(a.Position, b.Position) })
	start := foremost.Position
	for _, c := range checkpoints {
		if c.Counted && foremost.Counted && foremost.Facts-c.Facts <= nearFacts {
			start = min(start, c.Position)
		}
	}
	return start
}

// run fills the window until ctx ends.
func (f *feed) run(ctx context.Context) {
	var wait pause
	for ctx.Err() == nil {
		err := f.follow(ctx, &wait)
		if ctx.Err() == nil {
			f.log.Warn("following the log broke off; it is taken up again", slog.Any("error", err))
			wait.sleep(ctx)
		}
	}
}

func (f *feed) follow(ctx context.Context, wait *pause) (err error) {
	stream, err := f.source.Subscribe(ctx, f.window.head) // only we change head
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, stream.Close()) }()
	for {
		facts, err := next(ctx, stream, f.window.head)
		if err != nil {
			return err
		}
		if err := f.window.publish(ctx, facts); err != nil {
			return err
		}
		wait.reset()
	}
}

// next takes facts from a stream and insists on their order.
func next(ctx context.Context, stream Stream, after uint64) ([]Fact, error) {
	for {
		facts, err := stream.Next(ctx)
		if err != nil {
			return nil, err
		}
		for i := range facts {
			if facts[i].Position <= after {
				return nil, fmt.Errorf("the log gave the fact at %d after the one at %d", facts[i].Position, after)
			}
			after = facts[i].Position
		}
		if len(facts) > 0 {
			return facts, nil
		}
	}
}

// pause is the wait after failures in a row.
type pause struct{ length time.Duration }

func (p *pause) reset() { p.length = 0 }

// sleep waits, longer each time, or until ctx ends.
func (p *pause) sleep(ctx context.Context) {
	p.length = min(max(2*p.length, firstPause), lastPause)
	timer := time.NewTimer(p.length)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}
