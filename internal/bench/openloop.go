package bench

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/jejak-kinerja/jejak/internal/clock"
)

// maxUnderWay bounds the calls of an open loop that are not done yet: beyond it
// what is measured has collapsed, and only memory would still grow.
const maxUnderWay = 20_000

// Open begins calls at a fixed rate a second until the slice is over, whether the
// earlier ones are done or not, and waits for all. Each duration counts from the
// moment at which its call was due, so that a late start is no excuse. The first
// error ends it.
func Open(ctx context.Context, slice time.Duration, rate int, call func(ctx context.Context, n int) error) (Sample, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var (
		mu      sync.Mutex
		each    []time.Duration
		working sync.WaitGroup
		room    = make(chan struct{}, maxUnderWay)
		calls   = int(slice.Seconds() * float64(rate))
		whole   = clock.Watch()
	)
	for n := 0; n < calls && ctx.Err() == nil; n++ {
		due := time.Duration(n) * time.Second / time.Duration(rate)
		if wait := due - whole(); wait > 0 {
			pause(ctx, wait)
		}
		select {
		case room <- struct{}{}:
		default:
			cancel(fmt.Errorf("%d calls are under way at %d a second", maxUnderWay, rate))
			continue
		}
		working.Go(func() {
			defer func() { <-room }()
			if err := call(ctx, n); err != nil {
				cancel(err)
				return
			}
			took := whole() - due
			mu.Lock()
			defer mu.Unlock()
			each = append(each, took)
		})
	}
	working.Wait()
	return Sample{Count: len(each), Took: whole(), Each: each}, context.Cause(ctx)
}

func pause(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}

// Arrivals is the variant in which calls arrive as Open says.
func Arrivals(name string, rate int, call func(ctx context.Context, n int) error) Variant {
	return Variant{Name: name, Work: func(ctx context.Context, slice time.Duration) (Sample, error) {
		return Open(ctx, slice, rate, call)
	}}
}
