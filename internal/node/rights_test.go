package node

import (
	"context"
	"crypto/tls"
	"encoding/base64"
	"net"
	"testing"

	"github.com/google/uuid"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/status"

	"github.com/jejak-kinerja/jejak/internal/pgrun/pgtest"
)

// login sends the credentials of a known user with every call.
type login string

func (l login) GetRequestMetadata(context.Context, ...string) (map[string]string, error) {
	return map[string]string{"authorization": "Basic " + base64.StdEncoding.EncodeToString([]byte(string(l)+":"+string(l)))}, nil
}
func (login) RequireTransportSecurity() bool { return true }

// locked makes a node with TLS and the known users.
func locked(t *testing.T, change ...func(*Options)) (n *Node, enter func(*Node, string) *rig) {
	t.Helper()
	certificate, trusted := newCertificate(t)
	o := Options{DatabaseURL: pgtest.URL(t), Users: known(t), TLS: &tls.Config{Certificates: []tls.Certificate{certificate}}}
	for _, c := range change {
		c(&o)
	}
	n, err := Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	return n, entrance(t, trusted)
}

// entrance lets a known user in at a listener of its own.
func entrance(t *testing.T, trusted credentials.TransportCredentials) func(*Node, string) *rig {
	return func(n *Node, name string) *rig {
		t.Helper()
		return listen(t, n, "tcp", "127.0.0.1:0", trusted, grpc.WithPerRPCCredentials(login(name)))
	}
}

const toBob, toNobody = `{"$acl":{"$r":["bob"]}}`, `{"$acl":{"$r":["nobody"]}}`

// takes takes a right away, and stores an event after it, as the administrator.
func (r *rig) takes(stream, body string) {
	r.t.Helper()
	r.must(stream, wantAny, meta(body))
	r.must("s", wantAny, ev("after"))
}

func TestARunningSubscriptionEndsWithTheRightToIt(t *testing.T) {
	n, enter := locked(t)
	root, bob := enter(n, "root"), enter(n, "bob")
	for _, c := range []struct {
		name          string
		of            readPart
		rights, given string // where the right is written, and what gives it to bob
		taken         string
	}{
		{"by the list of its stream", ofStream("s"), "$$s", toBob, toNobody},
		{"by the list of the log", all, "$$$all", toBob, toNobody},
		{"by the default list", ofStream("s"), streamOfSettings, `{"$userStreamAcl":{"$r":"bob"}}`, `{"$userStreamAcl":{"$r":"nobody"}}`},
		{"of system streams", all, streamOfSettings, `{"$systemStreamAcl":{"$r":"bob"}}`, `{}`},
		{"by a default list that cannot be read", all, streamOfSettings, `{"$systemStreamAcl":{"$r":"bob"}}`, `nonsense`},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, list := range []string{"$$s", "$$$all", streamOfSettings} {
				root.must(list, wantAny, meta(`{}`))
			}
			root.must(c.rights, wantAny, meta(c.given))
			root.must("s", wantAny, ev("before"))
			sub := bob.follow(c.of, fromEnd)
			sub.sees("confirmed caught-up")
			root.must("$$other", wantAny, meta(toNobody)) // is not about it
			root.must(c.rights, wantAny, meta(c.given))   // gives it once more
			root.takes(c.rights, c.taken)
			for got := sub.next(); ; got = sub.next() { // the log shows metadata while it may
				if got == codes.PermissionDenied.String() {
					break
				}
				if got != "$$other#0" && got[0] != '$' {
					t.Fatalf("after the right was taken away the subscription says %q", got)
				}
			}
			if _, trailer, err := bob.read(c.of, subscribing); status.Code(err) != codes.PermissionDenied || trailer.Get("exception")[0] != "access-denied" {
				t.Errorf("a new one is answered with %v %v", err, trailer)
			}
		})
	}
}

