package node

import (
	"context"
	"errors"
	"io"
	"math"

	"github.com/EventStore/EventStore-Client-Go/v4/protos/shared"
	api "github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
	"google.golang.org/grpc/codes"

	"github.com/google/uuid"
)

// streams serves the Streams service.
type streams struct {
	api.UnimplementedStreamsServer
	node *Node
}

// maxAppendEvents bounds one append beside its bytes: events without a body weigh
// almost nothing on the wire, but much in memory.
const maxAppendEvents = 65_536

// abandoned is the answer to a request whose caller is gone or whose time is up.
func abandoned() *refusal {
	return &refusal{code: codes.DeadlineExceeded, text: "the time for this write is up"}
}

// write sends the request through the sequencer and waits for the answer. When
// ctx ends first the write may still happen.
func (n *Node) write(ctx context.Context, r *request) (outcome, error) {
	answer := make(chan outcome, 1)
	r.answer = func(o outcome) { answer <- o }
	r.gone = ctx.Done()
	r.identify()
	if err := n.queue.submit(r); err != nil {
		return outcome{}, err
	}
	select {
	case o := <-answer:
		return o, o.err
	case <-ctx.Done():
		return outcome{}, ctx.Err()
	}
}

// identify fills in the ids by which a repeat is known.
func (r *request) identify() {
	r.ids = make([]uuid.UUID, len(r.events))
	for i, e := range r.events {
		r.ids[i] = e.id
	}
}

// writable reads the stream name of an append, asks for the right to write, and
// only then looks at the rest of the name.
func (n *Node) writable(ctx context.Context, id *shared.StreamIdentifier) (string, error) {
	name, err := readableName(id.GetStreamName())
	if err != nil {
		return "", err
	}
	if err := n.may(ctx, rightWrite, name); err != nil {
		return "", err
	}
	if err := n.mayChange(ctx, actAppend, name); err != nil {
		return "", err
	}
	return writableName(id.GetStreamName())
}

// parcel collects the events of one append within its limits.
type parcel struct {
	events []*event
	size   int // as the limit counts it
	weight int // in memory
}

// maxAppendWeight bounds what one append may weigh in all. EventStoreDB counts the
// data alone against its limit.
const maxAppendWeight = 32 << 20

func (p *parcel) add(e *event, size int, limitBytes int) error {
	p.size += size
	p.weight += e.weight()
	if p.size > limitBytes || p.weight > maxAppendWeight {
		return tooLarge(limitBytes)
	}
	if len(p.events) == maxAppendEvents {
		return invalid("an append has at most %d events", maxAppendEvents)
	}
	p.events = append(p.events, e)
	return nil
}

func (p *parcel) propose(m proposal, limitBytes int) error {
	e, size, err := readProposal(m)
	if err != nil {
		return err
	}
	return p.add(e, size, limitBytes)
}

func (s streams) Append(call api.Streams_AppendServer) error {
	if s.node.opts.Trace == nil {
		return s.append(call)
	}
	end := s.node.traced(call.Context(), "Append")
	err := s.append(call)
	end(err)
	return err
}

func (s streams) append(call api.Streams_AppendServer) error {
	r, err := s.receiveAppend(call)
	if err != nil {
		return err
	}
	o, err := s.node.write(call.Context(), r)
	if err != nil {
		return err
	}
	switch o.verdict {
	case gone:
		return streamDeleted(r.stream)
	case wrongVersion:
		return call.SendAndClose(wrongVersionAnswer(r.want, o.rev))
	}
	return call.SendAndClose(appendAnswer(o))
}

func (s streams) receiveAppend(call api.Streams_AppendServer) (*request, error) {
	if s.node.isStopping() {
		return nil, shuttingDown()
	}
	var first arrival
	err := call.RecvMsg(&first)
	if errors.Is(err, io.EOF) {
		return nil, invalid("an append starts with its options")
	}
	if err != nil {
		return nil, err
	}
	options := first.options
	if options == nil {
		return nil, invalid("an append starts with its options")
	}
	want, err := readExpectation[*api.AppendReq_Options_Revision, *api.AppendReq_Options_NoStream,
		*api.AppendReq_Options_Any, *api.AppendReq_Options_StreamExists](options.GetExpectedStreamRevision(), options.GetRevision(), "Streams.AppendReq+Types+Options+ExpectedStreamRevisionOneofCase")
	if err != nil {
		return nil, err
	}
	name, err := s.node.writable(call.Context(), options.GetStreamIdentifier())
	if err != nil {
		return nil, err
	}
	var p parcel
	for {
		var next arrival
		err := call.RecvMsg(&next)
		if errors.Is(err, io.EOF) {
			return &request{stream: name, want: want, events: p.events}, nil
		}
		if err != nil {
			return nil, err
		}
		if next.refused != nil {
			return nil, next.refused
		}
		if next.event == nil {
			return nil, invalid("an append has its options once, then events")
		}
		if err := p.add(next.event, next.size, s.node.opts.MaxAppendBytes); err != nil {
			return nil, err
		}
	}
}

