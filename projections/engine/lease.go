package engine

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
)

const (
	// leaseTime is how long a lease outlives its last renewal. With a renewal each
	// leaseEvery, a holder that died or froze is replaced within four seconds.
	leaseTime  = 3 * time.Second
	leaseEvery = time.Second

	// followEvery is how often a process without the lease looks how far the holder
	// is, while it has facts that it has not seen applied: the delay of reading one's
	// own writes there.
	followEvery = 25 * time.Millisecond

	// releaseLimit bounds giving leases back at the end.
	releaseLimit = time.Second
)

// errLeft ends a Handle whose process has given its leases back.
var errLeft = errors.New("this process no longer writes read models")

// leases are what one process holds.
type leases struct {
	needed  bool // Options.Leased
	mu      sync.Mutex
	left    bool // KeepLeases has ended
	until   map[string]time.Time
	changed chan struct{}
}

func newLeases(needed bool) *leases { return &leases{needed: needed, changed: make(chan struct{})} }

// holds tells whether the projection may be written now, and gives a channel that
// is closed when the answer may be another.
func (l *leases) holds(name string, now time.Time) (ours bool, changed <-chan struct{}, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.left {
		return false, nil, errLeft
	}
	return !l.needed || now.Before(l.until[name]), l.changed, nil
}

func (l *leases) set(until map[string]time.Time, left bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.until, l.left = until, left
	close(l.changed)
	l.changed = make(chan struct{})
}

// KeepLeases takes the lease of each projection that nobody holds, and renews it
// until ctx ends; then it gives them back, and Handle fails. It is for engines with
// Options.Leased, and runs once.
func (e *Engine) KeepLeases(ctx context.Context) {
	holder := holderName()
	defer e.release(ctx, holder)
	defer e.leases.set(nil, true)
	tick := time.NewTicker(leaseEvery)
	defer tick.Stop()
	for {
		// Reckoned from before the asking: never later than the database's own end.
		until := e.options.Clock().Add(leaseTime)
		held, err := e.renew(ctx, holder)
		switch {
		case err == nil:
			mine := make(map[string]time.Time, len(held))
			for _, name := range held {
				mine[name] = until
			}
			e.leases.set(mine, false)
		case ctx.Err() == nil: // those held run out by themselves
			e.options.Log.Warn("the leases of the read models are not renewed", slog.Any("error", err))
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}

// holderName tells people which process it is, and is never the same twice.
func holderName() string {
	host, err := os.Hostname()
	if err != nil {
		host = "unnamed"
	}
	return fmt.Sprintf("%s/%d/%s", host, os.Getpid(), rand.Text())
}

// Leading tells whether this process writes the projection.
func (e *Engine) Leading(name string) bool {
	leading, _, err := e.leases.holds(name, e.options.Clock())
	return leading && err == nil
}

// ForgetLeases is for who has just started the database itself: whoever held a
// lease in it is gone, and need not be waited for.
func (e *Engine) ForgetLeases(ctx context.Context) error {
	if _, err := e.pool.Exec(ctx, `delete from lease`); err != nil {
		return fmt.Errorf("forget the leases: %w", err)
	}
	return nil
}

func (e *Engine) renew(ctx context.Context, holder string) ([]string, error) {
	ctx, cancel := context.WithTimeout(ctx, leaseEvery)
	defer cancel()
	rows, err := e.pool.Query(ctx, `
		insert into lease as l (projection, holder, until)
		select name, $1, clock_timestamp() + $3::interval from unnest($2::text[]) name order by name
		on conflict (projection) do update set holder = excluded.holder, until = excluded.until
		 where l.holder = excluded.holder or l.until < clock_timestamp()
		returning projection`, holder, e.names, leaseTime)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowTo[string])
}

// release lets others begin at once.
func (e *Engine) release(ctx context.Context, holder string) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), releaseLimit)
	defer cancel()
	if _, err := e.pool.Exec(ctx, `delete from lease where holder = $1`, holder); err != nil {
		e.options.Log.Warn("the leases of the read models run out instead of being given back", slog.Any("error", err))
	}
}

// follow waits until the holder of the lease has applied the facts, true, or until
// the lease is ours, false.
func (e *Engine) follow(ctx context.Context, t *track, facts []Fact) (applied bool, err error) {
	tick := time.NewTicker(followEvery)
	defer tick.Stop()
	for {
		ours, changed, err := e.leases.holds(t.Name, e.options.Clock())
		if ours || err != nil {
			return false, err
		}
		applied, err := e.observe(ctx, t, facts)
		if applied || err != nil && !errors.Is(err, ErrOutage) {
			return applied, err
		}
		select {
		case <-tick.C:
		case <-changed:
		case <-ctx.Done():
			return false, fmt.Errorf("follow %s: %w", t.Name, ctx.Err())
		}
	}
}

// observe looks how far the holder is, and tells those who wait or listen here.
func (e *Engine) observe(ctx context.Context, t *track, facts []Fact) (applied bool, err error) {
	if err := t.take(ctx); err != nil {
		return false, err
	}
	defer t.give()
	before := t.position
	if err := e.recall(ctx, t); err != nil {
		return false, err
	}
	last := &facts[len(facts)-1]
	if t.position < last.Position {
		return false, nil
	}
	var seen touched
	for i := range facts {
		if !t.parked[facts[i].Stream] {
			seen.add(facts[i].Stream)
		}
	}
	e.changes.publish(seen.change(t.Name, before, last.Position))
	return true, nil
}
