package bus

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/ThreeDotsLabs/watermill"
	"github.com/ThreeDotsLabs/watermill/components/metrics"
	"github.com/ThreeDotsLabs/watermill/message"
	"github.com/ThreeDotsLabs/watermill/message/router/middleware"
	"github.com/prometheus/client_golang/prometheus"
)

const (
	// ShutdownTimeout is how long batches under way may take to finish; then they
	// are broken off, and delivered again at the next start.
	ShutdownTimeout = 5 * time.Second

	// outageRetries, from firstPause on, doubling, are about three seconds: enough
	// for a database that restarts. Then the handler starts from its checkpoint.
	outageRetries = 5
)

// Options say what to carry where.
type Options struct {
	Source   Source
	Handlers []Handler
	// Outage tells errors that go by themselves (a database that restarts) from the
	// others; nil means that none does.
	Outage func(error) bool
	Log    *slog.Logger // slog.Default when nil
	// Trace, when not nil, starts a span for a handler's work on facts, and gives
	// what ends it.
	Trace func(ctx context.Context, handler string, facts []Fact) (_ context.Context, end func(error))
	// Registerer takes the Router's metrics; nil for none.
	Registerer prometheus.Registerer
}

func (o *Options) check() error {
	if o.Source == nil || len(o.Handlers) == 0 {
		return errors.New("the bus needs a source and handlers")
	}
	names := map[string]bool{}
	for _, h := range o.Handlers {
		if h.Name == "" || h.Checkpoint == nil || h.Handle == nil || names[h.Name] {
			return fmt.Errorf("handler %q needs a name of its own, a Checkpoint and a Handle", h.Name)
		}
		names[h.Name] = true
	}
	if o.Log == nil {
		o.Log = slog.Default()
	}
	if o.Outage == nil {
		o.Outage = func(error) bool { return false }
	}
	return nil
}

// Run carries facts from each handler's checkpoint on until ctx ends. Then it
// starts no batch more, gives those under way ShutdownTimeout, and returns when
// everything it started has ended. Its error is one of the start.
func Run(ctx context.Context, o Options) error {
	if err := o.check(); err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	work, breakOff := context.WithCancel(context.WithoutCancel(ctx))
	sub := &subscriber{readers: map[string]*reader{}, work: work}
	f, err := readers(ctx, o, sub)
	if err != nil {
		cancel()
		breakOff()
		return err
	}
	router, err := newRouter(ctx, o, sub)
	if err != nil {
		cancel()
		breakOff()
		return err
	}
	var others sync.WaitGroup
	others.Go(func() { f.run(ctx) })
	others.Go(func() { // the end of patience
		<-ctx.Done()
		timer := time.NewTimer(ShutdownTimeout)
		defer timer.Stop()
		select {
		case <-timer.C:
			breakOff()
		case <-work.Done():
		}
	})
	err = router.Run(ctx)
	cancel()
	closing := sub.Close() // waits for batches under way, also when the Router did not
	breakOff()
	others.Wait()
	return errors.Join(err, closing)
}

// readers makes a reader for each handler, where it stands, and their feed.
func readers(ctx context.Context, o Options, sub *subscriber) (*feed, error) {
	f := &feed{source: o.Source, log: o.Log}
	var checkpoints []Checkpoint
	for _, h := range o.Handlers {
		at, err := h.Checkpoint(ctx)
		if err != nil {
			return nil, fmt.Errorf("find where %s is: %w", h.Name, err)
		}
		checkpoints = append(checkpoints, at)
		sub.readers[h.Name] = &reader{handler: h, feed: f, position: at.Position}
	}
	f.window = newWindow(startOf(checkpoints))
	for _, r := range sub.readers {
		f.window.expect(r)
	}
	return f, nil
}

// handle hands a batch over, in a span when somebody traces.
func (o *Options) handle(ctx context.Context, h Handler, b batch) error {
	if o.Trace == nil {
		return h.Handle(ctx, b.after, b.facts)
	}
	ctx, end := o.Trace(ctx, h.Name, b.facts)
	err := h.Handle(ctx, b.after, b.facts)
	end(err)
	return err
}

func newRouter(ctx context.Context, o Options, sub *subscriber) (*message.Router, error) {
	quiet := map[slog.Level]slog.Level{slog.LevelInfo: slog.LevelDebug}
	router, err := message.NewRouter(message.RouterConfig{CloseTimeout: 2 * ShutdownTimeout},
		watermill.NewSlogLoggerWithLevelMapping(o.Log, quiet))
	if err != nil {
		return nil, fmt.Errorf("make the bus: %w", err)
	}
	router.AddMiddleware(middleware.CorrelationID)
	if o.Registerer != nil {
		router.AddMiddleware(metrics.NewPrometheusMetricsBuilder(o.Registerer, "jejak", "bus").NewRouterMiddleware().Middleware)
	}
	router.AddMiddleware(middleware.Recoverer, middleware.Retry{
		MaxRetries: outageRetries, InitialInterval: firstPause, MaxInterval: lastPause, Multiplier: 2,
		ShouldRetry: func(p middleware.RetryParams) bool { return ctx.Err() == nil && o.Outage(p.Err) },
	}.Middleware)
	for _, h := range o.Handlers {
		router.AddConsumerHandler(h.Name, h.Name, sub, func(m *message.Message) error {
			b, err := batchOf(m)
			if err != nil {
				return err
			}
			return o.handle(m.Context(), h, b)
		})
	}
	return router, nil
}
