package eventlog

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
	"google.golang.org/grpc/status"

	"github.com/jejak-kinerja/jejak/domain"
)

// call uses the library once, with two more of its defects fenced: it may ignore
// its context, so the answer is awaited here with a deadline of our own; and it
// may panic on an answer it does not know, so every use recovers. (One cannot be
// fenced: an event without a creation time ends the process. No server sends one.)
//
// The use goes on in the background when its deadline has passed; the link stays
// open until it returns.
func call[T any](ctx context.Context, l *Log, use func(context.Context, *esdb.Client) (T, error)) (T, error) {
	var none T
	bounded, cancel := context.WithTimeout(ctx, l.callTimeout)
	defer cancel()
	link, err := l.gate.acquire(bounded)
	if err != nil {
		return none, fault(ctx, err)
	}
	type result struct {
		value T
		err   error
	}
	answer := make(chan result, 1)
	go func() {
		defer l.gate.release(link)
		var r result
		r.value, r.err = guarded(func() (T, error) { return use(l.signed(bounded), link.client) })
		if broken(r.err) {
			l.gate.retire(link)
		}
		answer <- r
	}()
	select {
	case r := <-answer:
		err = r.err
		if err == nil {
			return r.value, nil
		}
		if code(err) == esdb.ErrorCodeDeadlineExceeded {
			<-bounded.Done() // the call saw the same deadline a moment earlier
		}
	case <-bounded.Done():
		err = bounded.Err()
	}
	if bounded.Err() != nil && ctx.Err() == nil { // our deadline, not the caller's haste
		l.gate.retire(link)
	}
	return none, fault(ctx, err)
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

// broken says that a link should not be used again.
func broken(err error) bool {
	switch code(err) {
	case esdb.ErrorUnavailable, esdb.ErrorCodeConnectionClosed:
		return true
	}
	return errors.Is(err, errPanicked)
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
	case ctx.Err() != nil && errors.Is(err, ctx.Err()):
		return err
	case ctx.Err() != nil:
		return fmt.Errorf("%w: %w", ctx.Err(), err)
	}
	return unreachable(err)
}

func unreachable(cause error) error {
	refusal := &domain.Error{Kind: domain.Unavailable, Slug: "event-store-unreachable", Detail: "the event store does not answer"}
	return fmt.Errorf("%w: %w", refusal, cause)
}

// answered says that an error is the store's considered answer: nothing was stored.
func answered(err error) bool {
	switch code(err) {
	case esdb.ErrorCodeWrongExpectedVersion, esdb.ErrorCodeResourceNotFound, esdb.ErrorCodeStreamDeleted,
		esdb.ErrorCodeAccessDenied, esdb.ErrorCodeUnauthenticated, esdb.ErrorCodeUnsupportedFeature, esdb.ErrorCodeParsing:
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
