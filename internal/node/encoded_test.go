package node

import (
	"bytes"
	"math"
	"testing"

	api "github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
	"github.com/google/uuid"
	"google.golang.org/protobuf/proto"
)

// FuzzAnEventEncodedByHandIsTheGeneralEncodersMessage holds encode against writeEvent.
func FuzzAnEventEncodedByHandIsTheGeneralEncodersMessage(f *testing.F) {
	long := bytes.Repeat([]byte("x"), 20_000)
	f.Add([]byte("0123456789abcdef"), "stream", "type", int64(3), int64(7), int64(17_000_000_000_000_000), []byte(`{"a":1}`), []byte(`{"b":2}`), true, false, false)
	f.Add([]byte("\xff\xfe"), "s", typeLink, int64(0), int64(1), int64(-1), []byte{}, []byte{}, false, true, true)
	f.Add([]byte{}, "kota/räte", "t", int64(math.MaxInt64), int64(math.MaxInt64), int64(0), long, long[:127], true, true, false)
	f.Add([]byte("0123456789abcdef"), string(long[:130]), typeLink, int64(128), int64(16_384), int64(1), long[:128], long[:16_384], true, true, true)
	f.Fuzz(func(t *testing.T, id []byte, stream, typ string, rev, pos, created int64, data, meta []byte, isJSON, resolve, stringIDs bool) {
		e := &event{pos: pos, stream: stream, rev: rev, created: created, typ: typ, json: isJSON, data: data, meta: meta}
		copy(e.id[:], id)
		for _, target := range []*event{nil, {pos: 1, stream: "target", id: uuid.New(), typ: "t", data: meta, meta: data}} {
			want := writeEvent(e, target, resolve, stringIDs)
			if _, err := proto.Marshal(want); err != nil {
				t.Skip() // no valid text: the node stores none such
			}
			sent := encode(e, target, resolve, stringIDs)
			got := &api.ReadResp{}
			if err := proto.Unmarshal(sent.append(nil), got); err != nil || !proto.Equal(got, want) {
				t.Fatalf("sent %v, %v\nwant %v", got, err, want)
			}
			if n := len(sent.append(nil)); n > sent.size() {
				t.Errorf("%d bytes, %d were foreseen", n, sent.size())
			}
		}
	})
}

// writeEvent is what encode says, in the general encoder's message.
func writeEvent(e, linked *event, resolve, stringIDs bool) *api.ReadResp {
	read := &api.ReadResp_ReadEvent{Position: &api.ReadResp_ReadEvent_CommitPosition{CommitPosition: uint64(e.pos)}}
	recorded := writeRecorded(e, stringIDs)
	switch {
	case !resolve || !isLink(e):
		read.Event = recorded
	case linked == nil:
		read.Link = recorded
	default:
		read.Event, read.Link = writeRecorded(linked, stringIDs), recorded
	}
	return &api.ReadResp{Content: &api.ReadResp_Event{Event: read}}
}
