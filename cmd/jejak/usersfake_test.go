package main

import (
	"context"
	"crypto/tls"
	"encoding/base64"
	"errors"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/types/known/emptypb"

	"github.com/jejak-kinerja/jejak/internal/node"
	"github.com/jejak-kinerja/jejak/internal/node/nodetest"
)

// accountStore is an event store with a service of users, which our own node does not
// have: it answers that service as a real server does (the recorded answers of
// EventStoreDB 24.2 to users.Create, Details and ResetPassword), and hands all other
// calls on to a node behind it.
type accountStore struct {
	t       *testing.T
	ca      string
	address string
	node    *grpc.ClientConn

	mu       sync.Mutex
	accounts map[string]*account
	late     int // logins of a new user that are still refused
}

type account struct {
	password string
	groups   []string
	disabled bool
}

// Passwords of the accounts. The node behind knows the same.
const (
	adminsPassword = "Rahasia-kota1"
	jejaksPassword = "Kata-sandi4"
	othersPassword = "Kata-sandi2"
)

func newAccountStore(t *testing.T) *accountStore {
	t.Helper()
	dir := t.TempDir()
	s := &accountStore{t: t, ca: filepath.Join(dir, "node.crt"), late: 2, accounts: map[string]*account{
		"admin": {password: adminsPassword, groups: []string{"$admins"}},
		"other": {password: othersPassword, groups: []string{"staff"}},
	}}
	nodetest.Certificate(t, s.ca)
	var lines strings.Builder
	for _, user := range []string{"admin:$admins:" + adminsPassword, "other:staff:" + othersPassword, "jejak::" + jejaksPassword, "second::" + jejaksPassword} {
		n := strings.LastIndex(user, ":")
		hash, err := node.HashPassword(user[n+1:])
		if err != nil {
			t.Fatal(err)
		}
		lines.WriteString(user[:n+1] + hash + "\n")
	}
	users := filepath.Join(dir, "users")
	if err := os.WriteFile(users, []byte(lines.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	behind := standalone(t, "--no-append-only", "--tls-cert", s.ca, "--tls-key", s.ca+".key", "--users-file", users)
	certificate, err := tls.LoadX509KeyPair(s.ca, s.ca+".key")
	if err != nil {
		t.Fatal(err)
	}
	trust, err := credentials.NewClientTLSFromFile(s.ca, "")
	if err != nil {
		t.Fatal(err)
	}
	host, _, _ := strings.Cut(strings.TrimPrefix(behind, "esdb://"), "?")
	if s.node, err = grpc.NewClient(host, grpc.WithTransportCredentials(trust)); err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s.address = listener.Addr().String()
	server := grpc.NewServer(grpc.Creds(credentials.NewServerTLSFromCert(&certificate)), grpc.UnknownServiceHandler(s.handle), grpc.MaxRecvMsgSize(32<<20))
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	t.Cleanup(func() {
		server.Stop()
		if err := errors.Join(<-served, s.node.Close()); err != nil {
			t.Error(err)
		}
	})
	return s
}

// at is the address with a login.
func (s *accountStore) at(login string) string {
	return "esdb://" + login + "@" + s.address + "?tls=true&tlsCAFile=" + s.ca
}

// handle is every call.
func (s *accountStore) handle(_ any, call grpc.ServerStream) error {
	method, _ := grpc.MethodFromServerStream(call)
	name, err := s.login(call.Context())
	if err != nil {
		return err
	}
	if rpc, ours := strings.CutPrefix(method, "/event_store.client.users.Users/"); ours {
		return s.users(rpc, name, call)
	}
	return s.passOn(method, call)
}

// login refuses wrong passwords, unknown and disabled users alike.
func (s *accountStore) login(ctx context.Context) (name string, err error) {
	md, _ := metadata.FromIncomingContext(ctx)
	if header := md.Get("authorization"); len(header) > 0 {
		text, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(header[0], "Basic "))
		if err != nil {
			return "", err
		}
		user, password, _ := strings.Cut(string(text), ":")
		s.mu.Lock()
		defer s.mu.Unlock()
		a := s.accounts[user]
		if a != nil && a.password == password && !a.disabled {
			if user == "admin" || user == "other" || s.late == 0 {
				return user, nil
			}
			s.late-- // a new user is not known everywhere at once
		}
		return "", status.Error(codes.Unauthenticated, "Unauthenticated")
	}
	return "", nil
}

func denied(call grpc.ServerStream) error {
	call.SetTrailer(metadata.Pairs("exception", "access-denied"))
	return status.Error(codes.PermissionDenied, "Access Denied")
}

// users is the service of users.
func (s *accountStore) users(rpc, as string, call grpc.ServerStream) error {
	request := &emptypb.Empty{}
	if err := call.RecvMsg(request); err != nil {
		return err
	}
	fields := texts(texts(request.ProtoReflect().GetUnknown())[1][0])
	name := string(fields[1][0])
	if as == "" || as != "admin" && rpc != "Details" {
		return denied(call)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	a := s.accounts[name]
	if a == nil && rpc != "Create" {
		call.SetTrailer(metadata.Pairs("exception", "user-not-found", "login-name", name))
		return status.Errorf(codes.NotFound, "User '%s' is not found.", name)
	}
	answer := &emptypb.Empty{}
	switch rpc {
	case "Details":
		account := protowire.AppendString(protowire.AppendTag(nil, 1, protowire.BytesType), name)
		for _, g := range a.groups {
			account = protowire.AppendString(protowire.AppendTag(account, 3, protowire.BytesType), g)
		}
		account = protowire.AppendBytes(protowire.AppendTag(account, 4, protowire.BytesType), nil)
		if a.disabled {
			account = protowire.AppendVarint(protowire.AppendTag(account, 5, protowire.VarintType), 1)
		}
		answer.ProtoReflect().SetUnknown(protowire.AppendBytes(protowire.AppendTag(nil, 1, protowire.BytesType), account))
	case "Create":
		made := &account{password: string(fields[2][0])}
		for _, g := range fields[4] {
			made.groups = append(made.groups, string(g))
		}
		s.accounts[name] = made
	case "ResetPassword":
		a.password = string(fields[2][0])
	default:
		return status.Error(codes.Unimplemented, rpc)
	}
	return call.SendMsg(answer)
}

// texts reads a message all of whose fields are texts.
func texts(message []byte) map[protowire.Number][][]byte {
	fields := map[protowire.Number][][]byte{}
	for len(message) > 0 {
		number, _, n := protowire.ConsumeTag(message)
		text, m := protowire.ConsumeBytes(message[n:])
		fields[number], message = append(fields[number], text), message[n+m:]
	}
	return fields
}

// passOn hands a call on to the node behind. Messages go as they are: a message
// without fields of its own keeps those that it does not know.
func (s *accountStore) passOn(method string, call grpc.ServerStream) error {
	md, _ := metadata.FromIncomingContext(call.Context())
	ctx, cancel := context.WithCancel(metadata.NewOutgoingContext(call.Context(), md))
	defer cancel()
	behind, err := s.node.NewStream(ctx, &grpc.StreamDesc{ClientStreams: true, ServerStreams: true}, method, grpc.MaxCallRecvMsgSize(32<<20))
	if err != nil {
		return err
	}
	go func() {
		for {
			m := &emptypb.Empty{}
			if err := call.RecvMsg(m); err != nil {
				if errors.Is(err, io.EOF) {
					_ = behind.CloseSend() // the answer tells
				}
				return
			}
			if behind.SendMsg(m) != nil {
				return // the answer tells
			}
		}
	}()
	for {
		m := &emptypb.Empty{}
		if err := behind.RecvMsg(m); err != nil {
			call.SetTrailer(behind.Trailer())
			if errors.Is(err, io.EOF) {
				return nil
			}
			return err
		}
		if err := call.SendMsg(m); err != nil {
			return err
		}
	}
}
