package bench

import (
	"context"
	"sync"
	"time"

	"github.com/jejak-kinerja/jejak/internal/clock"
)

// Call does one piece of work for a caller, 0 and up, and tells how many
// operations it was.
type Call func(ctx context.Context, caller int) (operations int, err error)

// Closed lets callers work, each beginning anew when it is done, until the slice
// is over, and takes the duration of every call. The first error ends it.
func Closed(ctx context.Context, slice time.Duration, callers int, call Call) (Sample, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	counts, each := make([]int, callers), make([][]time.Duration, callers)
	var working sync.WaitGroup
	whole := clock.Watch()
	for caller := range callers {
		working.Go(func() {
			for whole() < slice && ctx.Err() == nil {
				one := clock.Watch()
				n, err := call(ctx, caller)
				if err != nil {
					cancel(err)
					return
				}
				each[caller] = append(each[caller], one())
				counts[caller] += n
			}
		})
	}
	working.Wait()
	s := Sample{Took: whole()}
	for caller := range callers {
		s.Count += counts[caller]
		s.Each = append(s.Each, each[caller]...)
	}
	return s, context.Cause(ctx)
}

// Calls is the variant in which callers work as Closed says.
func Calls(name string, callers int, call Call) Variant {
	return Variant{Name: name, Work: func(ctx context.Context, slice time.Duration) (Sample, error) {
		return Closed(ctx, slice, callers, call)
	}}
}

// Once is the variant that does a whole piece of work, however long it takes.
func Once(name string, work func(ctx context.Context) (operations int, err error)) Variant {
	return Variant{Name: name, Work: func(ctx context.Context, _ time.Duration) (Sample, error) {
		watch := clock.Watch()
		n, err := work(ctx)
		return Sample{Count: n, Took: watch()}, err
	}}
}