// A follower learns of rights as it learns of events; reads ask the database.
func TestARightTakenAwayOnTheLeaderEndsSubscriptionsOfAFollower(t *testing.T) {
	url := pgtest.URL(t)
	certificate, trusted := newCertificate(t)
	var list []*rig
	for range 2 {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		n, err := Open(t.Context(), Options{DatabaseURL: url, Advertise: l.Addr().String(), Users: known(t), TLS: &tls.Config{Certificates: []tls.Certificate{certificate}}})
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, serveOn(t, n, l))
	}
	leader, followers := leaderOf(t, list)
	enter := entrance(t, trusted)
	root, bob := enter(leader.Node, "root"), enter(followers[0].Node, "bob")
	for range 20 {
		root.must("$$s", wantAny, meta(toBob))
		root.must("s", wantAny, ev("before"))
		eventually(t, "the follower has it", patience, func() bool { return followers[0].Head() == leader.Head() })
		sub := bob.follow(ofStream("s"), fromEnd)
		sub.sees("confirmed caught-up")
		root.takes("$$s", toNobody)
		if _, _, err := bob.read(ofStream("s")); status.Code(err) != codes.PermissionDenied {
			t.Errorf("the next read is answered with %v", err)
		}
		sub.sees(codes.PermissionDenied.String())
	}
}

// One that is still in the past ends before the page in its hands is sent.
func TestASubscriptionThatReadsThePastEndsWithTheRightToIt(t *testing.T) {
	n, enter := locked(t)
	root, bob := enter(n, "root"), enter(n, "bob")
	large := make([]byte, 100_000)
	const events = 400 // more than every window between the node and the client
	for range events {
		root.must("s", wantAny, proposed(uuid.New(), "large", contentBinary, string(large)))
	}
	sub := bob.follow(ofStream("s"))
	sub.sees("confirmed s#0")
	root.must("$$s", wantAny, meta(toNobody))
	seen := 1
	for got := sub.next(); got != codes.PermissionDenied.String(); got = sub.next() {
		if seen++; seen == events {
			t.Fatalf("all events came after the right was taken away, the last as %q", got)
		}
	}
}

func TestASoftDeleteWipesTheList(t *testing.T) {
	n, enter := locked(t)
	root, bob := enter(n, "root"), enter(n, "bob")
	root.must("$$s", wantAny, meta(`{"$acl":{"$r":"nobody","$w":"nobody"}}`))
	root.must("s", wantAny, ev("a"))
	if _, _, err := bob.append("s", wantAny, ev("b")); status.Code(err) != codes.PermissionDenied {
		t.Errorf("before: %v", err)
	}
	if _, _, err := root.delete("s", wantAny); err != nil {
		t.Fatal(err)
	}
	bob.must("s", wantAny, ev("b"))
}

// What was taken away is gone with the next call, though lists are remembered.
func TestNobodyWritesByARememberedRight(t *testing.T) {
	n, enter := locked(t)
	root, bob := enter(n, "root"), enter(n, "bob")
	for i := range 100 {
		stream := []string{"a", "b"}[i%2]
		bob.must(stream, wantAny, ev("x"))
		root.must(metastreamOf(stream), wantAny, meta(`{"$acl":{"$w":"root"}}`))
		if _, _, err := bob.append(stream, wantAny, ev("x")); status.Code(err) != codes.PermissionDenied {
			t.Fatalf("answered with %v", err)
		}
		root.must(metastreamOf(stream), wantAny, meta(`{}`))
	}
}

// The way of an append must not get longer by rights.
func TestAnAppendAsksTheDatabaseForNoRights(t *testing.T) {
	n, enter := locked(t)
	root, bob := enter(n, "root"), enter(n, "bob")
	root.must("$$s", wantAny, meta(`{"$acl":{"$w":"bob"}}`))
	bob.must("s", wantAny, ev("a")) // reads the list
	before := n.pool.Stat().AcquireCount()
	for range 100 {
		bob.must("s", wantAny, ev("b"))
	}
	if asked := n.pool.Stat().AcquireCount() - before; asked != 0 {
		t.Errorf("100 appends asked %d times", asked)
	}
}

func BenchmarkTheRightToAppend(b *testing.B) {
	r := newRig(b)
	gate, err := newGate(Options{TLS: &tls.Config{}})
	if err != nil {
		b.Fatal(err)
	}
	n := &Node{rights: newRights(r.Node.reader), gate: gate, opts: r.opts}
	ctx := context.WithValue(b.Context(), callerKey{}, somebody("bob"))
	for b.Loop() {
		if err := n.may(ctx, rightWrite, "s"); err != nil {
			b.Fatal(err)
		}
		if err := n.mayChange(ctx, actAppend, "s"); err != nil {
			b.Fatal(err)
		}
	}
}
