package golden

import (
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"math/bits"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/jejak-kinerja/jejak/internal/clock"
)

// Request turns recorded requests into messages of this run.
type Request struct {
	Names *Names

	// Place is the position that a name such as "@w1" stands for; 0 when unknown.
	Place func(name string) uint64

	// Delivered are the ids of the events that an open call has got.
	Delivered func(call string) []string
}

// Message reads one request.
func (r *Request) Message(recorded any, t protoreflect.MessageType) (proto.Message, error) {
	plain, err := walk(recorded, t.Descriptor(), r.leaf)
	if err != nil {
		return nil, err
	}
	body, err := json.Marshal(plain)
	if err != nil {
		return nil, err
	}
	m := newMessage(t)
	return m, protojson.Unmarshal(body, m)
}

func (r *Request) leaf(parent protoreflect.MessageDescriptor, field protoreflect.FieldDescriptor, v any) (any, bool, error) {
	s, ok := v.(string)
	if !ok {
		return v, false, nil
	}
	if field.IsList() && field.Message() != nil {
		ids, err := r.answered(s)
		return ids, true, err
	}
	switch {
	case parent.FullName() == "event_store.client.UUID":
		return r.id(field, s)
	case field.Kind() == protoreflect.BytesKind:
		b, err := ReadBytes(r.Names.Text(s))
		return base64.StdEncoding.EncodeToString(b), true, err
	case field.Kind() == protoreflect.Uint64Kind && strings.HasPrefix(s, "@"):
		place, err := r.place(s)
		return strconv.FormatUint(place, 10), true, err
	case field.Message() != nil && field.Message().FullName() == "google.protobuf.Timestamp":
		after, err := time.ParseDuration(strings.TrimPrefix(s, "now"))
		return clock.Now().Add(after).UTC().Format(time.RFC3339Nano), true, err
	case field.Kind() == protoreflect.StringKind:
		return r.Names.Text(s), true, nil
	}
	return v, true, nil
}

// id writes an id in the form of its field.
func (r *Request) id(field protoreflect.FieldDescriptor, recorded string) (any, bool, error) {
	s := r.Names.ID(recorded)
	if field.Kind() == protoreflect.StringKind {
		return s, true, nil
	}
	id, err := uuid.Parse(s)
	return structured(id), true, err
}

func structured(id uuid.UUID) map[string]any {
	high, low := binary.BigEndian.Uint64(id[:8]), binary.BigEndian.Uint64(id[8:])
	return map[string]any{"most_significant_bits": strconv.FormatInt(int64(high), 10), "least_significant_bits": strconv.FormatInt(int64(low), 10)}
}

// place reads a position's name, with a number added or taken away.
func (r *Request) place(s string) (uint64, error) {
	name := strings.TrimPrefix(s, "@")
	i := strings.LastIndexAny(name, "+-")
	if i < 0 {
		return r.Place(name), nil
	}
	n, err := strconv.ParseUint(name[i+1:], 10, 64)
	if err != nil {
		return r.Place(name), nil // the sign belongs to the stream's name
	}
	var out uint64
	if name[i] == '+' {
		out, _ = bits.Add64(r.Place(name[:i]), n, 0)
	} else {
		out, _ = bits.Sub64(r.Place(name[:i]), n, 0)
	}
	return out, nil
}

// answered reads "events of CALL FROM..TO".
func (r *Request) answered(s string) (any, error) {
	var call string
	var from, to int
	if _, err := fmt.Sscanf(strings.Replace(s, "..", " ", 1), "events of %s %d %d", &call, &from, &to); err != nil {
		return nil, fmt.Errorf("%q: %w", s, err)
	}
	got := r.Delivered(call)
	out := []any{}
	for i := from; i <= to && i < len(got); i++ {
		id, err := uuid.Parse(got[i])
		if err != nil {
			return nil, err
		}
		out = append(out, map[string]any{"structured": structured(id)})
	}
	return out, nil
}
