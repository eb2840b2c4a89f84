package node

import (
	"encoding/binary"
	"strconv"

	"github.com/EventStore/EventStore-Client-Go/v4/protos/shared"
	api "github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
	"github.com/google/uuid"
)

// readID takes an event id off the wire, in either of its two forms.
func readID(u *shared.UUID) (uuid.UUID, error) {
	switch v := u.GetValue().(type) {
	case *shared.UUID_Structured_:
		var id uuid.UUID
		binary.BigEndian.PutUint64(id[:8], uint64(v.Structured.GetMostSignificantBits()))
		binary.BigEndian.PutUint64(id[8:], uint64(v.Structured.GetLeastSignificantBits()))
		return id, nil
	case *shared.UUID_String_:
		id, err := uuid.Parse(v.String_)
		if err != nil {
			return id, invalid(textNoUUID)
		}
		return id, nil
	}
	return uuid.Nil, invalid("the event id is missing")
}

// writeID puts an id in the form that the client asked for.
func writeID(id uuid.UUID, asString bool) *shared.UUID {
	if asString {
		return &shared.UUID{Value: &shared.UUID_String_{String_: id.String()}}
	}
	return &shared.UUID{Value: &shared.UUID_Structured_{Structured: &shared.UUID_Structured{
		MostSignificantBits:  int64(binary.BigEndian.Uint64(id[:8])),
		LeastSignificantBits: int64(binary.BigEndian.Uint64(id[8:])),
	}}}
}

func writeStream(name string) *shared.StreamIdentifier {
	return &shared.StreamIdentifier{StreamName: []byte(name)}
}

// proposal is one event as Append and BatchAppend both carry it.
type proposal interface {
	GetId() *shared.UUID
	GetMetadata() map[string]string
	GetCustomMetadata() []byte
	GetData() []byte
}

// readProposal checks a proposed event and says what it counts against the limit
// of an append, in bytes.
func readProposal(m proposal) (e *event, size int, err error) {
	about := m.GetMetadata()
	p := incoming{
		properties: properties{about["type"], about["content-type"], about[formerCreated], about[formerPosition]},
		data:       m.GetData(), meta: m.GetCustomMetadata(),
	}
	p.id, p.idFault = readID(m.GetId())
	return p.event()
}

// event checks what was proposed.
func (p *incoming) event() (e *event, size int, err error) {
	typ, contentType := p.properties.typ, p.properties.contentType
	if typ == "" {
		return nil, 0, missingProperty("type")
	}
	if contentType == "" {
		return nil, 0, missingProperty("content-type")
	}
	if len(typ) > maxNameBytes || !storableText(typ) {
		return nil, 0, invalid("the event type holds a NUL or is longer than %d bytes", maxNameBytes)
	}
	if p.idFault != nil {
		return nil, 0, p.idFault
	}
	if p.id == uuid.Nil {
		return nil, 0, invalid("the event id is all zeros")
	}
	e = &event{id: p.id, typ: typ, json: contentType == contentJSON, data: p.data, meta: p.meta}
	p.properties.former(e)
	if e.data == nil {
		e.data = []byte{} // null is not a body
	}
	if e.meta == nil {
		e.meta = []byte{}
	}
	return e, len(e.data), nil
}

// writeRecorded puts an event into the form that reads and subscriptions send.
func writeRecorded(e *event, stringIDs bool) *api.ReadResp_ReadEvent_RecordedEvent {
	contentType := contentBinary
	if e.json {
		contentType = contentJSON
	}
	return &api.ReadResp_ReadEvent_RecordedEvent{
		Id:               writeID(e.id, stringIDs),
		StreamIdentifier: writeStream(e.stream),
		StreamRevision:   uint64(e.rev),
		CommitPosition:   uint64(e.pos),
		PreparePosition:  uint64(e.pos),
		Metadata: map[string]string{
			"type":         e.typ,
			"content-type": contentType,
			"created":      strconv.FormatInt(e.created, 10),
		},
		CustomMetadata: e.meta,
		Data:           e.data,
	}
}
