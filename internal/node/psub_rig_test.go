package node

import (
	"context"
	"errors"
	"slices"
	"testing"

	"github.com/EventStore/EventStore-Client-Go/v4/protos/persistent"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/shared"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
)

func (r *rig) groupsAPI() persistent.PersistentSubscriptionsClient {
	return persistent.NewPersistentSubscriptionsClient(r.conn)
}

// settingsOf are an official client's defaults, changed.
func settingsOf(change ...func(*persistent.CreateReq_Settings)) *persistent.CreateReq_Settings {
	s := &persistent.CreateReq_Settings{
		MaxRetryCount: 10, MinCheckpointCount: 1, MaxCheckpointCount: 1, LiveBufferSize: 500, ReadBatchSize: 20, HistoryBufferSize: 500,
		ConsumerStrategy: strategyRoundRobin,
		MessageTimeout:   &persistent.CreateReq_Settings_MessageTimeoutMs{MessageTimeoutMs: 30_000},
		CheckpointAfter:  &persistent.CreateReq_Settings_CheckpointAfterMs{CheckpointAfterMs: 1000},
	}
	for _, c := range change {
		c(s)
	}
	return s
}

// group creates group "g" on a stream from its start.
func (r *rig) group(stream string, change ...func(*persistent.CreateReq_Settings)) {
	r.t.Helper()
	_, err := r.groupsAPI().Create(r.context(), groupOn(stream, change...))
	if err != nil {
		r.t.Fatal(err)
	}
}

func groupOn(stream string, change ...func(*persistent.CreateReq_Settings)) *persistent.CreateReq {
	return &persistent.CreateReq{Options: &persistent.CreateReq_Options{GroupName: "g", Settings: settingsOf(change...),
		StreamOption: &persistent.CreateReq_Options_Stream{Stream: &persistent.CreateReq_StreamOptions{
			StreamIdentifier: named(stream), RevisionOption: &persistent.CreateReq_StreamOptions_Start{Start: nothing}}}}}
}

// participant is a consumer of a group.
type participant struct {
	t    testing.TB
	call persistent.PersistentSubscriptions_ReadClient
	stop context.CancelFunc
}

func (r *rig) participant(stream string, slots int32) *participant {
	r.t.Helper()
	m, err := r.tryMember(stream, slots)
	if err != nil {
		r.t.Fatal(err)
	}
	return m
}

func (r *rig) tryMember(stream string, slots int32) (*participant, error) {
	ctx, cancel := context.WithCancel(r.context())
	r.t.Cleanup(cancel)
	call, err := r.groupsAPI().Read(ctx)
	if err != nil {
		return nil, err
	}
	o := &persistent.ReadReq_Options{GroupName: "g", BufferSize: slots,
		UuidOption: &persistent.ReadReq_Options_UUIDOption{Content: &persistent.ReadReq_Options_UUIDOption_Structured{Structured: nothing}}}
	if stream == allStream {
		o.StreamOption = &persistent.ReadReq_Options_All{All: nothing}
	} else {
		o.StreamOption = &persistent.ReadReq_Options_StreamIdentifier{StreamIdentifier: named(stream)}
	}
	if err := call.Send(&persistent.ReadReq{Content: &persistent.ReadReq_Options_{Options: o}}); err != nil {
		return nil, err
	}
	first, err := call.Recv()
	if err != nil {
		return nil, err
	}
	if first.GetSubscriptionConfirmation() == nil {
		return nil, errors.New("the first message is no confirmation")
	}
	return &participant{r.t, call, cancel}, nil
}

// next is the next message.
func (m *participant) next() *persistent.ReadResp_ReadEvent {
	m.t.Helper()
	got, err := m.call.Recv()
	if err != nil {
		m.t.Fatal(err)
	}
	return got.GetEvent()
}

// number is the revision of the next message's own event; its id is answered by.
func (m *participant) number() (uint64, *shared.UUID) {
	m.t.Helper()
	e := m.next()
	if e.GetLink() != nil {
		return e.GetEvent().GetStreamRevision(), e.GetLink().GetId()
	}
	return e.GetEvent().GetStreamRevision(), e.GetEvent().GetId()
}

func (m *participant) ack(ids ...*shared.UUID) {
	m.t.Helper()
	m.send(&persistent.ReadReq{Content: &persistent.ReadReq_Ack_{Ack: &persistent.ReadReq_Ack{Ids: ids}}})
}

func (m *participant) nack(action persistent.ReadReq_Nack_Action, ids ...*shared.UUID) {
	m.t.Helper()
	m.send(&persistent.ReadReq{Content: &persistent.ReadReq_Nack_{Nack: &persistent.ReadReq_Nack{Ids: ids, Action: action, Reason: "told so"}}})
}

func (m *participant) send(req *persistent.ReadReq) {
	m.t.Helper()
	if err := m.call.Send(req); err != nil {
		m.t.Fatal(err)
	}
}

// wants takes and acknowledges messages with exactly these revisions, in order.
func (m *participant) wants(revs ...uint64) {
	m.t.Helper()
	var got []uint64
	for range revs {
		rev, id := m.number()
		m.ack(id)
		got = append(got, rev)
	}
	if !slices.Equal(got, revs) {
		m.t.Errorf("got revisions %v, want %v", got, revs)
	}
}

func (r *rig) groupInfo(stream string) *persistent.SubscriptionInfo {
	r.t.Helper()
	o := &persistent.GetInfoReq_Options{GroupName: "g",
		StreamOption: &persistent.GetInfoReq_Options_StreamIdentifier{StreamIdentifier: named(stream)}}
	if stream == allStream {
		o.StreamOption = &persistent.GetInfoReq_Options_All{All: nothing}
	}
	got, err := r.groupsAPI().GetInfo(r.context(), &persistent.GetInfoReq{Options: o})
	if err != nil {
		r.t.Fatal(err)
	}
	return got.GetSubscriptionInfo()
}

// settled waits until the group's figures are as wanted. Every look is a round
// trip through the group's own goroutine.
func (r *rig) settled(stream string, wanted func(*persistent.SubscriptionInfo) bool) *persistent.SubscriptionInfo {
	r.t.Helper()
	for ctx := r.context(); ctx.Err() == nil; {
		if info := r.groupInfo(stream); wanted(info) {
			return info
		}
	}
	r.t.Fatalf("the group never came to rest: %v", r.groupInfo(stream))
	return nil
}

// refusedWith holds an error against a code and the trailer "exception".
func refusedWith(t testing.TB, err error, trailer metadata.MD, code codes.Code, exception string) {
	t.Helper()
	if status.Code(err) != code || !slices.Equal(trailer.Get("exception"), []string{exception}) {
		t.Errorf("got %v with trailers %v, want %v and %q", err, trailer, code, exception)
	}
}

func withTrailer(md *metadata.MD) grpc.CallOption { return grpc.Trailer(md) }
