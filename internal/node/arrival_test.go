package node

import (
	"fmt"
	"reflect"
	"testing"

	"github.com/EventStore/EventStore-Client-Go/v4/protos/shared"
	api "github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
	"github.com/google/uuid"
	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"
)

// usual is an event as clients write it.
func usual() *api.AppendReq {
	return asRequest(&api.AppendReq_ProposedMessage{
		Id:       writeID(uuid.New(), false),
		Metadata: map[string]string{"type": "tested", "content-type": contentJSON, "created": "17", "position": "3", "other": "x"},
		Data:     []byte(`{"a":1}`), CustomMetadata: []byte(`{"b":2}`),
	})
}

func asRequest(p *api.AppendReq_ProposedMessage) *api.AppendReq {
	return &api.AppendReq{Content: &api.AppendReq_ProposedMessage_{ProposedMessage: p}}
}

func marshalled(t testing.TB, m proto.Message) []byte {
	t.Helper()
	raw, err := proto.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func TestTheUsualEventIsDecodedByHand(t *testing.T) {
	raw := marshalled(t, usual())
	var a arrival
	if !a.byHand(raw) || a.event == nil || a.refused != nil {
		t.Fatalf("left to the general decoder: %+v", a)
	}
	clear(raw) // gRPC uses its buffer again
	if e := a.event; string(e.data) != `{"a":1}` || string(e.meta) != `{"b":2}` || e.typ != "tested" || !e.json || e.created != 17 || e.pos != 3 {
		t.Errorf("decoded %+v", e)
	}
}

// FuzzAnArrivalDecodedByHandIsTheGeneralDecoders holds byHand against protobuf.
func FuzzAnArrivalDecodedByHandIsTheGeneralDecoders(f *testing.F) {
	base := usual()
	raw := marshalled(f, base)
	f.Add(raw)
	f.Add(marshalled(f, appendOptions("s", 3)))
	for _, p := range []*api.AppendReq_ProposedMessage{
		{}, {Id: writeID(uuid.New(), true), Metadata: map[string]string{"type": "t", "content-type": contentBinary}},
		{Id: writeID(uuid.Nil, false)}, {Id: &shared.UUID{}}, {Id: writeID(uuid.New(), false), Metadata: map[string]string{"type": "\x00", "content-type": "c"}},
	} {
		f.Add(marshalled(f, asRequest(p)))
	}
	inner := marshalled(f, base.GetProposedMessage())
	twice := protowire.AppendBytes(protowire.AppendTag(nil, fieldProposed, protowire.BytesType), append(inner, inner...))
	for _, odd := range [][]byte{
		append(raw[:len(raw):len(raw)], raw...), raw[:len(raw)-1], twice,
		append(raw[:len(raw):len(raw)], marshalled(f, appendOptions("s", 0))...), // the last of two counts
		protowire.AppendVarint(protowire.AppendTag(raw[:len(raw):len(raw)], 9, protowire.VarintType), 1),
		protowire.AppendBytes(protowire.AppendTag(nil, fieldProposed, protowire.BytesType), []byte("\x12\x04\x0a\x02\xff\xfe")), // no valid text
	} {
		f.Add(odd)
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		var got arrival
		err := got.unmarshal(raw)
		var want api.AppendReq
		if wrong := proto.Unmarshal(raw, &want); wrong != nil || err != nil {
			if (wrong == nil) != (err == nil) {
				t.Fatalf("answers %v, the general decoder %v", err, wrong)
			}
			return
		}
		expected := arrival{}
		if p := want.GetProposedMessage(); p != nil {
			expected.event, expected.size, expected.refused = readProposal(p)
		}
		if fmt.Sprint(got.refused) != fmt.Sprint(expected.refused) || got.size != expected.size ||
			!reflect.DeepEqual(got.event, expected.event) || !proto.Equal(got.options, want.GetOptions()) {
			t.Errorf("decoded %+v %+v\nwant %+v %+v", got, got.event, expected, expected.event)
		}
	})
}
