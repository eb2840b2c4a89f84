package node

import (
	"context"
	"crypto/pbkdf2"
	"crypto/sha256"
	"crypto/tls"
	"encoding/base64"
	"net"
	"path/filepath"
	"strings"
	"testing"

	"github.com/EventStore/EventStore-Client-Go/v4/protos/shared"
	api "github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
	"github.com/google/uuid"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/emptypb"

	"github.com/jejak-kinerja/jejak/internal/node/nodetest"
)

// change is a way to change the log, of which the answer's code is told.
type change struct {
	name string
	try  func(context.Context, api.StreamsClient) codes.Code
}

func appending(stream string) change {
	return change{"append to " + stream, func(ctx context.Context, c api.StreamsClient) codes.Code {
		call, err := c.Append(ctx)
		if err != nil {
			return status.Code(err)
		}
		id := &shared.StreamIdentifier{StreamName: []byte(stream)}
		requests := []*api.AppendReq{
			{Content: &api.AppendReq_Options_{Options: &api.AppendReq_Options{StreamIdentifier: id,
				ExpectedStreamRevision: &api.AppendReq_Options_Any{Any: &shared.Empty{}}}}},
			{Content: &api.AppendReq_ProposedMessage_{ProposedMessage: &api.AppendReq_ProposedMessage{Id: writeID(uuid.New(), false),
				Metadata: map[string]string{"type": "t", "content-type": contentJSON}, Data: []byte(`{}`)}}},
		}
		for _, r := range requests {
			if err := call.Send(r); err != nil {
				break // the answer says why
			}
		}
		_, err = call.CloseAndRecv()
		return status.Code(err)
	}}
}

func batching(stream string) change {
	return change{"batch append to " + stream, func(ctx context.Context, c api.StreamsClient) codes.Code {
		call, err := c.BatchAppend(ctx)
		if err != nil {
			return status.Code(err)
		}
		err = call.Send(&api.BatchAppendReq{CorrelationId: writeID(uuid.New(), false), IsFinal: true,
			Options: &api.BatchAppendReq_Options{StreamIdentifier: &shared.StreamIdentifier{StreamName: []byte(stream)},
				ExpectedStreamPosition: &api.BatchAppendReq_Options_Any{Any: &emptypb.Empty{}}},
			ProposedMessages: []*api.BatchAppendReq_ProposedMessage{{Id: writeID(uuid.New(), false),
				Metadata: map[string]string{"type": "t", "content-type": contentJSON}, Data: []byte(`{}`)}}})
		if err != nil {
			return status.Code(err)
		}
		answer, err := call.Recv()
		if err != nil {
			return status.Code(err)
		}
		return codes.Code(answer.GetError().GetCode())
	}}
}

func deleting(stream string) change {
	return change{"delete " + stream, func(ctx context.Context, c api.StreamsClient) codes.Code {
		_, err := c.Delete(ctx, &api.DeleteReq{Options: &api.DeleteReq_Options{StreamIdentifier: &shared.StreamIdentifier{StreamName: []byte(stream)},
			ExpectedStreamRevision: &api.DeleteReq_Options_Any{Any: &shared.Empty{}}}})
		return status.Code(err)
	}}
}

func tombstoning(stream string) change {
	return change{"tombstone " + stream, func(ctx context.Context, c api.StreamsClient) codes.Code {
		_, err := c.Tombstone(ctx, &api.TombstoneReq{Options: &api.TombstoneReq_Options{StreamIdentifier: &shared.StreamIdentifier{StreamName: []byte(stream)},
			ExpectedStreamRevision: &api.TombstoneReq_Options_Any{Any: &shared.Empty{}}}})
		return status.Code(err)
	}}
}

// known are the users of these tests; each has its own name for a password.
func known(t *testing.T) (users []User) {
	t.Helper()
	for name, groups := range map[string][]string{"jejak": nil, "bob": {"staff"}, "root": {groupAdmins}, "olga": {groupOps}} {
		hash, err := pbkdf2.Key(sha256.New, name, []byte("salt"), 1, passwordHashBytes)
		if err != nil {
			t.Fatal(err)
		}
		text := base64.RawStdEncoding
		kept := quickHash + text.EncodeToString([]byte("salt")) + "$" + text.EncodeToString(hash)
		users = append(users, User{Name: name, Password: kept, Groups: groups})
	}
	return users
}

// as are the credentials of a known user, none for "".
func as(ctx context.Context, name string) context.Context {
	if name == "" {
		return ctx
	}
	return metadata.AppendToOutgoingContext(ctx, "authorization", "Basic "+base64.StdEncoding.EncodeToString([]byte(name+":"+name)))
}

func newCertificate(t *testing.T) (tls.Certificate, credentials.TransportCredentials) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "node.crt")
	certificate := nodetest.Certificate(t, file)
	trusted, err := credentials.NewClientTLSFromFile(file, "")
	if err != nil {
		t.Fatal(err)
	}
	return certificate, trusted
}

