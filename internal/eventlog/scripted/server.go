package scripted

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
	"sync"
	"testing"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/keepalive"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/peer"
	"google.golang.org/grpc/status"
)

// Call is one call of a client as it came.
type Call struct {
	Method   string
	Metadata metadata.MD
	// Requests are all messages of an append, and the one message of every other call.
	Requests [][]byte

	stream grpc.ServerStream
	server *Server
	before int64 // bytes that the connection had written when the call began
	sent   int64
}

// Leader says whether the client asked for the leader.
func (c *Call) Leader() bool {
	v := c.Metadata.Get("requires-leader")
	return len(v) > 0 && v[0] == "true"
}

// Context ends with the call.
func (c *Call) Context() context.Context { return c.stream.Context() }

// Send gives the client one message.
func (c *Call) Send(message []byte) error {
	c.sent += int64(len(message)) + frameHead
	return c.stream.SendMsg(&message)
}

// frameHead is what gRPC puts before a message.
const frameHead = 5

// Cut closes the connection without a status, when all messages have gone out.
func (c *Call) Cut() error {
	if conn := c.server.conn(c); conn != nil {
		conn.waitWritten(c.Context(), c.before+c.sent)
		conn.Conn.Close() //nolint:errcheck // it is meant to break
	}
	<-c.Context().Done()
	return c.Context().Err()
}

// Stay says nothing more until the client has gone.
func (c *Call) Stay() error {
	<-c.Context().Done()
	return c.Context().Err()
}

// Refuse ends the call with a status and trailers, given as pairs.
func (c *Call) Refuse(code codes.Code, message string, trailers ...string) error {
	c.stream.SetTrailer(metadata.Pairs(trailers...))
	return status.Error(code, message)
}

// Server answers every call by Handle.
type Server struct {
	Address string
	Host    string
	Port    int

	handle   func(*Call) error
	grpc     *grpc.Server
	listener *listener
	serve    sync.WaitGroup
}

// Start serves on a loopback port until the test ends.
func Start(t testing.TB, handle func(*Call) error) *Server {
	t.Helper()
	bare, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &Server{Address: bare.Addr().String(), handle: handle, listener: &listener{Listener: bare, open: map[string]*conn{}}}
	s.listener.thawed.L = &s.listener.mu
	host, port, err := net.SplitHostPort(s.Address)
	if err != nil {
		t.Fatal(err)
	}
	s.Host = host
	if s.Port, err = strconv.Atoi(port); err != nil {
		t.Fatal(err)
	}
	s.grpc = grpc.NewServer(grpc.ForceServerCodec(bytesCodec{}), grpc.UnknownServiceHandler(s.answer),
		grpc.KeepaliveEnforcementPolicy(keepalive.EnforcementPolicy{MinTime: 1, PermitWithoutStream: true}))
	s.serve.Go(func() {
		if err := s.grpc.Serve(s.listener); err != nil && !errors.Is(err, grpc.ErrServerStopped) {
			t.Error(err)
		}
	})
	t.Cleanup(s.Stop)
	return s
}

// Stop ends the server as kill -9 does: connections are closed, and nobody listens.
func (s *Server) Stop() {
	s.Thaw()
	s.grpc.Stop()
	s.serve.Wait()
}

// Freeze lets the machine stand still: connections can be made and stay open, and
// nothing is heard on them, until Thaw.
func (s *Server) Freeze() { s.listener.freeze(true) }

// Thaw lets it go on.
func (s *Server) Thaw() { s.listener.freeze(false) }

func (s *Server) conn(c *Call) *conn {
	p, ok := peer.FromContext(c.Context())
	if !ok {
		return nil
	}
	return s.listener.find(p.Addr.String())
}

func (s *Server) answer(_ any, stream grpc.ServerStream) error {
	method, _ := grpc.MethodFromServerStream(stream)
	md, _ := metadata.FromIncomingContext(stream.Context())
	c := &Call{Method: method, Metadata: md, stream: stream, server: s}
	if conn := s.conn(c); conn != nil {
		c.before = conn.written.Load()
	}
	for {
		var message []byte
		err := stream.RecvMsg(&message)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		c.Requests = append(c.Requests, message)
		if method != Append {
			break
		}
	}
	return s.handle(c)
}

// bytesCodec passes frames on as they are.
type bytesCodec struct{}

func (bytesCodec) Marshal(v any) ([]byte, error) {
	b, ok := v.(*[]byte)
	if !ok {
		return nil, fmt.Errorf("scripted: cannot send a %T", v)
	}
	return *b, nil
}

func (bytesCodec) Unmarshal(data []byte, v any) error {
	b, ok := v.(*[]byte)
	if !ok {
		return fmt.Errorf("scripted: cannot receive a %T", v)
	}
	*b = append([]byte(nil), data...)
	return nil
}

func (bytesCodec) Name() string { return "proto" }
