package node

import (
	"errors"
	"fmt"
	"io"
	"net"
	"sync/atomic"
	"testing"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/serverfeatures"
	api "github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
	"github.com/google/uuid"
	"google.golang.org/grpc"
)

// The benchmarks compare the node with one that stores nothing, in the same run:
// what is left is the price of storing. The database does not sync its files here,
// so this is about processor time and round trips, not about disks.

const benchBody = 256 // bytes of an event's data

// nullNode answers appends at once and reads from memory.
type nullNode struct {
	api.UnimplementedStreamsServer
	head atomic.Int64
}

func (n *nullNode) Append(call api.Streams_AppendServer) error {
	for count := int64(-1); ; count++ {
		if _, err := call.Recv(); errors.Is(err, io.EOF) {
			return call.SendAndClose(appendAnswer(outcome{rev: 0, pos: n.head.Add(count)}))
		} else if err != nil {
			return err
		}
	}
}

func (n *nullNode) Read(req *api.ReadReq, call api.Streams_ReadServer) error {
	e := &event{stream: "s", typ: "tested", data: make([]byte, benchBody), meta: []byte{}}
	for i := range int64(min(req.GetOptions().GetCount(), benchLog)) {
		sent := *e
		sent.pos = i + 1
		if err := call.Send(writeEvent(&sent, nil, false, false)); err != nil {
			return err
		}
	}
	return nil
}

const benchLog = 100_000 // events of the catch-up

func serveNull(b *testing.B) string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	s := grpc.NewServer(grpc.InitialWindowSize(streamWindowBytes), grpc.InitialConnWindowSize(connectionWindowBytes))
	api.RegisterStreamsServer(s, &nullNode{})
	serverfeatures.RegisterServerFeaturesServer(s, features{})
	served := make(chan error, 1)
	go func() { served <- s.Serve(l) }()
	b.Cleanup(func() { s.Stop(); <-served })
	return l.Addr().String()
}

func benchEvents(n int) []esdb.EventData {
	events := make([]esdb.EventData, n)
	for i := range events {
		events[i] = esdb.EventData{EventID: uuid.New(), EventType: "tested", ContentType: esdb.ContentTypeBinary, Data: make([]byte, benchBody)}
	}
	return events
}

// compare runs the same work against both nodes and reports events per second and
// the ratio between them.
func compare(b *testing.B, eventsEach int, work func(b *testing.B, c *esdb.Client)) {
	var rates [2]float64
	r := newRig(b)
	for i, side := range []struct{ name, addr string }{{"null", serveNull(b)}, {"node", r.addr}} {
		b.Run(side.name, func(b *testing.B) {
			c := openClient(b, "esdb://"+side.addr+"?tls=false", "")
			if _, err := c.AppendToStream(b.Context(), "warm", esdb.AppendToStreamOptions{}, benchEvents(1)...); err != nil {
				b.Fatal(err)
			}
			b.ResetTimer()
			work(b, c)
			rates[i] = float64(b.N*eventsEach) / b.Elapsed().Seconds()
			b.ReportMetric(rates[i], "events/s")
			if i == 1 && rates[0] > 0 {
				b.ReportMetric(rates[1]/rates[0], "of-null")
			}
		})
	}
}

func appendWith(callers, each int) func(*testing.B, *esdb.Client) {
	return func(b *testing.B, c *esdb.Client) {
		done := make(chan error, callers)
		var left atomic.Int64
		left.Store(int64(b.N))
		for range callers {
			name := uuid.NewString()
			go func() {
				want := esdb.ExpectedRevision(esdb.NoStream{})
				for next := uint64(0); left.Add(-1) >= 0; next += uint64(each) {
					_, err := c.AppendToStream(b.Context(), name, esdb.AppendToStreamOptions{ExpectedRevision: want}, benchEvents(each)...)
					if err != nil {
						done <- err
						return
					}
					want = esdb.Revision(next + uint64(each) - 1)
				}
				done <- nil
			}()
		}
		for range callers {
			if err := <-done; err != nil {
				b.Fatal(err)
			}
		}
	}
}

func BenchmarkAppendOneCaller(b *testing.B)  { compare(b, 1, appendWith(1, 1)) }
func BenchmarkAppend64Callers(b *testing.B)  { compare(b, 1, appendWith(64, 1)) }
func BenchmarkAppendHundreds(b *testing.B)   { compare(b, 100, appendWith(1, 100)) }
func BenchmarkAppend16Hundreds(b *testing.B) { compare(b, 100, appendWith(16, 100)) }

func BenchmarkReadAll(b *testing.B) {
	filled := false
	compare(b, benchLog, func(b *testing.B, c *esdb.Client) {
		if !filled && b.Name() == "BenchmarkReadAll/node" {
			b.StopTimer()
			filled = true
			for range benchLog / 1000 {
				if _, err := c.AppendToStream(b.Context(), uuid.NewString(), esdb.AppendToStreamOptions{}, benchEvents(1000)...); err != nil {
					b.Fatal(err)
				}
			}
			b.StartTimer()
		}
		for range b.N {
			read, err := c.ReadAll(b.Context(), esdb.ReadAllOptions{From: esdb.Start{}}, benchLog)
			if err != nil {
				b.Fatal(err)
			}
			count := 0
			for ; ; count++ {
				if _, err := read.Recv(); errors.Is(err, io.EOF) {
					break
				} else if err != nil {
					b.Fatal(err)
				}
			}
			if count != benchLog {
				b.Fatal(fmt.Sprint(count, " events"))
			}
			read.Close()
		}
	})
}