// listen serves the node on one more listener and connects to it.
func listen(t *testing.T, n *Node, network, address string, trust credentials.TransportCredentials, more ...grpc.DialOption) *rig {
	t.Helper()
	l, err := net.Listen(network, address)
	if err != nil {
		t.Fatal(err)
	}
	served := make(chan error, 1)
	go func() { served <- n.Serve(l) }()
	target := l.Addr().String()
	if network == "unix" {
		target = "unix:" + target
	}
	conn, err := grpc.NewClient(target, append(more, grpc.WithTransportCredentials(trust))...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := conn.Close(); err != nil {
			t.Error(err)
		}
		if err := n.Close(context.WithoutCancel(t.Context())); err != nil {
			t.Error(err)
		}
		if err := <-served; err != nil {
			t.Error(err)
		}
	})
	return &rig{Node: n, t: t, addr: l.Addr().String(), api: api.NewStreamsClient(conn), conn: conn}
}

func isLedgerHere(stream string) bool { return !strings.HasPrefix(stream, "$") }

// Somebody copied a grant of a role into another person's stream, over the loopback
// address and without a name, and that person was administrator.
func TestTheLedgerIsWrittenByItsWritersAloneOnEveryListener(t *testing.T) {
	certificate, trusted := newCertificate(t)
	writing := []change{appending("person-1"), batching("person-2")}
	hiding := []change{appending("$$person-1"), batching("$$person-2"), deleting("person-1"), tombstoning("person-2")}
	ruling := []change{appending("$settings"), batching("$settings"), appending("$$$all"), batching("$$$settings"), appending("$users"),
		appending("$user-root"), deleting("$settings"), tombstoning("$user-root"),
		appending(configStream), appending(groupKey{"person-1", "g"}.checkpointStream()), batching(groupKey{"person-1", "g"}.parkedStream()), tombstoning(configStream)}
	ours := []change{appending("$note-1"), batching("$note-1")}
	const no = codes.PermissionDenied
	for _, listener := range []struct {
		name, network string
		tls           bool
		callers       map[string][4]codes.Code // writing, hiding, ruling, ours
	}{
		{"loopback without TLS", "tcp", false, map[string][4]codes.Code{
			"": {no, no, no, codes.OK}, "bob": {no, no, no, codes.OK}, "root": {no, no, no, codes.OK}, "jejak": {codes.OK, no, codes.OK, codes.OK}}},
		{"TLS", "tcp", true, map[string][4]codes.Code{
			"": {no, no, no, no}, "bob": {no, no, no, no}, "olga": {no, no, no, no}, "root": {no, no, codes.OK, codes.OK}, "jejak": {codes.OK, no, no, no}}},
		{"the product's socket", "unix", true, map[string][4]codes.Code{"": {codes.OK, no, codes.OK, codes.OK}}},
		{"the product's socket without TLS", "unix", false, map[string][4]codes.Code{"": {codes.OK, no, codes.OK, codes.OK}}},
	} {
		t.Run(listener.name, func(t *testing.T) {
			for caller, wants := range listener.callers {
				r := newRig(t, func(o *Options) {
					o.Ledger, o.LedgerWriters, o.Users = isLedgerHere, []string{"jejak"}, known(t)
					if listener.tls {
						o.TLS = &tls.Config{Certificates: []tls.Certificate{certificate}}
					}
				})
				address, trust := "127.0.0.1:0", trusted
				if listener.network == "unix" {
					address = filepath.Join(t.TempDir(), "s")
				}
				if listener.network == "unix" || !listener.tls {
					trust = insecure.NewCredentials()
				}
				client := listen(t, r.Node, listener.network, address, trust)
				for i, changes := range [][]change{writing, hiding, ruling, ours} {
					for _, c := range changes {
						head := r.Head()
						if got := c.try(as(r.context(), caller), client.api); got != wants[i] {
							t.Errorf("%q: %s is answered with %s, want %s", caller, c.name, got, wants[i])
						}
						if wants[i] != codes.OK && r.Head() != head {
							t.Errorf("%q: %s was refused, and stored", caller, c.name)
						}
					}
				}
			}
		})
	}
}

func TestAWrongPasswordOfALedgerWriterIsRefusedWithoutTLSToo(t *testing.T) {
	r := newRig(t, func(o *Options) {
		o.Ledger, o.LedgerWriters, o.Users = isLedgerHere, []string{"jejak"}, known(t)
	})
	wrong := metadata.AppendToOutgoingContext(r.context(), "authorization", "Basic "+base64.StdEncoding.EncodeToString([]byte("jejak:guess")))
	if got := appending("person-1").try(wrong, r.api); got != codes.Unauthenticated {
		t.Errorf("answered with %s", got)
	}
	if got := appending("$note-1").try(as(r.context(), "unheard-of"), r.api); got != codes.OK {
		t.Errorf("a name that nobody needs here is answered with %s", got)
	}
}
