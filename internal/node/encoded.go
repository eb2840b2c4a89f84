package node

import (
	"encoding/binary"
	"strconv"

	"google.golang.org/grpc"
	"google.golang.org/grpc/encoding"
	"google.golang.org/grpc/encoding/proto"
	"google.golang.org/grpc/mem"
	"google.golang.org/protobuf/encoding/protowire"
)

// encoded is a ReadResp with an event in it, encoded by hand: the general encoder
// looks at the message by reflection and at its map entry by entry, which was a
// fifth of the cost of reading the log. A test holds the two against each other.
type encoded struct {
	event     *event
	link      *event // nil for none; with one, event is its target, or nil when that is gone
	stringIDs bool
}

// encode chooses what is sent of an event. When links are resolved a link event is
// sent together with its target, or alone in the link's place when the target is
// gone. The position is that of the event which stands in the log here.
func encode(e, linked *event, resolve, stringIDs bool) *encoded {
	if !resolve || !isLink(e) {
		return &encoded{event: e, stringIDs: stringIDs}
	}
	return &encoded{event: linked, link: e, stringIDs: stringIDs}
}

// codec sends encoded messages as they are, and any other by protobuf.
type codec struct{ encoding.CodecV2 }

func withCodec() grpc.ServerOption {
	return grpc.ForceServerCodecV2(codec{encoding.GetCodecV2(proto.Name)})
}

// Marshal is called by gRPC for each message that is sent.
func (c codec) Marshal(v any) (mem.BufferSlice, error) {
	e, ok := v.(*encoded)
	if !ok {
		return c.CodecV2.Marshal(v)
	}
	pool := mem.DefaultBufferPool()
	buffer := pool.Get(e.size())
	*buffer = e.append((*buffer)[:0])
	return mem.BufferSlice{mem.NewBuffer(buffer, pool)}, nil
}

// Field numbers of the protocol's streams.proto and shared.proto.
const (
	fieldRespEvent = 1

	fieldEvent          = 1
	fieldLink           = 2
	fieldCommitPosition = 3

	fieldID               = 1
	fieldStreamIdentifier = 2
	fieldStreamRevision   = 3
	fieldPreparePosition  = 4
	fieldRecordedCommit   = 5
	fieldMetadata         = 6
	fieldCustomMetadata   = 7
	fieldData             = 8

	fieldIDStructured = 1
	fieldIDString     = 2
	fieldStreamName   = 3
)

// ofEvent is what an event's messages cost besides its texts and bodies, at most:
// tags and lengths, three numbers, the id, and the names of three properties.
const ofEvent = 200

func (e *encoded) size() int {
	n := ofEvent
	for _, v := range []*event{e.event, e.link} {
		if v != nil {
			n += ofEvent + len(v.stream) + len(v.typ) + len(v.data) + len(v.meta)
		}
	}
	return n
}

func (e *encoded) append(b []byte) []byte {
	at := e.event
	if e.link != nil {
		at = e.link
	}
	return appendMessage(b, fieldRespEvent, func(b []byte) []byte {
		if e.event != nil {
			b = appendMessage(b, fieldEvent, func(b []byte) []byte { return appendRecorded(b, e.event, e.stringIDs) })
		}
		if e.link != nil {
			b = appendMessage(b, fieldLink, func(b []byte) []byte { return appendRecorded(b, e.link, e.stringIDs) })
		}
		b = protowire.AppendTag(b, fieldCommitPosition, protowire.VarintType)
		return protowire.AppendVarint(b, uint64(at.pos))
	})
}

func appendRecorded(b []byte, e *event, stringIDs bool) []byte {
	b = appendMessage(b, fieldID, func(b []byte) []byte {
		if stringIDs {
			return appendText(b, fieldIDString, e.id.String())
		}
		return appendMessage(b, fieldIDStructured, func(b []byte) []byte {
			b = appendNumber(b, fieldMostSignificant, binary.BigEndian.Uint64(e.id[:8]))
			return appendNumber(b, fieldLeastSignificant, binary.BigEndian.Uint64(e.id[8:]))
		})
	})
	b = appendMessage(b, fieldStreamIdentifier, func(b []byte) []byte { return appendText(b, fieldStreamName, e.stream) })
	b = appendNumber(b, fieldStreamRevision, uint64(e.rev))
	b = appendNumber(b, fieldPreparePosition, uint64(e.pos))
	b = appendNumber(b, fieldRecordedCommit, uint64(e.pos))
	content := contentBinary
	if e.json {
		content = contentJSON
	}
	b = appendProperty(b, "type", e.typ)
	b = appendProperty(b, "content-type", content)
	var digits [20]byte
	b = appendProperty(b, "created", string(strconv.AppendInt(digits[:0], e.created, 10)))
	if len(e.meta) > 0 {
		b = protowire.AppendBytes(protowire.AppendTag(b, fieldCustomMetadata, protowire.BytesType), e.meta)
	}
	if len(e.data) > 0 {
		b = protowire.AppendBytes(protowire.AppendTag(b, fieldData, protowire.BytesType), e.data)
	}
	return b
}

func appendProperty(b []byte, key, value string) []byte {
	return appendMessage(b, fieldMetadata, func(b []byte) []byte { return appendText(appendText(b, fieldKey, key), fieldValue, value) })
}

// appendNumber leaves zero out, as the protocol's encoders do.
func appendNumber(b []byte, field protowire.Number, n uint64) []byte {
	if n == 0 {
		return b
	}
	return protowire.AppendVarint(protowire.AppendTag(b, field, protowire.VarintType), n)
}

func appendText(b []byte, field protowire.Number, text string) []byte {
	return protowire.AppendString(protowire.AppendTag(b, field, protowire.BytesType), text)
}

// appendMessage writes a message behind its length, which is known only at its
// end: most are shorter than 128 bytes, whose length is one byte; a longer one is
// moved to make room.
func appendMessage(b []byte, field protowire.Number, body func(b []byte) []byte) []byte {
	b = protowire.AppendTag(b, field, protowire.BytesType)
	start := len(b)
	b = body(append(b, 0))
	size := uint64(len(b) - start - 1)
	if more := protowire.SizeVarint(size) - 1; more > 0 {
		b = append(b, make([]byte, more)...)
		copy(b[start+1+more:], b[start+1:len(b)-more])
	}
	binary.PutUvarint(b[start:], size)
	return b
}
