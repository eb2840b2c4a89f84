package node

import (
	"time"

	api "github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
	"google.golang.org/protobuf/encoding/protowire"
)

// Fields that CaughtUp and FellBehind have in the protocol's later versions: when
// it happened, and where a subscriber may resume. Older clients pass over them.
const (
	fieldTurnTime     = 1
	fieldTurnRevision = 2
	fieldTurnPosition = 3
)

// place is where a subscription stands: of a stream by revision, of the log by
// position. Nothing is before either.
type place struct {
	field  protowire.Number
	number int64
}

func (s *logSource) place() place    { return place{fieldTurnPosition, s.cursor} }
func (s *streamSource) place() place { return place{fieldTurnRevision, s.sent} }

// known tells whether there is a place to resume from: positions begin at 1,
// revisions at 0.
func (p place) known() bool { return p.number > 0 || p.field == fieldTurnRevision && p.number == 0 }

func (s *subscription) caughtUp(p place) *api.ReadResp {
	turn := &api.ReadResp_CaughtUp{}
	turn.ProtoReflect().SetUnknown(turnFields(s.node.opts.Clock(), p))
	return &api.ReadResp{Content: &api.ReadResp_CaughtUp_{CaughtUp: turn}}
}

func (s *subscription) fellBehind(p place) *api.ReadResp {
	turn := &api.ReadResp_FellBehind{}
	turn.ProtoReflect().SetUnknown(turnFields(s.node.opts.Clock(), p))
	return &api.ReadResp{Content: &api.ReadResp_FellBehind_{FellBehind: turn}}
}

// turnFields leaves the time out, too, when there is no place: the official Go
// client takes a time without one for a promise that there is.
func turnFields(now time.Time, p place) []byte {
	if !p.known() {
		return nil
	}
	b := appendMessage(nil, fieldTurnTime, func(b []byte) []byte {
		return appendNumber(appendNumber(b, 1, uint64(now.Unix())), 2, uint64(now.Nanosecond()))
	})
	if p.field == fieldTurnRevision {
		return protowire.AppendVarint(protowire.AppendTag(b, fieldTurnRevision, protowire.VarintType), uint64(p.number))
	}
	return appendMessage(b, fieldTurnPosition, func(b []byte) []byte {
		return appendNumber(appendNumber(b, 1, uint64(p.number)), 2, uint64(p.number))
	})
}
