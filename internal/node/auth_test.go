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
	g, err := newGate([]User{{Name: "ana", Password: kept, Groups: []string{"team"}}})
	if err != nil {
		t.Fatal(err)
	}
	for range 2 { // the second time from memory
		ctx, err := g.admit(credentialsOf("ana", "right"))
		if c, _ := ctx.Value(callerKey{}).(caller); err != nil || c.name != "ana" || !c.is([]string{"team"}) {
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
	if c, _ := ctx.Value(callerKey{}).(caller); err != nil || c.name != "" {
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
		{{Name: "a:b", Password: kept}}, {{Name: "ana", Password: kept}, {Name: "ana", Password: kept}},
	} {
		if _, err := newGate(users); err == nil {
			t.Errorf("accepted %+v", users)
		}
	}
	if _, err := HashPassword(strings.Repeat("x", maxPasswordBytes+1)); err == nil {
		t.Error("a password without end was hashed")
	}
}

func TestAccessListsAreReadAsWritten(t *testing.T) {
	for _, c := range []struct {
		metadata, stream string
		want             right
		open             bool // to everybody
		team             bool // to the group "team"
	}{
		{``, "s", rightRead, true, true},
		{``, "$s", rightRead, false, false},
		{`{"$acl":{"$r":"team"}}`, "s", rightRead, false, true},
		{`{"$acl":{"$r":"team"}}`, "s", rightWrite, true, true},
		{`{"$acl":{"$r":["other","team"]}}`, "s", rightRead, false, true},
		{`{"$acl":{"$r":[]}}`, "s", rightRead, false, false},
		{`{"$acl":{"$r":7}}`, "s", rightRead, false, false},
		{`{"$acl":"$userStreamAcl"}`, "$s", rightRead, true, true},
		{`{"$acl":"$systemStreamAcl"}`, "s", rightRead, false, false},
		{`{"$acl":{"$r":"$all"}}`, "$s", rightRead, true, true},
		{`{"$acl":null}`, "s", rightDelete, true, true},
		{`{"$maxCount":1}`, "s", rightMetaWrite, true, true},
		{`nonsense`, "$s", rightMetaRead, false, false},
	} {
		roles := allowed([]byte(c.metadata), c.want, c.stream)
		open, team := caller{}.is(roles), caller{"ana", []string{"team"}}.is(roles)
		if open != c.open || team != c.team {
			t.Errorf("%s on %s of %s: open %v, team %v", c.metadata, c.want, c.stream, open, team)
		}
	}
}

func TestANodeHoldsCallersToTheAccessList(t *testing.T) {
	r := newRig(t)
	r.must(metastreamOf("s"), wantAny, meta(`{"$acl":{"$r":["team"],"$w":"ana"}}`))
	gate, err := newGate(nil)
	if err != nil {
		t.Fatal(err)
	}
	n := &Node{reader: r.Node.reader, gate: gate}
	as := func(c caller) context.Context { return context.WithValue(t.Context(), callerKey{}, c) }
	for _, c := range []struct {
		who    caller
		want   right
		stream string
		may    bool
	}{
		{caller{}, rightRead, "s", false},
		{caller{"bob", []string{"team"}}, rightRead, "s", true},
		{caller{"bob", []string{"team"}}, rightWrite, "s", false},
		{caller{"ana", nil}, rightWrite, "s", true},
		{caller{"root", []string{groupAdmins}}, rightWrite, "s", true},
		{caller{}, rightRead, "$$s", true},
		{caller{}, rightRead, "$$$s", false},
		{caller{}, rightRead, allStream, false},
		{caller{}, rightDelete, "other", true},
	} {
		err := n.may(as(c.who), c.want, c.stream)
		if (err == nil) != c.may || err != nil && status.Code(err) != codes.PermissionDenied {
			t.Errorf("%+v %s %s: %v", c.who, c.want, c.stream, err)
		}
	}
}

func FuzzAccessListsAndKeptPasswords(f *testing.F) {
	f.Add([]byte(`{"$acl":{"$r":["a"]}}`))
	f.Add([]byte("pbkdf2-sha256$1$AAAA$AAAA"))
	f.Fuzz(func(t *testing.T, body []byte) {
		if roles := allowed(body, rightRead, "$s"); (caller{}).is(roles) && !strings.Contains(string(body), "$") {
			t.Errorf("%q opens a system stream", body)
		}
		if h, err := readHashed(string(body)); err == nil && (h.iterations < 1 || h.iterations > maxIterations || len(h.hash) != passwordHashBytes) {
			t.Errorf("%q reads as %+v", body, h)
		}
	})
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
