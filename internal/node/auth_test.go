package node

import (
	"context"
	"crypto/tls"
	"encoding/base64"
	"net"
	"path/filepath"
	"strings"
	"testing"

	api "github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
)

// quickHash is a kept password that costs one iteration only.
const quickHash = "pbkdf2-sha256$1$"

func credentialsOf(name, password string) context.Context {
	basic := "Basic " + base64.StdEncoding.EncodeToString([]byte(name+":"+password))
	return metadata.NewIncomingContext(context.Background(), metadata.Pairs("authorization", basic))
}

func TestOnlyTheRightPasswordIsAdmitted(t *testing.T) {
	kept, err := HashPassword("right")
	if err != nil {
		t.Fatal(err)
	}
	g, err := newGate(Options{TLS: &tls.Config{}, Users: []User{{Name: "ana", Password: kept, Groups: []string{"team"}}}})
	if err != nil {
		t.Fatal(err)
	}
	for range 2 { // the second time from memory
		ctx, err := g.admit(credentialsOf("ana", "right"))
		if c := callerOf(ctx); err != nil || c.name != "ana" || !c.is("team") || !c.is(Everybody) {
			t.Errorf("the right password: %v, %v", c, err)
		}
	}
	for _, wrong := range []context.Context{
		credentialsOf("ana", "wrong"), credentialsOf("bob", "right"), credentialsOf("ana", ""),
		metadata.NewIncomingContext(context.Background(), metadata.Pairs("authorization", "Bearer x")),
	} {
		if _, err := g.admit(wrong); status.Code(err) != codes.Unauthenticated {
			t.Errorf("wrong credentials: %v", err)
		}
	}
	ctx, err := g.admit(context.Background())
	if c := callerOf(ctx); err != nil || c.name != "" || c.is(Everybody) {
		t.Errorf("no credentials: %v, %v", c, err)
	}
}

func TestUsersThatCannotBeCheckedAreRefused(t *testing.T) {
	kept, err := HashPassword("x")
	if err != nil {
		t.Fatal(err)
	}
	for _, users := range [][]User{
		{{Name: "ana", Password: "clear"}}, {{Name: "ana", Password: quickHash + "!$!"}}, {{Name: "", Password: kept}},
		{{Name: "a:b", Password: kept}}, {{Name: "$admins", Password: kept}}, {{Name: "ana", Password: kept}, {Name: "ana", Password: kept}},
	} {
		if _, err := newGate(Options{TLS: &tls.Config{}, Users: users}); err == nil {
			t.Errorf("accepted %+v", users)
		}
	}
	if _, err := HashPassword(strings.Repeat("x", maxPasswordBytes+1)); err == nil {
		t.Error("a password without end was hashed")
	}
}

// The address of a node with TLS asks who calls; its unix socket belongs to those
// whom the file mode lets in.
func TestAUnixSocketNeedsNoPasswordBesideTLS(t *testing.T) {
	kept, err := HashPassword("right")
	if err != nil {
		t.Fatal(err)
	}
	r := newRig(t, func(o *Options) {
		o.TLS, o.Users = &tls.Config{}, []User{{Name: "ana", Password: kept}}
	})
	l, err := net.Listen("unix", filepath.Join(t.TempDir(), "s"))
	if err != nil {
		t.Fatal(err)
	}
	served := make(chan error, 1)
	go func() { served <- r.Serve(l) }()
	conn, err := grpc.NewClient("unix:"+l.Addr().String(), grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	ours := rig{Node: r.Node, t: t, api: api.NewStreamsClient(conn)}
	ours.must("$secret", wantNone, ev("a"))
	if err := r.Node.may(context.Background(), rightRead, "$secret"); status.Code(err) != codes.PermissionDenied {
		t.Errorf("somebody without credentials may read it: %v", err)
	}
	if _, err := r.api.Append(r.context()); status.Code(err) != codes.Unavailable {
		t.Errorf("the open address speaks without TLS: %v", err)
	}
	if err := r.Close(r.context()); err != nil {
		t.Error(err)
	}
	if err := <-served; err != nil {
		t.Error(err)
	}
}
