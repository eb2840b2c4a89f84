package node

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/EventStore/EventStore-Client-Go/v4/protos/shared"
	api "github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
	"github.com/google/uuid"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
)

var nothing = &shared.Empty{}

// Expectations, short enough for a table.
const (
	wantAny    = -2
	wantNone   = -1
	wantExists = -4
)

func named(stream string) *shared.StreamIdentifier { return writeStream(stream) }

func appendOptions(stream string, want int64) *api.AppendReq {
	o := &api.AppendReq_Options{StreamIdentifier: named(stream)}
	switch want {
	case wantAny:
		o.ExpectedStreamRevision = &api.AppendReq_Options_Any{Any: nothing}
	case wantNone:
		o.ExpectedStreamRevision = &api.AppendReq_Options_NoStream{NoStream: nothing}
	case wantExists:
		o.ExpectedStreamRevision = &api.AppendReq_Options_StreamExists{StreamExists: nothing}
	default:
		o.ExpectedStreamRevision = &api.AppendReq_Options_Revision{Revision: uint64(want)}
	}
	return &api.AppendReq{Content: &api.AppendReq_Options_{Options: o}}
}

// ev is a proposed event with an id made from a short name.
func ev(name string) *api.AppendReq_ProposedMessage {
	return proposed(uuid.NewSHA1(uuid.Nil, []byte(name)), "tested", contentJSON, `{"name":"`+name+`"}`)
}

func proposed(id uuid.UUID, typ, contentType, data string) *api.AppendReq_ProposedMessage {
	return &api.AppendReq_ProposedMessage{
		Id: writeID(id, false), Metadata: map[string]string{"type": typ, "content-type": contentType}, Data: []byte(data),
	}
}

func evs(names string) (all []*api.AppendReq_ProposedMessage) {
	for _, name := range strings.Fields(names) {
		all = append(all, ev(name))
	}
	return all
}

func meta(body string) *api.AppendReq_ProposedMessage {
	return proposed(uuid.New(), typeMetadata, contentJSON, body)
}

// say is an append as raw messages, whatever they are.
func (r *rig) say(messages ...*api.AppendReq) (*api.AppendResp, metadata.MD, error) {
	r.t.Helper()
	var trailer metadata.MD
	call, err := r.api.Append(r.context(), grpc.Trailer(&trailer))
	if err != nil {
		r.t.Fatal(err)
	}
	for _, m := range messages {
		if err := call.Send(m); err != nil && !errors.Is(err, io.EOF) {
			r.t.Fatal(err)
		}
	}
	answer, err := call.CloseAndRecv()
	return answer, trailer, err
}

func (r *rig) append(stream string, want int64, events ...*api.AppendReq_ProposedMessage) (*api.AppendResp, metadata.MD, error) {
	r.t.Helper()
	messages := []*api.AppendReq{appendOptions(stream, want)}
	for _, e := range events {
		messages = append(messages, &api.AppendReq{Content: &api.AppendReq_ProposedMessage_{ProposedMessage: e}})
	}
	return r.say(messages...)
}

// must appends and wants success; it returns the position.
func (r *rig) must(stream string, want int64, events ...*api.AppendReq_ProposedMessage) uint64 {
	r.t.Helper()
	answer, _, err := r.append(stream, want, events...)
	if err != nil {
		r.t.Fatalf("append to %s: %v", stream, err)
	}
	if answer.GetSuccess() == nil {
		r.t.Fatalf("append to %s: %v", stream, answer)
	}
	return answer.GetSuccess().GetPosition().GetCommitPosition()
}

// said is an append's outcome in a few words.
func said(answer *api.AppendResp, err error) string {
	switch {
	case err != nil:
		return status.Code(err).String()
	case answer.GetWrongExpectedVersion() != nil:
		w := answer.GetWrongExpectedVersion()
		if w.GetCurrentNoStream() != nil {
			return "wrong, no stream"
		}
		return fmt.Sprintf("wrong, at %d", w.GetCurrentRevision())
	case answer.GetSuccess().GetNoStream() != nil:
		return "ok, no stream"
	}
	return fmt.Sprintf("ok, at %d", answer.GetSuccess().GetCurrentRevision())
}

func (r *rig) delete(stream string, want int64) (*api.DeleteResp, metadata.MD, error) {
	r.t.Helper()
	o := &api.DeleteReq_Options{StreamIdentifier: named(stream)}
	switch want {
	case wantAny:
		o.ExpectedStreamRevision = &api.DeleteReq_Options_Any{Any: nothing}
	case wantNone:
		o.ExpectedStreamRevision = &api.DeleteReq_Options_NoStream{NoStream: nothing}
	case wantExists:
		o.ExpectedStreamRevision = &api.DeleteReq_Options_StreamExists{StreamExists: nothing}
	default:
		o.ExpectedStreamRevision = &api.DeleteReq_Options_Revision{Revision: uint64(want)}
	}
	var trailer metadata.MD
	answer, err := r.api.Delete(r.context(), &api.DeleteReq{Options: o}, grpc.Trailer(&trailer))
	return answer, trailer, err
}

func (r *rig) tombstone(stream string, want int64) (*api.TombstoneResp, metadata.MD, error) {
	r.t.Helper()
	o := &api.TombstoneReq_Options{StreamIdentifier: named(stream)}
	switch want {
	case wantAny:
		o.ExpectedStreamRevision = &api.TombstoneReq_Options_Any{Any: nothing}
	case wantNone:
		o.ExpectedStreamRevision = &api.TombstoneReq_Options_NoStream{NoStream: nothing}
	case wantExists:
		o.ExpectedStreamRevision = &api.TombstoneReq_Options_StreamExists{StreamExists: nothing}
	default:
		o.ExpectedStreamRevision = &api.TombstoneReq_Options_Revision{Revision: uint64(want)}
	}
	var trailer metadata.MD
	answer, err := r.api.Tombstone(r.context(), &api.TombstoneReq{Options: o}, grpc.Trailer(&trailer))
	return answer, trailer, err
}

// wantRefusal checks code and trailers (key, value, ...).
func wantRefusal(t testing.TB, err error, trailer metadata.MD, code codes.Code, trailers ...string) {
	t.Helper()
	if status.Code(err) != code {
		t.Errorf("answered %v, want %v", err, code)
	}
	for pair := range slices.Chunk(trailers, 2) {
		if got := trailer.Get(pair[0]); !slices.Equal(got, pair[1:]) {
			t.Errorf("trailer %s is %q, want %q", pair[0], got, pair[1])
		}
	}
}
