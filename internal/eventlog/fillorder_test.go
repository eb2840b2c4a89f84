package eventlog

import (
	"context"
	"net"
	"sync"
	"testing"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/protos/gossip"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/shared"
	api "github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
	"github.com/google/uuid"
	"google.golang.org/grpc"
)

// slowStore takes appends and answers them only when it is told to.
type slowStore struct {
	api.UnimplementedStreamsServer
	arrived chan string // streams
	answer  chan struct{}
}

func (s *slowStore) BatchAppend(call api.Streams_BatchAppendServer) error {
	var waiting []*api.BatchAppendReq
	requests := make(chan *api.BatchAppendReq)
	go func() {
		defer close(requests)
		for {
			r, err := call.Recv()
			if err != nil {
				return
			}
			requests <- r
		}
	}()
	for {
		select {
		case r, more := <-requests:
			if !more {
				return nil
			}
			waiting = append(waiting, r)
			s.arrived <- string(r.GetOptions().GetStreamIdentifier().GetStreamName())
		case <-s.answer:
			for _, r := range waiting {
				revision := uint64(len(r.GetProposedMessages()) - 1)
				if p, ok := r.GetOptions().GetExpectedStreamPosition().(*api.BatchAppendReq_Options_StreamPosition); ok {
					revision += p.StreamPosition + 1
				}
				if err := call.Send(&api.BatchAppendResp{CorrelationId: r.GetCorrelationId(), Result: &api.BatchAppendResp_Success_{
					Success: &api.BatchAppendResp_Success{CurrentRevisionOption: &api.BatchAppendResp_Success_CurrentRevision{CurrentRevision: revision}}}}); err != nil {
					return err
				}
			}
			waiting = nil
		}
	}
}

// Read gives nothing to whoever asks for the newest event: it leads.
func (s *slowStore) Read(*api.ReadReq, api.Streams_ReadServer) error { return nil }

// gossiping is one node that leads nobody else.
type gossiping struct {
	gossip.UnimplementedGossipServer
}

func (gossiping) Read(context.Context, *shared.Empty) (*gossip.ClusterInfo, error) {
	return &gossip.ClusterInfo{}, nil
}

func TestNoEventIsSentBeforeWhatItNames(t *testing.T) {
	store := &slowStore{arrived: make(chan string, 100), answer: make(chan struct{})}
	socket := socketPath(t)
	listener, err := net.Listen("unix", socket)
	if err != nil {
		t.Fatal(err)
	}
	server := grpc.NewServer()
	api.RegisterStreamsServer(server, store)
	gossip.RegisterGossipServer(server, gossiping{})
	var work sync.WaitGroup
	work.Go(func() { _ = server.Serve(listener) }) // ends with Stop
	defer work.Wait()
	defer server.Stop()
	cause := uuid.NewString()
	event := func(stream string, revision uint64, id, data, metadata string) Raw {
		return Raw{Stream: stream, Revision: revision, ID: id, Type: "tried", ContentType: "application/json", Data: []byte(data), Metadata: []byte(metadata)}
	}
	events := []Raw{
		event("person-a", 0, uuid.NewString(), `{}`, `{}`),
		event("person-b", 0, cause, `{}`, `{}`),
		event("person-a", 1, uuid.NewString(), `{"self":"a"}`, `{}`), // its own stream is no obstacle
		event("plan-1", 0, uuid.NewString(), `{"owner":"b"}`, `{}`),  // names a person
		event("plan-2", 0, uuid.NewString(), `{}`, `{}`),             // never overtakes plan-1
		event("plan-3", 0, uuid.NewString(), `{}`, `{"actor":"plan-2"}`),
		event("appraisal-3", 0, uuid.NewString(), `{}`, `{}`), // is about what plan-3 is about
		event("feedback-9", 0, uuid.NewString(), `{}`, `{"cause":"`+cause+`"}`),
	}
	filled := make(chan struct{})
	work.Go(func() {
		defer close(filled)
		if err := Fill(t.Context(), fillOptions(t, socket), sequence(events), func(int) {}); err != nil {
			t.Error(err)
		}
	})
	for _, wave := range [][]string{{"person-a", "person-b", "person-a"}, {"plan-1", "plan-2"}, {"plan-3"}, {"appraisal-3", "feedback-9"}} {
		for _, want := range wave {
			select {
			case got := <-store.arrived:
				if got != want {
					t.Fatalf("%s came, not %s", got, want)
				}
			case <-time.After(patience):
				t.Fatalf("%s does not come", want)
			}
		}
		if len(store.arrived) > 0 {
			t.Fatalf("%s came before what it names was stored", <-store.arrived)
		}
		store.answer <- struct{}{}
	}
	<-filled
}
