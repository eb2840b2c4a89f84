package eventlog

import (
	"context"

	"github.com/EventStore/EventStore-Client-Go/v4/protos/shared"
	api "github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
	"github.com/google/uuid"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// Tries are what a name may do to a stream.
type Tries struct {
	ReadAll       bool // the whole log
	Append        bool
	WriteMetadata bool
	Delete        bool
	Tombstone     bool
}

// noRevision is one that no stream has: what expects it is refused after the rights
// were looked at, and nothing is stored.
const noRevision = 1 << 40

// Try finds out what the name that is logged in may do to a stream of the ledger. A
// server asks for the right before all else, so everything is tried in a way that
// cannot succeed: on a stream that is not there, at a revision that it does not have.
func (a *Admin) Try(ctx context.Context) (t Tries, err error) {
	ctx, cancel := context.WithTimeout(ctx, DefaultCallTimeout)
	defer cancel()
	name := probeStream + "-" + uuid.NewString()
	stream := &shared.StreamIdentifier{StreamName: []byte(name)}
	streams := api.NewStreamsClient(a.conn)
	for _, try := range []struct {
		may *bool
		do  func() error
	}{
		{&t.ReadAll, func() error { return a.readAll(ctx) }},
		{&t.Append, func() error { return a.tryAppend(ctx, name) }},
		{&t.WriteMetadata, func() error { return a.tryAppend(ctx, "$$"+name) }},
		{&t.Delete, func() error {
			_, err := streams.Delete(ctx, &api.DeleteReq{Options: &api.DeleteReq_Options{StreamIdentifier: stream,
				ExpectedStreamRevision: &api.DeleteReq_Options_Revision{Revision: noRevision}}})
			return err
		}},
		{&t.Tombstone, func() error {
			_, err := streams.Tombstone(ctx, &api.TombstoneReq{Options: &api.TombstoneReq_Options{StreamIdentifier: stream,
				ExpectedStreamRevision: &api.TombstoneReq_Options_Revision{Revision: noRevision}}})
			return err
		}},
	} {
		if *try.may, err = allowed(try.do()); err != nil {
			return t, a.refusal("find out what the name may do", err)
		}
	}
	return t, nil
}

// allowed tells a refusal for want of a right from one for any other reason. What
// says nothing about rights is an error.
func allowed(err error) (bool, error) {
	switch status.Code(err) {
	case codes.OK, codes.FailedPrecondition, codes.NotFound, codes.InvalidArgument, codes.AlreadyExists:
		return true, nil
	case codes.PermissionDenied:
		return false, nil
	}
	return false, err
}

func (a *Admin) tryAppend(ctx context.Context, stream string) error {
	_, err := a.append(ctx, &api.AppendReq_Options{StreamIdentifier: &shared.StreamIdentifier{StreamName: []byte(stream)},
		ExpectedStreamRevision: &api.AppendReq_Options_Revision{Revision: noRevision}},
		&api.AppendReq_ProposedMessage{Id: textID(uuid.NewString()), Data: []byte(`{}`), Metadata: map[string]string{"type": "tried", "content-type": "application/json"}})
	return err
}

// readAll asks for the last event of the log.
func (a *Admin) readAll(ctx context.Context) error {
	options := &api.ReadReq_Options{StreamOption: endOfLog(), FilterOption: &api.ReadReq_Options_NoFilter{NoFilter: &shared.Empty{}}}
	return a.backwards(ctx, options, 1, func(*api.ReadResp_ReadEvent_RecordedEvent) {})
}
