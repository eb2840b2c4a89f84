package node

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strings"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/protos/shared"
	api "github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
	rpcstatus "google.golang.org/genproto/googleapis/rpc/status"
	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/anypb"
	"google.golang.org/protobuf/types/known/emptypb"
)

const (
	// maxInFlight bounds the requests of one BatchAppend call that wait for their
	// answer. When it is reached no more is read, which holds the client back.
	maxInFlight = 1024

	// maxUnfinished bounds the requests of one call whose last part is missing.
	// Clients send a request's parts one after the other.
	maxUnfinished = 32
)

// batchCall is one BatchAppend call: a receiver that hands requests over in the
// order they were sent, and this goroutine, which sends the answers as they come.
type batchCall struct {
	node    *Node
	call    api.Streams_BatchAppendServer
	slots   chan struct{} // one token a request in flight
	answers chan *api.BatchAppendResp
	parts   map[string]*part // unfinished requests, by correlation id; the receiver's
	fault   error            // why the receiver stopped; nil when the client was done
	over    chan error       // why no request of the call is taken any more; holds the first
}

// part is a request that is still arriving.
type part struct {
	options *api.BatchAppendReq_Options
	stream  string
	want    expectation
	until   time.Time
	parcel  parcel
	err     error // found on the way; answered when the request is complete
}

// BatchAppend takes requests in parts, several at a time, and answers each once.
// When the client is done, all answers are sent before the call ends.
func (s streams) BatchAppend(call api.Streams_BatchAppendServer) error {
	if s.node.isStopping() {
		return shuttingDown()
	}
	b := &batchCall{
		node: s.node, call: call, parts: map[string]*part{},
		slots: make(chan struct{}, maxInFlight), answers: make(chan *api.BatchAppendResp, maxInFlight),
		over: make(chan error, 1),
	}
	received := make(chan struct{})
	s.node.running.Go(func() { // ends at the latest when the call has ended
		defer close(received)
		b.fault = b.receive(call.Context())
	})
	stopping := s.node.stopping
	for {
		select {
		case a := <-b.answers:
			if err := b.send(a); err != nil {
				return err
			}
		case err := <-b.over:
			return b.give(err)
		case <-received:
			if b.fault != nil {
				return b.fault
			}
			return b.flush()
		case <-stopping:
			// No end of the client's stream can be waited for: what is answered by
			// now is sent, the rest is told by the call's end.
			if err := b.flush(); err != nil {
				return err
			}
			return shuttingDown()
		case <-call.Context().Done():
			return call.Context().Err()
		}
	}
}

func (b *batchCall) send(a *api.BatchAppendResp) error {
	<-b.slots
	return b.call.Send(a)
}

// flush sends the answers of everything in flight. Each takes its slot with it.
func (b *batchCall) flush() error {
	for range len(b.slots) {
		select {
		case a := <-b.answers:
			if err := b.send(a); err != nil {
				return err
			}
		case err := <-b.over:
			return b.give(err)
		case <-b.call.Context().Done():
			return b.call.Context().Err()
		}
	}
	return nil
}

// give sends the answers that are there, and returns the reason for which the call
// ends.
func (b *batchCall) give(reason error) error {
	for {
		select {
		case a := <-b.answers:
			if err := b.send(a); err != nil {
				return err
			}
		default:
			return reason
		}
	}
}

// receive reads until the client is done.
func (b *batchCall) receive(ctx context.Context) error {
	for {
		chunk, err := b.call.Recv()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if err := b.take(ctx, chunk); err != nil {
			return err
		}
	}
}

