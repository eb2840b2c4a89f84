package bus_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/goleak"

	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/internal/bus"
	"github.com/jejak-kinerja/jejak/internal/pgrun/pgtest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(pgtest.Suite{M: m}) }

// patience bounds what a test waits for.
const patience = 30 * time.Second

// log is an event log in memory, with streams that give up to page facts at a time.
type log struct {
	page    int
	stride  uint64 // between two positions, as in a file; 0 for 1
	mu      sync.Mutex
	facts   []bus.Fact
	grown   chan struct{}
	opened  atomic.Int64
	decoded atomic.Int64
	open    atomic.Int64
	reads   atomic.Int64
	fragile bool // every 20th Next fails
}

func newLog(n, page int) *log {
	l := &log{page: page, grown: make(chan struct{})}
	l.grow(n)
	return l
}

func (l *log) grow(n int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for range n {
		position := (uint64(len(l.facts)) + 1) * l.step()
		l.facts = append(l.facts, bus.Fact{Recorded: domain.Recorded{Position: position, Stream: "test-1", Body: position}})
	}
	close(l.grown)
	l.grown = make(chan struct{})
}

func (l *log) step() uint64 { return max(l.stride, 1) }

type stream struct {
	log   *log
	after uint64 // index in facts
}

func (l *log) Subscribe(_ context.Context, after uint64) (bus.Stream, error) {
	l.opened.Add(1)
	l.open.Add(1)
	return &stream{l, after / l.step()}, nil
}

var errBroken = errors.New("the stream broke")

