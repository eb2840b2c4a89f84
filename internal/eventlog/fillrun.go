package eventlog

import (
	"errors"
	"fmt"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/protos/shared"
	api "github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
	"github.com/google/uuid"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/durationpb"
	"google.golang.org/protobuf/types/known/emptypb"
)

// fillDeadline is how long the store may work at one append.
const fillDeadline = 30 * time.Second

// How far a run is.
const (
	unsent = iota
	sentOff
	stored
)

// fillRun is one append of neighbours.
type fillRun struct {
	id      string // of the request
	request *api.BatchAppendReq
	stream  string
	last    uint64   // revision
	names   []string // what others may call it by
	named   []string // what its events name
	events  int
	bytes   int
	state   int
}

func newFillRun(events []Raw) *fillRun {
	first, last := events[0], events[len(events)-1]
	r := &fillRun{id: uuid.NewString(), stream: first.Stream, last: last.Revision, events: len(events)}
	options := &api.BatchAppendReq_Options{
		StreamIdentifier:       &shared.StreamIdentifier{StreamName: []byte(first.Stream)},
		ExpectedStreamPosition: &api.BatchAppendReq_Options_NoStream{NoStream: &emptypb.Empty{}},
		DeadlineOption:         &api.BatchAppendReq_Options_Deadline{Deadline: durationpb.New(fillDeadline)},
	}
	if first.Revision > 0 {
		options.ExpectedStreamPosition = &api.BatchAppendReq_Options_StreamPosition{StreamPosition: first.Revision - 1}
	}
	r.request = &api.BatchAppendReq{CorrelationId: textID(r.id), Options: options, IsFinal: true}
	id := idOf(first.Stream)
	r.names, r.named = []string{first.Stream, id}, []string{id}
	for _, e := range events {
		r.request.ProposedMessages = append(r.request.ProposedMessages, &api.BatchAppendReq_ProposedMessage{
			Id: textID(e.ID), Data: e.Data, CustomMetadata: e.Metadata, Metadata: map[string]string{"type": e.Type, "content-type": e.ContentType},
		})
		r.bytes += len(e.Data) + len(e.Metadata)
		r.names = append(r.names, e.ID)
		r.named = append(append(r.named, words(e.Data)...), words(e.Metadata)...)
	}
	return r
}

// heard is an answer, or why there are no more.
type heard struct {
	*api.BatchAppendResp
	err error
}

// receive hands the answers on until the call ends.
func receive(call api.Streams_BatchAppendClient, answers chan<- heard) {
	defer close(answers)
	for {
		answer, err := call.Recv()
		answers <- heard{answer, err}
		if err != nil {
			return
		}
	}
}

// lasting marks an error that another try would meet again.
type lasting struct{ error }

func (l *lasting) Unwrap() error { return l.error }

func isLasting(err error) bool {
	_, is := errors.AsType[*lasting](err)
	return is
}

// refused gives the reason when a run was not stored where it belongs. Only a store
// that ran out of time may be asked again.
func (r *fillRun) refused(a *api.BatchAppendResp) error {
	problem := a.GetError()
	if problem == nil {
		if at := a.GetSuccess().GetCurrentRevision(); at != r.last {
			return &lasting{fmt.Errorf("the event store put the end of %s at revision %d, not at %d", r.stream, at, r.last)}
		}
		return nil
	}
	err := fmt.Errorf("append %s up to revision %d: %w", r.stream, r.last, status.ErrorProto(problem))
	switch codes.Code(problem.GetCode()) {
	case codes.AlreadyExists:
		return &lasting{fmt.Errorf("%w: it holds other events there", err)}
	case codes.NotFound, codes.InvalidArgument, codes.PermissionDenied, codes.Unauthenticated, codes.FailedPrecondition:
		return &lasting{err}
	}
	return err
}