// take adds a chunk to its request and, when it is the last, hands the request over.
func (b *batchCall) take(ctx context.Context, chunk *api.BatchAppendReq) error {
	id, err := readID(chunk.GetCorrelationId())
	if err != nil {
		return invalid("the correlation id is missing or broken")
	}
	p := b.parts[string(id[:])]
	if p == nil {
		if len(b.parts) == maxUnfinished {
			return invalid("more than %d unfinished requests", maxUnfinished)
		}
		p = &part{options: chunk.GetOptions()}
		p.err = b.open(ctx, p)
		b.parts[string(id[:])] = p
	}
	for _, m := range chunk.GetProposedMessages() {
		if p.err == nil {
			p.err = p.parcel.propose(m, b.node.opts.MaxAppendBytes)
			if typ, there := m.GetMetadata()["type"]; there && typ == "" {
				p.err = invalid(textBadType)
			}
		}
		if p.err != nil {
			p.parcel = parcel{} // nothing of it will be stored
			break
		}
	}
	if !chunk.GetIsFinal() {
		return nil
	}
	delete(b.parts, string(id[:]))
	return b.submit(ctx, chunk.GetCorrelationId(), p)
}

// open reads what stands in a request's first chunk.
func (b *batchCall) open(ctx context.Context, p *part) (err error) {
	if p.options == nil {
		return invalid("a request starts with its options")
	}
	p.want, err = readExpectation[*api.BatchAppendReq_Options_StreamPosition, *api.BatchAppendReq_Options_NoStream,
		*api.BatchAppendReq_Options_Any, *api.BatchAppendReq_Options_StreamExists](
		p.options.GetExpectedStreamPosition(), p.options.GetStreamPosition(), "Streams.BatchAppendReq+Types+Options+ExpectedStreamPositionOneofCase")
	if err != nil {
		return err
	}
	if p.stream, err = b.node.writable(ctx, p.options.GetStreamIdentifier()); err != nil {
		return err
	}
	switch d := p.options.GetDeadlineOption().(type) {
	case *api.BatchAppendReq_Options_Deadline_21_10_0:
		p.until = d.Deadline_21_10_0.AsTime()
	case *api.BatchAppendReq_Options_Deadline:
		p.until = b.node.opts.Clock().Add(d.Deadline.AsDuration()) // saturates, so any duration will do
	}
	if !p.until.IsZero() && !b.node.opts.Clock().Before(p.until) {
		return abandoned()
	}
	return nil
}

