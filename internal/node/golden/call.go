package golden

import (
	"context"
	"errors"
	"io"
	"strings"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
)

// Call is a call at work. What comes is gathered by a goroutine that ends with it.
type Call struct {
	Method Method
	stream grpc.ClientStream
	cancel context.CancelFunc
	came   chan proto.Message
	status *status.Status // once came is closed
	Events []string       // ids of the events that came, the link's where there is one
}

// Start begins a call.
func Start(ctx context.Context, conn grpc.ClientConnInterface, m Method, headers map[string]string) (*Call, error) {
	ctx, cancel := context.WithCancel(metadata.NewOutgoingContext(ctx, metadata.New(headers)))
	stream, err := conn.NewStream(ctx, &grpc.StreamDesc{ClientStreams: true, ServerStreams: true}, m.Path)
	if err != nil {
		cancel()
		return nil, err
	}
	c := &Call{Method: m, stream: stream, cancel: cancel, came: make(chan proto.Message, 1024)}
	go c.gather()
	return c, nil
}

func (c *Call) gather() {
	defer close(c.came)
	for {
		m := newMessage(c.Method.Answer)
		err := c.stream.RecvMsg(m)
		if errors.Is(err, io.EOF) {
			c.status = status.New(codes.OK, "")
			return
		}
		if err != nil {
			c.status = status.Convert(err)
			return
		}
		c.came <- m
	}
}

// batches tells whether the call is one of BatchAppend, which is answered at once
// while it stays open.
func (c *Call) batches() bool { return strings.HasSuffix(c.Method.Path, "/BatchAppend") }

// Send sends a message. That the server has ended the call meanwhile is told by
// the call's status.
func (c *Call) Send(m proto.Message) error {
	if err := c.stream.SendMsg(m); err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	return nil
}

// CloseSend says that nothing more is sent.
func (c *Call) CloseSend() error { return c.stream.CloseSend() }

// Cancel ends the call and waits until it has ended.
func (c *Call) Cancel() {
	c.cancel()
	for range c.came { //nolint:revive // what comes now is not looked at
	}
}

// Take waits until at least so many messages have come and, when ended is set, the
// call has ended; then until nothing has come for the quiet time.
func (c *Call) Take(count int, ended bool, quiet, limit time.Duration) (got []proto.Message, over bool) {
	deadline := time.After(limit)
	for len(got) < count || ended {
		select {
		case m, ok := <-c.came:
			if !ok {
				return got, true
			}
			got = append(got, m)
		case <-deadline:
			return got, false
		}
	}
	for {
		select {
		case m, ok := <-c.came:
			if !ok {
				return got, true
			}
			got = append(got, m)
		case <-time.After(quiet):
			return got, false
		}
	}
}

// Status is the end of a call that is over.
func (c *Call) Status() Answer {
	a := Answer{Code: codeNames[c.status.Code()], Message: c.status.Message()}
	for key, values := range c.stream.Trailer() {
		if strings.HasPrefix(key, "grpc-") || strings.HasPrefix(key, "content-") || key == "date" || key == "server" {
			continue
		}
		if a.Trailers == nil {
			a.Trailers = map[string]string{}
		}
		a.Trailers[key] = strings.Join(values, ", ")
	}
	return a
}

var codeNames = map[codes.Code]string{
	codes.OK: "OK", codes.Canceled: "CANCELLED", codes.Unknown: "UNKNOWN", codes.InvalidArgument: "INVALID_ARGUMENT",
	codes.DeadlineExceeded: "DEADLINE_EXCEEDED", codes.NotFound: "NOT_FOUND", codes.AlreadyExists: "ALREADY_EXISTS",
	codes.PermissionDenied: "PERMISSION_DENIED", codes.ResourceExhausted: "RESOURCE_EXHAUSTED",
	codes.FailedPrecondition: "FAILED_PRECONDITION", codes.Aborted: "ABORTED", codes.OutOfRange: "OUT_OF_RANGE",
	codes.Unimplemented: "UNIMPLEMENTED", codes.Internal: "INTERNAL", codes.Unavailable: "UNAVAILABLE",
	codes.DataLoss: "DATA_LOSS", codes.Unauthenticated: "UNAUTHENTICATED",
}
