package node

import (
	"bytes"
	"encoding/binary"
	"unicode/utf8"

	api "github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
	"github.com/google/uuid"
	"google.golang.org/grpc/mem"
	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"
)

// arrival is one message of an Append call: its options, or an event. An event is
// decoded by hand, as clients write it: the general decoder makes a map of its
// properties and a dozen small objects, which was a tenth of the cost of an
// append. Any other shape is left to the general decoder. A test holds the two
// against each other.
type arrival struct {
	options *api.AppendReq_Options
	event   *event
	size    int   // what the event counts against the limit of an append, in bytes
	refused error // why the event cannot be stored
}

// Field numbers of AppendReq, of its ProposedMessage, and of a map's entries.
const (
	fieldProposed = 2

	fieldProposedID             = 1
	fieldProposedMetadata       = 2
	fieldProposedCustomMetadata = 3
	fieldProposedData           = 4

	fieldMostSignificant  = 1
	fieldLeastSignificant = 2

	fieldKey   = 1
	fieldValue = 2
)

// Unmarshal is called by gRPC for each message that comes.
func (c codec) Unmarshal(data mem.BufferSlice, v any) error {
	a, ok := v.(*arrival)
	if !ok {
		return c.CodecV2.Unmarshal(data, v)
	}
	buffer := data.MaterializeToBuffer(mem.DefaultBufferPool())
	defer buffer.Free()
	return a.unmarshal(buffer.ReadOnlyData())
}

func (a *arrival) unmarshal(raw []byte) error {
	if a.byHand(raw) {
		return nil
	}
	var m api.AppendReq
	if err := proto.Unmarshal(raw, &m); err != nil {
		return err
	}
	*a = arrival{options: m.GetOptions()}
	if p := m.GetProposedMessage(); p != nil {
		a.event, a.size, a.refused = readProposal(p)
	}
	return nil
}

// byHand says whether the message is an event in the usual shape: every field
// known, none but properties twice, texts valid.
func (a *arrival) byHand(raw []byte) bool {
	message, rest, ok := nextBytes(raw, fieldProposed)
	if !ok || len(rest) > 0 {
		return false
	}
	var p incoming
	if !p.read(bytes.Clone(message)) { // gRPC uses its buffer again
		return false
	}
	a.event, a.size, a.refused = p.event()
	return true
}

// incoming is an event as it comes, not yet checked.
type incoming struct {
	id         uuid.UUID
	idFault    error
	properties properties
	data, meta []byte
}

// properties are those of an event's that the node knows; "" is not there.
type properties struct {
	typ, contentType  string
	created, position string // see former
}

func (p *properties) set(key, value []byte) {
	switch string(key) {
	case "type":
		p.typ = string(value)
	case "content-type":
		if p.contentType = contentJSON; string(value) != contentJSON {
			p.contentType = string(value)
		}
	case formerCreated:
		p.created = string(value)
	case formerPosition:
		p.position = string(value)
	}
}

// read keeps parts of raw.
func (p *incoming) read(raw []byte) bool {
	seen := 0
	for len(raw) > 0 {
		field, kind, n := protowire.ConsumeTag(raw)
		if n < 0 || kind != protowire.BytesType {
			return false
		}
		value, m := protowire.ConsumeBytes(raw[n:])
		if m < 0 {
			return false
		}
		raw = raw[n+m:]
		switch field {
		case fieldProposedMetadata:
			key, after, ok := nextBytes(value, fieldKey)
			text, after, also := nextBytes(after, fieldValue)
			if !ok || !also || len(after) > 0 || !utf8.Valid(key) || !utf8.Valid(text) {
				return false
			}
			p.properties.set(key, text)
			continue
		case fieldProposedID:
			if !p.readID(value) {
				return false
			}
		case fieldProposedCustomMetadata:
			p.meta = value[:len(value):len(value)]
		case fieldProposedData:
			p.data = value[:len(value):len(value)]
		default:
			return false
		}
		if seen&(1<<field) != 0 {
			return false
		}
		seen |= 1 << field
	}
	return seen&(1<<fieldProposedID) != 0
}

// readID reads an id in the form of two numbers, which the Go clients use.
func (p *incoming) readID(raw []byte) bool {
	numbers, rest, ok := nextBytes(raw, fieldIDStructured)
	if !ok || len(rest) > 0 {
		return false
	}
	high, rest, ok := nextNumber(numbers, fieldMostSignificant)
	low, rest, also := nextNumber(rest, fieldLeastSignificant)
	if !ok || !also || len(rest) > 0 {
		return false
	}
	binary.BigEndian.PutUint64(p.id[:8], high)
	binary.BigEndian.PutUint64(p.id[8:], low)
	return true
}

// nextBytes takes the field with this number off raw; not ok when another comes first.
func nextBytes(raw []byte, field protowire.Number) (value, rest []byte, ok bool) {
	number, kind, n := protowire.ConsumeTag(raw)
	if n < 0 || number != field || kind != protowire.BytesType {
		return nil, raw, false
	}
	value, m := protowire.ConsumeBytes(raw[n:])
	if m < 0 {
		return nil, raw, false
	}
	return value, raw[n+m:], true
}

func nextNumber(raw []byte, field protowire.Number) (value uint64, rest []byte, ok bool) {
	number, kind, n := protowire.ConsumeTag(raw)
	if n < 0 || number != field || kind != protowire.VarintType {
		return 0, raw, false
	}
	value, m := protowire.ConsumeVarint(raw[n:])
	if m < 0 {
		return 0, raw, false
	}
	return value, raw[n+m:], true
}