// readExpectation reads the "expected revision" oneof, which four messages repeat
// with types of their own.
func readExpectation[Revision, NoStream, Any, Exists any](oneof any, revision uint64, part string) (expectation, error) {
	switch oneof.(type) {
	case Revision:
		if revision == math.MaxUint64 { // how .NET clients write "no stream"
			return expectation{expectNoStream, revision}, nil
		}
		if revision > math.MaxInt64 {
			return expectation{}, thrown()
		}
		return expectation{expectRevision, revision}, nil
	case NoStream:
		return expectation{kind: expectNoStream}, nil
	case Any:
		return expectation{kind: expectAny}, nil
	case Exists:
		return expectation{kind: expectStreamExists}, nil
	}
	return expectation{}, missingPart(part)
}

func appendAnswer(o outcome) *api.AppendResp {
	success := &api.AppendResp_Success{
		CurrentRevisionOption: &api.AppendResp_Success_CurrentRevision{CurrentRevision: uint64(o.rev)},
		PositionOption:        &api.AppendResp_Success_NoPosition{NoPosition: &shared.Empty{}},
	}
	if o.rev < 0 {
		success.CurrentRevisionOption = &api.AppendResp_Success_NoStream{NoStream: &shared.Empty{}}
	}
	if o.pos > 0 {
		success.PositionOption = &api.AppendResp_Success_Position{Position: &api.AppendResp_Position{
			CommitPosition: uint64(o.pos), PreparePosition: uint64(o.pos)}}
	}
	return &api.AppendResp{Result: &api.AppendResp_Success_{Success: success}}
}

// wrongVersionAnswer fills the present fields and their twins of version 20.6.
func wrongVersionAnswer(want expectation, head int64) *api.AppendResp {
	w := &api.AppendResp_WrongExpectedVersion{}
	none := &shared.Empty{}
	if head < 0 {
		w.CurrentRevisionOption = &api.AppendResp_WrongExpectedVersion_CurrentNoStream{CurrentNoStream: none}
		w.CurrentRevisionOption_20_6_0 = &api.AppendResp_WrongExpectedVersion_NoStream_20_6_0{NoStream_20_6_0: none}
	} else {
		w.CurrentRevisionOption = &api.AppendResp_WrongExpectedVersion_CurrentRevision{CurrentRevision: uint64(head)}
		w.CurrentRevisionOption_20_6_0 = &api.AppendResp_WrongExpectedVersion_CurrentRevision_20_6_0{CurrentRevision_20_6_0: uint64(head)}
	}
	switch want.kind {
	case expectRevision:
		w.ExpectedRevisionOption = &api.AppendResp_WrongExpectedVersion_ExpectedRevision{ExpectedRevision: want.revision}
		w.ExpectedRevisionOption_20_6_0 = &api.AppendResp_WrongExpectedVersion_ExpectedRevision_20_6_0{ExpectedRevision_20_6_0: want.revision}
	case expectAny:
		w.ExpectedRevisionOption = &api.AppendResp_WrongExpectedVersion_ExpectedAny{ExpectedAny: none}
		w.ExpectedRevisionOption_20_6_0 = &api.AppendResp_WrongExpectedVersion_Any_20_6_0{Any_20_6_0: none}
	case expectStreamExists:
		w.ExpectedRevisionOption = &api.AppendResp_WrongExpectedVersion_ExpectedStreamExists{ExpectedStreamExists: none}
		w.ExpectedRevisionOption_20_6_0 = &api.AppendResp_WrongExpectedVersion_StreamExists_20_6_0{StreamExists_20_6_0: none}
	case expectNoStream: // version 20.6 had no word for it, but the number
		w.ExpectedRevisionOption = &api.AppendResp_WrongExpectedVersion_ExpectedRevision{ExpectedRevision: want.revision}
		if want.revision == 0 {
			w.ExpectedRevisionOption = &api.AppendResp_WrongExpectedVersion_ExpectedNoStream{ExpectedNoStream: none}
		}
		w.ExpectedRevisionOption_20_6_0 = &api.AppendResp_WrongExpectedVersion_ExpectedRevision_20_6_0{ExpectedRevision_20_6_0: math.MaxUint64}
	}
	return &api.AppendResp{Result: &api.AppendResp_WrongExpectedVersion_{WrongExpectedVersion: w}}
}
