package eventlog

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/jejak-kinerja/jejak/domain/catalog"
)

// Log is the ledger's event store. Safe for concurrent use.
type Log struct {
	gate           *gate
	catalog        *catalog.Catalog
	log            *slog.Logger
	callTimeout    time.Duration
	silenceTimeout time.Duration
	appendOnly     bool
	confirm        func(context.Context) error // see Options
	tail           lastTail
	end            atomic.Uint64 // the newest position of the ledger that was seen, by whatever means
}

// saw remembers how far the ledger reaches at least.
func (l *Log) saw(position uint64) {
	for {
		end := l.end.Load()
		if position <= end || l.end.CompareAndSwap(end, position) {
			return
		}
	}
}

// Open connects to the event store and waits until it answers, or ctx ends. What
// waiting cannot mend (credentials, certificates, TLS or not) is told at once. Errors
// are of kind Unavailable, with a name and a sentence for what is wrong. With
// Patience it does not wait longer, and calls wait for the store within their limits.
func Open(ctx context.Context, o Options) (*Log, error) {
	if err := o.setDefaults(); err != nil {
		return nil, err
	}
	config, err := o.configuration()
	if err != nil {
		return nil, err
	}
	gate, err := newGate(config, o.Log, o.CallTimeout)
	if err != nil {
		return nil, err
	}
	l := &Log{
		gate:    gate,
		catalog: o.Catalog, log: o.Log, callTimeout: o.CallTimeout, silenceTimeout: o.SilenceTimeout, appendOnly: o.AppendOnly, confirm: o.Confirm,
	}
	link, err := l.meet(ctx, o.Patience)
	if err != nil && (o.Patience == 0 || ctx.Err() != nil || misconfigured(err)) {
		if closing := l.gate.close(); closing != nil {
			o.Log.Warn("giving up on the event store", slog.Any("error", closing))
		}
		return nil, fmt.Errorf("open the event log: %w", unreachable(err))
	}
	if link != nil {
		l.gate.release(link)
	}
	l.gate.begin(l.beat)
	return l, nil
}

const (
	// lookEvery is how often it is looked whether waiting for the event store can help;
	// of every so many looks one is told.
	lookEvery   = time.Second
	noticeEvery = 5

	// beatEvery is how often the store is asked for a sign of life, so that those who
	// only listen leave a node that stands still, too.
	beatEvery = 2 * time.Second
)

// meet waits for the first answer, aloud; not when waiting cannot help, and not
// longer than the limit, unless that is 0.
func (l *Log) meet(ctx context.Context, limit time.Duration) (*link, error) {
	if limit > 0 {
		limited, cancel := context.WithTimeout(ctx, limit)
		defer cancel()
		ctx = limited
	}
	for look := 0; ; look++ {
		waiting, stop := context.WithTimeout(ctx, lookEvery)
		link, err := l.gate.acquire(waiting)
		stop()
		if err == nil || ctx.Err() != nil || errors.Is(err, errClosed) || misconfigured(err) {
			return link, err
		}
		if look%noticeEvery == 0 {
			l.log.Warn("the event store is waited for", slog.Any("error", err))
		}
	}
}

// beat asks for signs of life until ctx ends. What a call does about a node that
// does not give one is what is wanted of it.
func (l *Log) beat(ctx context.Context) {
	every := time.NewTicker(beatEvery)
	defer every.Stop()
	for {
		select {
		case <-every.C:
		case <-ctx.Done():
			return
		}
		newest, err := l.page(ctx, 0, 1, true)
		if len(newest) == 1 && !system(newest[0]) {
			l.saw(newest[0].Position.Commit)
		}
		if err != nil && ctx.Err() == nil {
			l.log.Debug("the event store gives no sign of life", slog.Any("error", err))
		}
	}
}

// Close ends the connection. Close subscriptions first; calls that are under way
// may finish within CallTimeout.
func (l *Log) Close() error { return l.gate.close() }
