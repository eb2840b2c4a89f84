package gates

import (
	"errors"
	"io"
	"sync/atomic"
	"testing"

	"github.com/EventStore/EventStore-Client-Go/v4/protos/serverfeatures"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/shared"
	api "github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
	"google.golang.org/grpc"
)

// nullNode speaks as much of the protocol as the client needs to append and to
// read, and stores nothing: what it does not do is the price of storing. Reads are
// answered from memory.
type nullNode struct {
	api.UnimplementedStreamsServer
	serverfeatures.UnimplementedServerFeaturesServer
	head atomic.Uint64
	log  []happening
}

// Append takes the events and forgets them.
func (n *nullNode) Append(call api.Streams_AppendServer) error {
	for count := uint64(0); ; count++ {
		_, err := call.Recv()
		if errors.Is(err, io.EOF) {
			at := n.head.Add(count)
			return call.SendAndClose(&api.AppendResp{Result: &api.AppendResp_Success_{Success: &api.AppendResp_Success{
				CurrentRevisionOption: &api.AppendResp_Success_CurrentRevision{CurrentRevision: at},
				PositionOption:        &api.AppendResp_Success_Position{Position: &api.AppendResp_Position{CommitPosition: at, PreparePosition: at}},
			}}})
		}
		if err != nil {
			return err
		}
	}
}

// Read sends the whole log, whatever was asked.
func (n *nullNode) Read(_ *api.ReadReq, call api.Streams_ReadServer) error {
	for i := range n.log {
		if err := call.Send(asMessage(&n.log[i], uint64(i)+1)); err != nil {
			return err
		}
	}
	return nil
}

func asMessage(h *happening, position uint64) *api.ReadResp {
	return &api.ReadResp{Content: &api.ReadResp_Event{Event: &api.ReadResp_ReadEvent{
		Event: &api.ReadResp_ReadEvent_RecordedEvent{
			Id:               &shared.UUID{Value: &shared.UUID_String_{String_: h.id.String()}},
			StreamIdentifier: &shared.StreamIdentifier{StreamName: []byte(h.stream)},
			StreamRevision:   uint64(h.revision), PreparePosition: position, CommitPosition: position,
			Metadata:       map[string]string{"type": h.typ, "content-type": "application/json", "created": "17640000000000000"},
			CustomMetadata: h.meta, Data: h.data,
		},
		Position: &api.ReadResp_ReadEvent_CommitPosition{CommitPosition: position},
	}}}
}

// startNull serves a null node with the windows of the product's node and gives
// its socket.
func startNull(t testing.TB, log []happening) (socket string) {
	t.Helper()
	const streamWindow, connectionWindow = 1 << 20, 4 << 20
	server := grpc.NewServer(grpc.InitialWindowSize(streamWindow), grpc.InitialConnWindowSize(connectionWindow))
	n := &nullNode{log: log}
	api.RegisterStreamsServer(server, n)
	serverfeatures.RegisterServerFeaturesServer(server, n)
	l, socket := listen(t)
	served := make(chan error, 1)
	go func() { served <- server.Serve(l) }()
	t.Cleanup(func() {
		server.Stop()
		if err := <-served; err != nil {
			t.Error(err)
		}
	})
	return socket
}
