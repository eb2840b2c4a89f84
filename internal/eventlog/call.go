package eventlog

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/jejak-kinerja/jejak/domain"
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
	bounded, cancel := context.WithTimeoutCause(ctx, l.callTimeout, errSlow)
	defer cancel()
	for {
		value, err := try(bounded, l, use)
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
func try[T any](ctx context.Context, l *Log, use func(context.Context, *esdb.Client) (T, error)) (T, error) {
	var none T
	link, err := l.gate.acquire(ctx)
	if err != nil {
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
			if context.Cause(ctx) == errSlow { // our deadline, not the caller's haste
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

// judge retires a link by how a use of it ended.
func (g *gate) judge(l *link, err error) {
	if code(err) == esdb.ErrorCodeNotLeader {
		g.cluster.doubt(l.node.address)
	}
	if broken(err) {
		g.retire(l)
	}
}

// broken says that a link should not be used again.
func broken(err error) bool {
	switch code(err) {
	case esdb.ErrorCodeNotLeader, esdb.ErrorCodeConnectionClosed:
		return true
	}
	return errors.Is(err, errPanicked) || statusOf(err).Code() == codes.Unavailable
}

// passing says that an error will go by: no node leads at the moment, or the
// connection was lost. Whether an append was stored is not known then.
func passing(err error) bool {
	switch code(err) {
	case esdb.ErrorCodeNotLeader, esdb.ErrorCodeConnectionClosed, esdb.ErrorUnavailable, esdb.ErrorAborted:
		return true
	}
	switch s := statusOf(err); s.Code() {
	case codes.Unavailable, codes.Aborted, codes.Canceled: // cancelled: the library has closed the connection
		return true
	case codes.Unknown:
		return strings.Contains(strings.ToLower(s.Message()), "no leader")
	}
	return errors.Is(err, errLeft)
}

// code of a library error; -1 when it is none.
func code(err error) esdb.ErrorCode {
	if e, ok := errors.AsType[*esdb.Error](err); ok {
		return e.Code()
	}
	return -1
}

// statusOf gives what the store answered; OK when err holds no answer of a store.
func statusOf(err error) *status.Status {
	if e, ok := errors.AsType[*esdb.Error](err); ok {
		err = e.Err()
	}
	if answer, ok := errors.AsType[statusError](err); ok {
		return answer.GRPCStatus()
	}
	return nil
}

// statusError is an error that a gRPC call ended with.
type statusError interface {
	error
	GRPCStatus() *status.Status
}

// fault says in the words of the domain that the store could not be asked. What
// the store answered, and the caller's own end of patience, pass unchanged.
func fault(ctx context.Context, err error) error {
	switch {
	case err == nil, answered(err), errors.Is(err, errClosed), errors.Is(err, ErrNotAPlace):
		return err
	case misplaced(err):
		return fmt.Errorf("%w: %w", ErrNotAPlace, err)
	case code(err) == esdb.ErrorCodeUnauthenticated:
		return fmt.Errorf("%w: %w", away(slugLogin, "the event store does not accept our name or password any more"), err)
	case code(err) == esdb.ErrorCodeAccessDenied:
		return fmt.Errorf("%w: %w", away(slugDenied, "the event store does not let our user do this"), err)
	case tooLarge(err):
		return fmt.Errorf("%w: %w", domain.Bad("", slugTooLarge, "the event store takes less in one append: raise its MaxAppendSize, or send less at once"), err)
	case code(err) == esdb.ErrorCodeStreamDeleted:
		return fmt.Errorf("%w: %w", errStreamDeleted, err)
	case ctx.Err() != nil && errors.Is(err, ctx.Err()):
		return err
	case ctx.Err() != nil:
		return fmt.Errorf("%w: %w", ctx.Err(), err)
	}
	return unreachable(err)
}

// tooLarge recognises the store's own limit, where it is lower than ours.
func tooLarge(err error) bool {
	s := statusOf(err)
	return s.Code() == codes.InvalidArgument && strings.Contains(strings.ToLower(s.Message()), "append size")
}

func unreachable(cause error) error {
	if domain.KindOf(cause) == domain.Unavailable { // it is known why
		return cause
	}
	return fmt.Errorf("%w: %w", away(slugUnreachable, "the event store does not answer"), cause)
}

// errStreamDeleted answers whoever wants to read or write a stream that somebody has
// deleted in the event store itself. The product never does.
var errStreamDeleted = domain.Refuse(slugDeletedStream, "the stream was deleted in the event store, from outside of this product: nothing can be added to it, see the runbook")

// answered says that an error is the store's considered answer: nothing was stored.
func answered(err error) bool {
	switch code(err) {
	case esdb.ErrorCodeWrongExpectedVersion, esdb.ErrorCodeResourceNotFound, esdb.ErrorCodeUnsupportedFeature, esdb.ErrorCodeParsing:
		return true
	}
	return false
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
