package node

import (
	"context"
	"net"
	"path/filepath"
	"testing"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
	api "github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"

	"github.com/jejak-kinerja/jejak/internal/pgrun/pgtest"
)

// patience bounds every wait of these tests; reaching it is a failure.
const patience = 90 * time.Second

// rig is a node with a listener, a stub and the official client.
type rig struct {
	*Node
	t    testing.TB
	addr string
	api  api.StreamsClient
	conn *grpc.ClientConn

	outgoing metadata.MD // of every call
}

func newRig(t testing.TB, change ...func(*Options)) *rig {
	t.Helper()
	o := Options{DatabaseURL: pgtest.URL(t)}
	for _, c := range change {
		c(&o)
	}
	n, err := Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	return serve(t, n)
}

func serve(t testing.TB, n *Node) *rig {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return serveOn(t, n, l)
}

func serveOn(t testing.TB, n *Node, l net.Listener) *rig {
	t.Helper()
	served := make(chan error, 1)
	go func() { served <- n.Serve(l) }()
	conn, err := grpc.NewClient("dns:///"+l.Addr().String(), grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithDefaultCallOptions(grpc.MaxCallRecvMsgSize(maxMessageBytes)))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		conn.Close()
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		if err := n.Close(ctx); err != nil {
			t.Errorf("close the node: %v", err)
		}
		if err := <-served; err != nil {
			t.Errorf("serve: %v", err)
		}
	})
	return &rig{Node: n, t: t, addr: l.Addr().String(), api: api.NewStreamsClient(conn), conn: conn}
}

// context ends with the test, or when its patience does.
func (r *rig) context() context.Context {
	ctx, cancel := context.WithTimeout(metadata.NewOutgoingContext(r.t.Context(), r.outgoing), patience)
	r.t.Cleanup(cancel)
	return ctx
}

// owner is a connection as the owner of the tables, beside the node.
func (r *rig) owner() *pgx.Conn {
	r.t.Helper()
	conn, err := pgx.Connect(r.t.Context(), r.opts.DatabaseURL)
	if err != nil {
		r.t.Fatal(err)
	}
	r.t.Cleanup(func() {
		if err := conn.Close(context.WithoutCancel(r.t.Context())); err != nil {
			r.t.Errorf("close the owner's connection: %v", err)
		}
	})
	return conn
}

// client is the official client, on the rig's address.
func (r *rig) client() *esdb.Client {
	r.t.Helper()
	return openClient(r.t, "esdb://"+r.addr+"?tls=false", "")
}

func openClient(t testing.TB, url, address string) *esdb.Client {
	t.Helper()
	config, err := esdb.ParseConnectionString(url)
	if err != nil {
		t.Fatal(err)
	}
	config.Logger = esdb.NoopLogging()
	if address != "" {
		config.Address = address
	}
	client, err := esdb.NewClient(config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { client.Close() })
	return client
}

func oneEvent() esdb.EventData {
	return esdb.EventData{EventID: uuid.New(), EventType: "tested", ContentType: esdb.ContentTypeJson, Data: []byte(`{"a":1}`), Metadata: []byte(`{"b":2}`)}
}

func TestTheOfficialClientWritesAndReadsOverASocketFile(t *testing.T) {
	n, err := Open(t.Context(), Options{DatabaseURL: pgtest.URL(t)})
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "node.sock")
	l, err := net.Listen("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	served := make(chan error, 1)
	go func() { served <- n.Serve(l) }()
	client := openClient(t, "esdb://127.0.0.1:1?tls=false", "unix://"+path)

	event := oneEvent()
	wrote, err := client.AppendToStream(t.Context(), "plan-1", esdb.AppendToStreamOptions{ExpectedRevision: esdb.NoStream{}}, event)
	if err != nil {
		t.Fatal(err)
	}
	if wrote.CommitPosition != n.Head() || wrote.NextExpectedVersion != 0 {
		t.Errorf("wrote at %+v, the head is %d", wrote, n.Head())
	}
	read, err := client.ReadStream(t.Context(), "plan-1", esdb.ReadStreamOptions{}, 10)
	if err != nil {
		t.Fatal(err)
	}
	got, err := read.Recv()
	if err != nil {
		t.Fatal(err)
	}
	read.Close()
	e := got.Event
	if e.EventID != event.EventID || e.EventType != event.EventType || e.ContentType != "application/json" ||
		string(e.Data) != string(event.Data) || string(e.UserMetadata) != string(event.Metadata) ||
		e.StreamID != "plan-1" || e.EventNumber != 0 || e.Position.Commit != n.Head() {
		t.Errorf("read back %+v", e)
	}
	client.Close()
	if err := n.Close(t.Context()); err != nil {
		t.Error(err)
	}
	if err := <-served; err != nil {
		t.Error(err)
	}
}

func contextWithin(t testing.TB, d time.Duration) (context.Context, context.CancelFunc) {
	return context.WithTimeout(t.Context(), d)
}
