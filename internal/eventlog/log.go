package eventlog

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
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
	login          string // see clearLogin
}

// Open connects to the event store and waits until it answers, or ctx ends.
func Open(ctx context.Context, o Options) (*Log, error) {
	if err := o.setDefaults(); err != nil {
		return nil, err
	}
	config, err := o.configuration()
	if err != nil {
		return nil, err
	}
	l := &Log{
		gate:    newGate(config, o.Log, o.CallTimeout),
		catalog: o.Catalog, log: o.Log, callTimeout: o.CallTimeout, silenceTimeout: o.SilenceTimeout, appendOnly: o.AppendOnly,
		login: clearLogin(config),
	}
	link, err := l.meet(ctx)
	if err != nil {
		if closing := l.gate.close(); closing != nil {
			o.Log.Warn("giving up on the event store", slog.Any("error", closing))
		}
		return nil, fmt.Errorf("open the event log: %w", unreachable(err))
	}
	l.gate.release(link)
	return l, nil
}

// noticeEvery is how often it is said that the event store is still waited for.
const noticeEvery = 5 * time.Second

// meet waits for the first answer, aloud.
func (l *Log) meet(ctx context.Context) (*link, error) {
	for {
		waiting, stop := context.WithTimeout(ctx, noticeEvery)
		link, err := l.gate.acquire(waiting)
		stop()
		if err == nil || ctx.Err() != nil || errors.Is(err, errClosed) {
			return link, err
		}
		l.log.Warn("the event store is waited for", slog.Any("error", err))
	}
}

// Close ends the connection. Close subscriptions first; calls that are under way
// may finish within CallTimeout.
func (l *Log) Close() error { return l.gate.close() }
