package node

import (
	"context"

	"github.com/EventStore/EventStore-Client-Go/v4/protos/shared"
	api "github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
)

// Delete hides the events of a stream; the next append takes it back.
func (s streams) Delete(ctx context.Context, req *api.DeleteReq) (*api.DeleteResp, error) {
	options := req.GetOptions()
	want, err := readExpectation[*api.DeleteReq_Options_Revision, *api.DeleteReq_Options_NoStream,
		*api.DeleteReq_Options_Any, *api.DeleteReq_Options_StreamExists](options.GetExpectedStreamRevision(), options.GetRevision(), "Streams.DeleteReq+Types+Options+ExpectedStreamRevisionOneofCase")
	if err != nil {
		return nil, err
	}
	pos, err := s.end(ctx, actDelete, options.GetStreamIdentifier(), want)
	if err != nil {
		return nil, err
	}
	return &api.DeleteResp{PositionOption: &api.DeleteResp_Position_{
		Position: &api.DeleteResp_Position{CommitPosition: pos, PreparePosition: pos}}}, nil
}

// Tombstone ends a stream for good.
func (s streams) Tombstone(ctx context.Context, req *api.TombstoneReq) (*api.TombstoneResp, error) {
	options := req.GetOptions()
	want, err := readExpectation[*api.TombstoneReq_Options_Revision, *api.TombstoneReq_Options_NoStream,
		*api.TombstoneReq_Options_Any, *api.TombstoneReq_Options_StreamExists](options.GetExpectedStreamRevision(), options.GetRevision(), "Streams.TombstoneReq+Types+Options+ExpectedStreamRevisionOneofCase")
	if err != nil {
		return nil, err
	}
	pos, err := s.end(ctx, actTombstone, options.GetStreamIdentifier(), want)
	if err != nil {
		return nil, err
	}
	return &api.TombstoneResp{PositionOption: &api.TombstoneResp_Position_{
		Position: &api.TombstoneResp_Position{CommitPosition: pos, PreparePosition: pos}}}, nil
}

// end writes what ends a stream and returns that event's position.
func (s streams) end(ctx context.Context, act action, id *shared.StreamIdentifier, want expectation) (uint64, error) {
	if s.node.isStopping() {
		return 0, shuttingDown()
	}
	name, err := readableName(id.GetStreamName())
	if err != nil {
		return 0, err
	}
	if err := s.node.may(ctx, rightDelete, name); err != nil {
		return 0, err
	}
	if err := s.node.mayChange(ctx, act, name); err != nil {
		return 0, err
	}
	if _, err := writableName(id.GetStreamName()); err != nil {
		return 0, err
	}
	if isMetastream(name) && !s.node.gate.open {
		return 0, accessDenied()
	}
	if isMetastream(name) {
		return 0, invalid("a metadata stream is deleted together with its stream")
	}
	o, err := s.node.write(ctx, &request{stream: name, action: act, want: want})
	if err != nil {
		return 0, err
	}
	switch o.verdict {
	case gone:
		return 0, streamDeleted(name)
	case wrongVersion:
		return 0, wrongVersionRefusal(name, want, o.rev)
	}
	return uint64(o.pos), nil
}
