package eventlog

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/jejak-kinerja/jejak/domain"
)

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
	case err == nil, answered(err), errors.Is(err, errClosed), errors.Is(err, ErrNotAPlace), errors.Is(err, errUnconfirmed):
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