func (s *stream) Next(ctx context.Context) ([]bus.Fact, error) {
	for {
		if s.log.reads.Add(1)%20 == 0 && s.log.fragile {
			return nil, errBroken
		}
		s.log.mu.Lock()
		facts, grown := s.log.facts[s.after:], s.log.grown
		s.log.mu.Unlock()
		if len(facts) > 0 {
			facts = facts[:min(len(facts), s.log.page)]
			s.after += uint64(len(facts))
			s.log.decoded.Add(int64(len(facts)))
			return slices.Clone(facts), nil
		}
		select {
		case <-grown:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

func (s *stream) Close() error { s.log.open.Add(-1); return nil }

// reached records what a handler was given beyond its checkpoint, as the engine
// would, and complains of gaps and of two batches at once.
type reached struct {
	t      *testing.T
	name   string
	mu     sync.Mutex
	at     uint64
	stride uint64 // of the log's positions; 0 for 1
	// facts up to at, when counted.
	facts   uint64
	counted bool
	moved   chan struct{}
	calls   atomic.Int64
	busy    atomic.Bool
	// before, when set, may fail or delay a call.
	before func(ctx context.Context, call int64) error
}

func newReached(t *testing.T, name string, at uint64) *reached {
	return &reached{t: t, name: name, at: at, facts: at, counted: true, moved: make(chan struct{})}
}

func (r *reached) handler() bus.Handler {
	return bus.Handler{Name: r.name, Handle: r.handle, Checkpoint: func(context.Context) (bus.Checkpoint, error) {
		r.mu.Lock()
		defer r.mu.Unlock()
		return bus.Checkpoint{Position: r.at, Facts: r.facts, Counted: r.counted}, nil
	}}
}

func (r *reached) handle(ctx context.Context, after uint64, facts []bus.Fact) error {
	if !r.busy.CompareAndSwap(false, true) {
		r.t.Errorf("%s: two batches at once", r.name)
	}
	defer r.busy.Store(false)
	call := r.calls.Add(1)
	if r.before != nil {
		if err := r.before(ctx, call); err != nil {
			return err
		}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if after > r.at {
		r.t.Errorf("%s: is at %d and was given what follows %d", r.name, r.at, after)
	}
	for _, f := range facts {
		switch {
		case f.Position <= r.at: // delivered again
		case f.Position == r.at+max(r.stride, 1):
			r.at = f.Position
		default:
			r.t.Errorf("%s: %d came after %d", r.name, f.Position, r.at)
			r.at = f.Position
		}
	}
	close(r.moved)
	r.moved = make(chan struct{})
	return nil
}

func (r *reached) wait(position uint64) {
	r.t.Helper()
	enough := time.NewTimer(patience)
	defer enough.Stop()
	for {
		r.mu.Lock()
		at, moved := r.at, r.moved
		r.mu.Unlock()
		if at >= position {
			return
		}
		select {
		case <-moved:
		case <-enough.C:
			r.t.Fatalf("%s got to %d, not to %d", r.name, at, position)
		}
	}
}

// start runs the bus; stop ends it and gives what Run returned.
func start(t *testing.T, l *log, all ...*reached) (stop func() error) {
	t.Helper()
	o := bus.Options{
		Source: l, Log: slog.New(slog.DiscardHandler), Registerer: prometheus.NewRegistry(),
		Outage: func(err error) bool { return errors.Is(err, errOutage) },
	}
	for _, r := range all {
		o.Handlers = append(o.Handlers, r.handler())
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- bus.Run(ctx, o) }()
	var once sync.Once
	var err error
	stop = func() error {
		once.Do(func() {
			cancel()
			err = <-done
			if n := l.open.Load(); n != 0 {
				t.Errorf("%d streams were left open", n)
			}
		})
		return err
	}
	t.Cleanup(func() {
		if err := stop(); err != nil {
			t.Error(err)
		}
	})
	return stop
}

var errOutage = errors.New("out of reach")

func TestTenThousandFactsReachEveryHandlerInOrderAndAreReadOnce(t *testing.T) {
	l := newLog(10_000, 97)
	var all []*reached
	for i := range 5 {
		all = append(all, newReached(t, fmt.Sprint("h", i), uint64(i)))
	}
	start(t, l, all...)
	for _, r := range all {
		r.wait(10_000)
	}
	l.grow(50)
	for _, r := range all {
		r.wait(10_050)
	}
	if n := l.opened.Load(); n != 1 {
		t.Errorf("the log was opened %d times", n)
	}
	if n := l.decoded.Load(); n != 10_050 {
		t.Errorf("%d facts were decoded", n)
	}
}

func TestAHandlerThatFailsGetsTheSameFactsAgainAndNobodyElseWaits(t *testing.T) {
	l := newLog(3_000, 100)
	bad, good := newReached(t, "bad", 0), newReached(t, "good", 0)
	bad.before = func(_ context.Context, call int64) error {
		switch call {
		case 2, 3, 7:
			return errors.New("something is wrong")
		case 9:
			panic("all is wrong")
		case 11, 12:
			return errOutage
		}
		return nil
	}
	start(t, l, bad, good)
	good.wait(3_000)
	bad.wait(3_000)
}

func TestAHandlerThatHangsIsLeftBehindAndCatchesUp(t *testing.T) {
	l := newLog(40_000, 1_000) // more than the window holds
	free := make(chan struct{})
	slow, quick := newReached(t, "slow", 0), newReached(t, "quick", 0)
	slow.before = func(ctx context.Context, _ int64) error {
		select {
		case <-free:
		case <-ctx.Done():
		}
		return ctx.Err()
	}
	start(t, l, slow, quick)
	quick.wait(40_000)
	close(free)
	slow.wait(40_000)
	if n := l.opened.Load(); n < 2 {
		t.Errorf("the log was opened %d times; the slow one should have read for itself", n)
	}
	l.grow(1_000)
	slow.wait(41_000)
	if n := l.open.Load(); n != 1 {
		t.Errorf("%d streams are open; the slow one should be back", n)
	}
}

func TestAHandlerFarBehindReadsForItselfUntilItIsBack(t *testing.T) {
	l := newLog(50_000, 1_000)
	behind, ahead := newReached(t, "behind", 0), newReached(t, "ahead", 49_000)
	start(t, l, behind, ahead)
	ahead.wait(50_000)
	behind.wait(50_000)
	l.grow(10)
	behind.wait(50_010)
	ahead.wait(50_010)
}

func TestHandlersNearEachOtherShareOneReadingWhateverTheirPositionsCount(t *testing.T) {
	const stride = 5_000 // bytes
	for what, c := range map[string]struct {
		counted bool
		opened  int64
	}{"counted": {true, 1}, "not counted": {false, 2}} {
		t.Run(what, func(t *testing.T) {
			l := &log{page: 100, stride: stride, grown: make(chan struct{})}
			l.grow(3_000)
			hindmost, foremost := newReached(t, "hindmost", 1_000*stride), newReached(t, "foremost", 2_000*stride)
			hindmost.facts, foremost.facts = 1_000, 2_000
			hindmost.stride, foremost.stride = stride, stride
			hindmost.counted, foremost.counted = c.counted, c.counted
			start(t, l, hindmost, foremost)
			foremost.wait(3_000 * stride)
			hindmost.wait(3_000 * stride)
			if n := l.opened.Load(); n != c.opened {
				t.Errorf("the log was opened %d times, not %d", n, c.opened)
			}
		})
	}
}

func TestABrokenStreamIsTakenUpWhereItBroke(t *testing.T) {
	l := newLog(1_000, 10)
	l.fragile = true
	r := newReached(t, "h", 0)
	start(t, l, r)
	r.wait(1_000)
	if n := l.opened.Load(); n < 5 {
		t.Errorf("the log was opened %d times", n)
	}
}

func TestAHandlerThatSomebodyElseMovedReadsOnFromItsCheckpoint(t *testing.T) {
	l := newLog(80_000, 1_000)
	r := newReached(t, "h", 0)
	r.before = func(_ context.Context, call int64) error {
		r.mu.Lock()
		defer r.mu.Unlock()
		switch call {
		case 5:
			r.at += 2_300 // another process was here
		case 12:
			r.at = 7 // or began a rebuild
		default:
			return nil
		}
		return errors.New("moved")
	}
	start(t, l, r)
	r.wait(80_000)
	if n := r.calls.Load(); n < 12 {
		t.Errorf("%d calls only", n)
	}
}

func TestAtTheEndTheBatchUnderWayIsFinished(t *testing.T) {
	l := newLog(10, 10)
	r := newReached(t, "h", 0)
	begun, free := make(chan struct{}), make(chan struct{})
	r.before = func(ctx context.Context, _ int64) error {
		close(begun)
		<-free
		return ctx.Err()
	}
	stop := start(t, l, r)
	<-begun
	done := make(chan error, 1)
	go func() { done <- stop() }()
	select {
	case err := <-done:
		t.Errorf("Run returned with a batch under way: %v", err)
	case <-time.After(50 * time.Millisecond): // nothing can be waited for: it must not happen
	}
	close(free)
	if err := <-done; err != nil {
		t.Error(err)
	}
	r.wait(10)
}

func TestABatchThatDoesNotFinishIsBrokenOff(t *testing.T) {
	l := newLog(10, 10)
	r := newReached(t, "h", 0)
	begun := make(chan struct{})
	r.before = func(ctx context.Context, _ int64) error {
		close(begun)
		<-ctx.Done()
		return ctx.Err()
	}
	stop := start(t, l, r)
	<-begun
	if err := stop(); err != nil {
		t.Error(err)
	}
}

func TestWrongOptionsAreRefused(t *testing.T) {
	twice := newReached(t, "h", 0).handler()
	lost := twice
	lost.Checkpoint = func(context.Context) (bus.Checkpoint, error) { return bus.Checkpoint{}, errOutage }
	for what, o := range map[string]bus.Options{
		"no source": {Handlers: []bus.Handler{twice}}, "no handler": {Source: newLog(0, 1)},
		"the same name twice": {Source: newLog(0, 1), Handlers: []bus.Handler{twice, twice}},
		"no checkpoint":       {Source: newLog(0, 1), Handlers: []bus.Handler{lost}},
	} {
		if err := bus.Run(t.Context(), o); err == nil {
			t.Errorf("%s: accepted", what)
		}
	}
}
