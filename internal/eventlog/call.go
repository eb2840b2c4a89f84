package eventlog

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
)

const (
	// silentAfter is how long a call may wait for its answer before it is asked, beside
	// it, whether another node leads by now.
	silentAfter = time.Second

	// retryPause lies between two tries of a call while no node takes it.
	retryPause = 100 * time.Millisecond
)

// errLeft ends a try whose node leads no more, answered or not.
var errLeft = errors.New("another node of the event store leads by now")

// errSlow ends a call that has taken as long as one may.
var errSlow = errors.New("the event store took too long")

// call uses the library until the store has answered, at the node that leads and
// within one deadline of our own. A store that elects a leader, starts, or has lost
// the connection is asked again: reading twice is harmless, and an append keeps its
// ids and its place.
func call[T any](ctx context.Context, l *Log, use func(context.Context, *esdb.Client) (T, error)) (T, error) {
	return callBy(ctx, l, anyLink, use)
}

// callBy is call by a link that is admitted; an error of admit's ends it.
func callBy[T any](ctx context.Context, l *Log, admit func(context.Context, *link) error, use func(context.Context, *esdb.Client) (T, error)) (T, error) {
	bounded, cancel := context.WithTimeoutCause(ctx, l.callTimeout, errSlow)
	defer cancel()
	for {
		value, err := try(bounded, l, admit, use)
		if err == nil || !passing(err) || bounded.Err() != nil {
			return value, fault(ctx, err)
		}
		select {
		case <-time.After(retryPause):
		case <-bounded.Done():
			return value, fault(ctx, err)
		}
	}
}

// try uses the library once, with two more of its defects fenced: it may ignore
// its context, so the answer is awaited here; and it may panic on an answer it does
// not know, so every use recovers. (One cannot be fenced: an event without a
// creation time ends the process. No server sends one.)
//
// The use may go on in the background when ctx has ended; the link stays open until
// it returns.
func try[T any](ctx context.Context, l *Log, admit func(context.Context, *link) error, use func(context.Context, *esdb.Client) (T, error)) (T, error) {
	var none T
	link, err := l.gate.acquire(ctx)
	if err != nil {
		return none, err
	}
	if err := admit(ctx, link); err != nil {
		l.gate.release(link)
		return none, err
	}
	type result struct {
		value T
		err   error
	}
	using, cancel := context.WithCancel(ctx)
	defer cancel()
	answer := make(chan result, 1)
	go func() {
		defer l.gate.release(link)
		var r result
		r.value, r.err = guarded(func() (T, error) { return use(asLeader(l.gate.cluster.dialer.login.sign(using)), link.client) })
		if using.Err() == nil {
			l.gate.judge(link, r.err)
		}
		answer <- r
	}()
	silence := time.NewTicker(silentAfter)
	defer silence.Stop()
	for {
		select {
		case r := <-answer:
			if code(r.err) == esdb.ErrorCodeDeadlineExceeded {
				<-ctx.Done() // the call saw the same deadline a moment earlier
				continue
			}
			return r.value, r.err
		case <-silence.C:
			l.gate.doubt(link)
		case <-link.left:
			return none, errLeft
		case <-ctx.Done():
			if errors.Is(context.Cause(ctx), errSlow) { // our deadline, not the caller's haste
				l.gate.retire(link)
			}
			return none, ctx.Err()
		}
	}
}

// errPanicked marks a panic of the library.
var errPanicked = errors.New("the event store client panicked")

// guarded turns a panic of the library into an error.
func guarded[T any](use func() (T, error)) (value T, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("%w: %v", errPanicked, p)
		}
	}()
	return use()
}

// ping asks the store for its last event.
func ping(ctx context.Context, client *esdb.Client) error {
	_, err := guarded(func() (struct{}, error) {
		stream, err := client.ReadAll(ctx, esdb.ReadAllOptions{Direction: esdb.Backwards, From: esdb.End{}}, 1)
		if err != nil {
			return struct{}{}, err
		}
		defer stream.Close()
		if _, err = stream.Recv(); errors.Is(err, io.EOF) {
			err = nil
		}
		return struct{}{}, err
	})
	return err
}
