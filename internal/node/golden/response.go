package golden

import (
	"cmp"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/google/uuid"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
)

// Plain is a message in JSON form, with this run's ids and names still in it.
func Plain(m proto.Message) (any, error) {
	body, err := protojson.MarshalOptions{UseProtoNames: true}.Marshal(m)
	if err != nil {
		return nil, err
	}
	var v any
	if err := Decode(body, &v); err != nil {
		return nil, err
	}
	return walk(v, m.ProtoReflect().Descriptor(), func(parent protoreflect.MessageDescriptor, field protoreflect.FieldDescriptor, v any) (any, bool, error) {
		if parent.FullName() == "event_store.client.UUID" && field.Message() != nil {
			return unstructured(v), true, nil
		}
		return v, false, nil
	})
}

func unstructured(v any) string {
	halves, _ := v.(map[string]any)
	half := func(name string) uint64 {
		s, _ := halves[name].(string)
		n, _ := strconv.ParseInt(s, 10, 64) // protojson has written it; absent is 0
		return uint64(n)
	}
	var id uuid.UUID
	binary.BigEndian.PutUint64(id[:8], half("most_significant_bits"))
	binary.BigEndian.PutUint64(id[8:], half("least_significant_bits"))
	return id.String()
}

var createdTicks = regexp.MustCompile(`^[0-9]{17}$`)

// Compared puts a plain message of this run into the form in which answers are
// recorded, positions left as they are.
func (n *Names) Compared(v any, d protoreflect.MessageDescriptor) (any, error) {
	return walk(v, d, func(parent protoreflect.MessageDescriptor, field protoreflect.FieldDescriptor, v any) (any, bool, error) {
		switch {
		case v == "0" && field.Kind() == protoreflect.StringKind && !parent.IsMapEntry(): // the start of a group: taken for a default
			return left, true, nil
		case parent.FullName() == "event_store.client.gossip.EndPoint" && field.Name() == "port":
			return "<port>", true, nil
		case field.Name() == "time_stamp":
			return "<time>", true, nil
		case field.Name() == "metadata" && field.IsMap():
			about, _ := v.(map[string]any)
			if s, _ := about["created"].(string); createdTicks.MatchString(s) {
				about["created"] = "<created>"
			}
			return about, false, nil
		case field.Name() == "subscriptions" || field.Name() == "subscription_info":
			return steadyInfo(v), false, nil
		case isRecorded(field.Message()):
			return parkedLink(v), false, nil
		}
		s, ok := v.(string)
		if !ok {
			return v, false, nil
		}
		switch {
		case parent.FullName() == "event_store.client.UUID":
			return n.backID(s), true, nil
		case field.Kind() == protoreflect.BytesKind && !strings.HasPrefix(s, "json:"):
			b, err := base64.StdEncoding.DecodeString(s)
			return WriteBytes([]byte(n.Back(string(b)))), true, err
		case field.Kind() == protoreflect.StringKind:
			return n.Back(s), true, nil
		}
		return v, false, nil
	})
}

// Recorded puts a recorded answer into the form in which it is compared.
func Recorded(v any, d protoreflect.MessageDescriptor) (any, error) {
	return walk(v, d, func(_ protoreflect.MessageDescriptor, field protoreflect.FieldDescriptor, v any) (any, bool, error) {
		if s, ok := v.(string); ok && field.Kind() == protoreflect.BytesKind {
			one, err := oneForm(s)
			return one, true, err
		}
		return v, false, nil
	})
}

func (n *Names) backID(id string) string {
	if recorded, ok := n.Learned(id); ok {
		return recorded
	}
	if _, err := uuid.Parse(id); err != nil {
		return n.Back(id)
	}
	return "<server-made>"
}

func isRecorded(d protoreflect.MessageDescriptor) bool {
	return d != nil && d.Name() == "RecordedEvent"
}

// parkedLink puts the properties of a parked event's link in order: they are
// written by the server, and hold a time.
func parkedLink(v any) any {
	e, ok := v.(map[string]any)
	about, _ := e["metadata"].(map[string]any)
	raw, _ := e["custom_metadata"].(string)
	if !ok || about["type"] != "$>" {
		return v
	}
	body, err := base64.StdEncoding.DecodeString(raw)
	fields := map[string]any{}
	if err != nil || Decode(body, &fields) != nil || fields["added"] == nil {
		return v
	}
	fields["added"] = "<time>"
	e["custom_metadata"] = "json:" + line(fields)
	return e
}

// unsteady are the figures of a persistent subscription that depend on time.
var unsteady = []string{"average_per_second", "count_since_last_measurement", "total_items", "outstanding_messages_count",
	"last_known_event_position", "status", "read_buffer_count", "live_buffer_count", "retry_buffer_count",
	"from", "username", "connection_name", "average_items_per_second", "observed_measurements"}

// steadyInfo leaves those out, and sorts.
func steadyInfo(v any) any {
	if list, ok := v.([]any); ok {
		slices.SortFunc(list, func(a, b any) int { return cmp.Compare(sortKey(a), sortKey(b)) })
		for _, one := range list {
			steadyInfo(one)
		}
		return list
	}
	info, _ := v.(map[string]any)
	for _, name := range unsteady {
		delete(info, name)
	}
	if connections, ok := info["connections"].([]any); ok {
		for _, one := range connections {
			steadyInfo(one)
		}
	}
	return v
}

func sortKey(v any) string {
	info, _ := v.(map[string]any)
	return fmt.Sprint(info["event_source"], "\x00", info["group_name"])
}
