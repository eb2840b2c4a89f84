package scripted

import (
	"cmp"
	"fmt"

	"github.com/EventStore/EventStore-Client-Go/v4/protos/shared"
	api "github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
	"google.golang.org/protobuf/proto"
)

// ReadOf gives what a read asks for.
func ReadOf(frame []byte) (*api.ReadReq_Options, error) {
	request := &api.ReadReq{}
	if err := proto.Unmarshal(frame, request); err != nil {
		return nil, fmt.Errorf("a read: %w", err)
	}
	return request.GetOptions(), nil
}

// Proposal is what an append asks for.
type Proposal struct {
	Stream string
	After  int64 // the revision that is expected, -1 for none
	Exact  bool  // false when any revision would do
	IDs    []string
}

// ProposalOf gives what an append asks for.
func ProposalOf(frames [][]byte) (Proposal, error) {
	p := Proposal{After: -1, Exact: true}
	for _, frame := range frames {
		request := &api.AppendReq{}
		if err := proto.Unmarshal(frame, request); err != nil {
			return p, fmt.Errorf("an append: %w", err)
		}
		if o := request.GetOptions(); o != nil {
			p.Stream = string(o.GetStreamIdentifier().GetStreamName())
			switch e := o.GetExpectedStreamRevision().(type) {
			case *api.AppendReq_Options_Revision:
				p.After = int64(e.Revision)
			case *api.AppendReq_Options_NoStream:
			default:
				p.Exact = false
			}
		}
		if m := request.GetProposedMessage(); m != nil {
			p.IDs = append(p.IDs, m.GetId().GetString_())
		}
	}
	return p, nil
}

// EventOf gives the event of an answer to a read; nil when it is another word.
func EventOf(frame []byte) (*api.ReadResp_ReadEvent_RecordedEvent, *api.ReadResp, error) {
	answer := &api.ReadResp{}
	if err := proto.Unmarshal(frame, answer); err != nil {
		return nil, nil, fmt.Errorf("an answer to a read: %w", err)
	}
	return answer.GetEvent().GetEvent(), answer, nil
}

// EventAt makes an answer with an event of the store's own at a position; with the id
// of another, unless that is empty.
func EventAt(position uint64, id string) []byte {
	return mustMarshal(&api.ReadResp{Content: &api.ReadResp_Event{Event: &api.ReadResp_ReadEvent{
		Event: &api.ReadResp_ReadEvent_RecordedEvent{
			Id:               &shared.UUID{Value: &shared.UUID_String_{String_: cmp.Or(id, "00000000-0000-4000-8000-00000000abcd")}},
			StreamIdentifier: &shared.StreamIdentifier{StreamName: []byte("$stats")}, CommitPosition: position, PreparePosition: position,
			Metadata: map[string]string{"type": "$statsCollected", "created": "17959851190621431", "content-type": "application/octet-stream"},
		}}}})
}

// Stored makes the answer to an append that was stored.
func Stored(revision, position uint64) []byte {
	return mustMarshal(&api.AppendResp{Result: &api.AppendResp_Success_{Success: &api.AppendResp_Success{
		CurrentRevisionOption: &api.AppendResp_Success_CurrentRevision{CurrentRevision: revision},
		PositionOption: &api.AppendResp_Success_Position{Position: &api.AppendResp_Position{
			CommitPosition: position, PreparePosition: position}},
	}}})
}

// Confirmed makes the first word of a subscription, and CaughtUp the last of its history.
func Confirmed() []byte {
	return mustMarshal(&api.ReadResp{Content: &api.ReadResp_Confirmation{Confirmation: &api.ReadResp_SubscriptionConfirmation{SubscriptionId: "s"}}})
}

// CaughtUp makes it.
func CaughtUp() []byte {
	return mustMarshal(&api.ReadResp{Content: &api.ReadResp_CaughtUp_{CaughtUp: &api.ReadResp_CaughtUp{}}})
}

// NotFound makes the answer to a read of a stream that is not there.
func NotFound(stream string) []byte {
	return mustMarshal(&api.ReadResp{Content: &api.ReadResp_StreamNotFound_{StreamNotFound: &api.ReadResp_StreamNotFound{
		StreamIdentifier: &shared.StreamIdentifier{StreamName: []byte(stream)}}}})
}

func mustMarshal(m proto.Message) []byte {
	b, err := proto.Marshal(m)
	if err != nil {
		panic("scripted: " + err.Error()) // our own messages
	}
	return b
}

// EventOfStream makes an answer with an event of an ordinary stream.
func EventOfStream(stream, id string, revision, position uint64) []byte {
	return mustMarshal(&api.ReadResp{Content: &api.ReadResp_Event{Event: &api.ReadResp_ReadEvent{
		Event: &api.ReadResp_ReadEvent_RecordedEvent{
			Id:               &shared.UUID{Value: &shared.UUID_String_{String_: id}},
			StreamIdentifier: &shared.StreamIdentifier{StreamName: []byte(stream)}, StreamRevision: revision,
			CommitPosition: position, PreparePosition: position, Data: []byte("{}"),
			Metadata: map[string]string{"type": "e", "created": "17959851190621431", "content-type": "application/json"},
		}}}})
}

// IDOf gives an id in either of the forms that travel.
func IDOf(id *shared.UUID) string {
	if parts := id.GetStructured(); parts != nil {
		high, low := uint64(parts.GetMostSignificantBits()), uint64(parts.GetLeastSignificantBits())
		return fmt.Sprintf("%08x-%04x-%04x-%04x-%012x", high>>32, high>>16&0xffff, high&0xffff, low>>48, low&(1<<48-1))
	}
	return id.GetString_()
}
