package eventlog

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"log/slog"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
	api "github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
	grpcmeta "google.golang.org/grpc/metadata"

	"github.com/jejak-kinerja/jejak/internal/clock"
)

const (
	// maxFillRuns and maxFillBytes bound what has been sent and not been answered, and
	// so does MaxFillAhead.
	maxFillRuns  = 512
	maxFillBytes = 8 << 20

	// MaxFillAhead is how many events may be stored while one before them is not.
	MaxFillAhead = 10_000

	// fillPatience is how long a fill goes on without any event being stored: longer
	// than an election and the restart of a node.
	fillPatience = 2 * time.Minute
)

// Fill appends events to any event store, each at its revision, with its id and
// bytes; places and times are the store's. Hundreds of appends are under way at a
// time, in one call to the node that leads.
//
// Order: within a stream that of the events. Over streams, an event is not sent
// before all those are stored that it names (see references). Others are sent in
// their order too, and a node that leads stores them so; only when it fails in
// between may one that is under way come to stand behind its next MaxFillAhead
// events, none of which names it.
//
// A store that is away, or has no leader, is waited for, and what was not answered
// is sent again: ids and expected revisions make a repeat safe, so a Fill that was
// broken off is begun again with the first event that is missing. report is told
// how many are stored.
func Fill(ctx context.Context, o Options, events iter.Seq2[Raw, error], report func(stored int)) error {
	if err := o.setDefaults(); err != nil {
		return err
	}
	config, err := o.configuration()
	if err != nil {
		return err
	}
	next, stop := iter.Pull2(runs(events))
	defer stop()
	f := &fill{next: next, report: report, references: references{}}
	last, since := -1, time.Time{}
	for {
		err := f.pourInto(ctx, config, 2*o.CallTimeout)
		if err == nil || ctx.Err() != nil || final(err) || isLasting(err) {
			return err
		}
		if now := clock.Now(); f.stored > last {
			last, since = f.stored, now
		} else if now.Sub(since) > fillPatience {
			return unreachable(err)
		}
		o.Log.WarnContext(ctx, "the event store is filled again from where it stopped", slog.Any("error", err))
		select {
		case <-time.After(maxPause):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// fill is the work of a Fill. Everything but receive is one goroutine's.
type fill struct {
	next   func() ([]Raw, error, bool)
	report func(int)
	stored int

	begun      []*fillRun // asked for and not all stored, in the order of the log
	ended      bool       // next has no more
	references references // what the runs under way can be named by
	runs       int        // under way
	events     int        // in them
	bytes      int
}

// errNoAnswer: a connection on which nothing is heard.
var errNoAnswer = errors.New("the event store has not answered for too long")

// pourInto fills over one connection. When nothing is heard on it for a while, it is
// given up: a store that stands still takes nothing either.
func (f *fill) pourInto(ctx context.Context, config *esdb.Configuration, silence time.Duration) (err error) {
	leader, err := dialLeader(ctx, config)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, leader.Close()) }()
	ctx, cancel := context.WithCancelCause(grpcmeta.AppendToOutgoingContext(ctx, "requires-leader", "true"))
	defer cancel(nil)
	silent := time.AfterFunc(silence, func() { cancel(errNoAnswer) })
	defer silent.Stop()
	call, err := api.NewStreamsClient(leader).BatchAppend(ctx)
	if err != nil {
		return err
	}
	answers := make(chan heard, maxFillRuns+1)
	go receive(call, answers)
	defer func() {
		if cause := context.Cause(ctx); err != nil && cause != nil {
			err = errors.Join(cause, err)
		}
		cancel(nil)
		for range answers { // until its goroutine has ended
		}
	}()
	f.begin()
	for {
		sent, err := f.sendNext(call)
		if err != nil {
			return err
		}
		if !sent && f.runs == 0 {
			return call.CloseSend()
		}
		heard, err := f.listen(answers, !sent)
		if err != nil {
			return err
		}
		if sent || heard {
			silent.Reset(silence)
		}
	}
}

// begin forgets what another connection was sent and did not answer.
func (f *fill) begin() {
	f.runs, f.events, f.bytes, f.references = 0, 0, 0, references{}
	left := f.begun[:0]
	for _, r := range f.begun {
		if r.state != stored {
			r.state = unsent
			left = append(left, r)
		}
	}
	f.begun = left
}

// sendNext sends one run, unless too much is under way, or something that it names.
func (f *fill) sendNext(call api.Streams_BatchAppendClient) (sent bool, err error) {
	r, err := f.nextRun()
	if err != nil || r == nil {
		return false, err
	}
	if f.runs > 0 && (f.runs == maxFillRuns || f.events+r.events > MaxFillAhead || f.bytes+r.bytes > maxFillBytes || f.references.named(r)) {
		return false, nil
	}
	f.references.add(r)
	f.runs, f.events, f.bytes = f.runs+1, f.events+r.events, f.bytes+r.bytes
	r.state = sentOff
	if err := call.Send(r.request); err != nil {
		return false, nil //nolint:nilerr // the reason is received
	}
	return true, nil
}

// nextRun gives the first that is not sent; nil when there is none.
func (f *fill) nextRun() (*fillRun, error) {
	for _, r := range f.begun {
		if r.state == unsent {
			return r, nil
		}
	}
	if f.ended {
		return nil, nil
	}
	events, err, more := f.next()
	if err != nil {
		return nil, &lasting{err}
	}
	if !more {
		f.ended = true
		return nil, nil
	}
	r := newFillRun(events)
	f.begun = append(f.begun, r)
	return r, nil
}

// listen takes the answers that have come; with wait, at least one.
func (f *fill) listen(answers <-chan heard, wait bool) (heard bool, err error) {
	for {
		if wait && !heard {
			if err := f.take(<-answers); err != nil { // the call's end is an answer, too
				return heard, err
			}
			heard = true
			continue
		}
		select {
		case a := <-answers:
			if err := f.take(a); err != nil {
				return heard, err
			}
			heard = true
		default:
			return heard, nil
		}
	}
}

// take notes that a run is stored.
func (f *fill) take(a heard) error {
	if a.err != nil {
		return a.err
	}
	for _, r := range f.begun {
		if r.id != a.GetCorrelationId().GetString_() || r.state != sentOff {
			continue
		}
		if err := r.refused(a.BatchAppendResp); err != nil {
			return err
		}
		r.state = stored
		f.references.remove(r)
		f.runs, f.events, f.bytes = f.runs-1, f.events-r.events, f.bytes-r.bytes
		f.stored += r.events
		for len(f.begun) > 0 && f.begun[0].state == stored {
			f.begun = f.begun[1:]
		}
		f.report(f.stored)
		return nil
	}
	return fmt.Errorf("the event store answered what it was not asked: %s", a.GetCorrelationId())
}