func (b *batchCall) submit(ctx context.Context, correlation *shared.UUID, p *part) error {
	select {
	case b.slots <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	answer := func(o outcome) {
		if endsCall(o.err) {
			select {
			case b.over <- o.err:
			default:
			}
			return
		}
		b.answers <- b.answerTo(correlation, p, o) // a slot is room here too
	}
	if p.err != nil {
		answer(outcome{err: p.err})
		return nil
	}
	r := &request{stream: p.stream, want: p.want, events: p.parcel.events, deadline: p.until, answer: answer}
	r.identify()
	if err := b.node.queue.submitWaiting(ctx, r); err != nil {
		answer(outcome{err: err})
	}
	return nil
}

// endsCall: the answer is not about the request, but about the node. Clients look
// for another one, or for the leader, only when the call ends with it.
func endsCall(err error) bool {
	r := asRefusal(err)
	return r != nil && (r.code == codes.NotFound || r.code == codes.Unavailable)
}

func (b *batchCall) answerTo(correlation *shared.UUID, p *part, o outcome) *api.BatchAppendResp {
	a := &api.BatchAppendResp{CorrelationId: correlation, StreamIdentifier: p.options.GetStreamIdentifier()}
	if problem := b.problem(p, o); problem != nil {
		a.Result = &api.BatchAppendResp_Error{Error: problem}
		return a
	}
	success := &api.BatchAppendResp_Success{
		CurrentRevisionOption: &api.BatchAppendResp_Success_CurrentRevision{CurrentRevision: uint64(o.rev)},
		PositionOption:        &api.BatchAppendResp_Success_NoPosition{NoPosition: &emptypb.Empty{}},
	}
	if o.rev < 0 {
		success.CurrentRevisionOption = &api.BatchAppendResp_Success_NoStream{NoStream: &emptypb.Empty{}}
	}
	if o.pos > 0 {
		success.PositionOption = &api.BatchAppendResp_Success_Position{Position: &shared.AllStreamPosition{
			CommitPosition: uint64(o.pos), PreparePosition: uint64(o.pos)}}
	}
	a.Result = &api.BatchAppendResp_Success_{Success: success}
	return a
}

// problem is a failed request's answer: a status with one detail, by which the
// clients know the case. nil for success.
func (b *batchCall) problem(p *part, o outcome) *rpcstatus.Status {
	switch {
	case o.err != nil:
		return b.refused(o.err)
	case o.verdict == gone:
		return problem(codes.NotFound, textBatchDeleted, &shared.StreamDeleted{StreamIdentifier: p.options.GetStreamIdentifier()})
	case o.verdict == wrongVersion:
		return problem(codes.AlreadyExists, textBatchWrongVersion, wrongVersionDetail(p.want, o.rev))
	}
	return nil
}

func (b *batchCall) refused(err error) *rpcstatus.Status {
	r := asRefusal(err)
	if r == nil {
		b.node.opts.Log.Error("a batched append failed", slog.Any("error", err))
		return problem(codes.Unknown, textBatchUnknown, &shared.Unknown{})
	}
	switch {
	case r.code == codes.DeadlineExceeded:
		return problem(r.code, textBatchTimeout, &shared.Timeout{})
	case r.code == codes.PermissionDenied:
		return problem(r.code, textBatchDenied, &shared.AccessDenied{})
	case r.code == codes.InvalidArgument && len(r.trailers) > 1 && r.trailers[1] == exceptionTooLarge:
		return problem(r.code, textBatchTooLarge, &shared.MaximumAppendSizeExceeded{MaxAppendSize: uint32(b.node.opts.MaxAppendBytes)})
	case r.code == codes.InvalidArgument:
		return problem(r.code, textBatchBad, &shared.BadRequest{Message: badRequest(r)})
	case r.text == textThrown:
		return problem(codes.InvalidArgument, textBatchBad, &shared.BadRequest{Message: r.text})
	}
	return problem(codes.Unknown, textBatchUnknown, &shared.Unknown{})
}

// badRequest says in the words of BatchAppend what is wrong with a request.
func badRequest(r *refusal) string {
	switch {
	case r.text == textStreamMissing:
		return textBadStream
	case r.text == textNoUUID:
		return textBadID
	case slices.Contains(r.trailers, exceptionMissingProperty):
		return textBadProperty
	case strings.HasPrefix(r.text, textMissingPart[:len("'None'")]):
		return fmt.Sprintf(textBadExpectation, r.text)
	}
	return r.text
}

func problem(code codes.Code, text string, detail proto.Message) *rpcstatus.Status {
	packed, err := anypb.New(detail)
	if err != nil { // plain generated messages always can be
		panic("node: pack an error detail: " + err.Error())
	}
	return &rpcstatus.Status{Code: int32(code), Message: text, Details: []*anypb.Any{packed}}
}

func wrongVersionDetail(want expectation, head int64) *shared.WrongExpectedVersion {
	w := &shared.WrongExpectedVersion{}
	none := &emptypb.Empty{}
	if head < 0 {
		w.CurrentStreamRevisionOption = &shared.WrongExpectedVersion_CurrentNoStream{CurrentNoStream: none}
	} else {
		w.CurrentStreamRevisionOption = &shared.WrongExpectedVersion_CurrentStreamRevision{CurrentStreamRevision: uint64(head)}
	}
	switch want.kind {
	case expectRevision:
		w.ExpectedStreamPositionOption = &shared.WrongExpectedVersion_ExpectedStreamPosition{ExpectedStreamPosition: want.revision}
	case expectAny:
		w.ExpectedStreamPositionOption = &shared.WrongExpectedVersion_ExpectedAny{ExpectedAny: none}
	case expectStreamExists:
		w.ExpectedStreamPositionOption = &shared.WrongExpectedVersion_ExpectedStreamExists{ExpectedStreamExists: none}
	case expectNoStream:
		w.ExpectedStreamPositionOption = &shared.WrongExpectedVersion_ExpectedNoStream{ExpectedNoStream: none}
	}
	return w
}
