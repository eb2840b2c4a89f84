package golden

import (
	"fmt"
	"strings"

	_ "github.com/EventStore/EventStore-Client-Go/v4/protos/gossip" // each makes its services known
	_ "github.com/EventStore/EventStore-Client-Go/v4/protos/persistent"
	_ "github.com/EventStore/EventStore-Client-Go/v4/protos/serverfeatures"
	_ "github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
	"google.golang.org/protobuf/types/known/emptypb"
)

var services = map[string]string{
	"streams":     "event_store.client.streams.Streams",
	"persistent":  "event_store.client.persistent_subscriptions.PersistentSubscriptions",
	"gossip":      "event_store.client.gossip.Gossip",
	"features":    "event_store.client.server_features.ServerFeatures",
	"users":       "event_store.client.users.Users",
	"operations":  "event_store.client.operations.Operations",
	"projections": "event_store.client.projections.Projections",
	"monitoring":  "event_store.client.monitoring.Monitoring",
}

// Method is a remote procedure with its messages.
type Method struct {
	Path    string // as gRPC wants it
	Streams bool   // the client may send more than one message
	Request protoreflect.MessageType
	Answer  protoreflect.MessageType
}

// FindMethod finds the method of a name such as "streams.Append". Services whose
// messages this program does not know get empty ones.
func FindMethod(name string) (Method, error) {
	short, method, _ := strings.Cut(name, ".")
	service, ok := services[short]
	if !ok {
		return Method{}, fmt.Errorf("unknown service in %q", name)
	}
	empty := (*emptypb.Empty)(nil).ProtoReflect().Type()
	m := Method{Path: "/" + service + "/" + method, Request: empty, Answer: empty}
	found, err := protoregistry.GlobalFiles.FindDescriptorByName(protoreflect.FullName(service))
	if err != nil {
		return m, nil // a service that the node does not offer
	}
	d := found.(protoreflect.ServiceDescriptor).Methods().ByName(protoreflect.Name(method))
	if d == nil {
		return Method{}, fmt.Errorf("unknown method %q", name)
	}
	m.Streams = d.IsStreamingClient()
	if m.Request, err = protoregistry.GlobalTypes.FindMessageByName(d.Input().FullName()); err != nil {
		return Method{}, err
	}
	m.Answer, err = protoregistry.GlobalTypes.FindMessageByName(d.Output().FullName())
	return m, err
}

// newMessage makes an empty message of a type.
func newMessage(t protoreflect.MessageType) proto.Message { return t.New().Interface() }
