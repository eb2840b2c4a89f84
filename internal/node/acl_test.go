package node

import (
	"context"
	"crypto/tls"
	"testing"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// somebody is a caller with a name and nothing else.
func somebody(name string, groups ...string) caller {
	return caller{name: name, roles: append(groups, Everybody)}
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
		{`{"$acl":{"$r":""}}`, "s", rightRead, false, false},
		{`{"$acl":{"$r":"Team"}}`, "s", rightRead, false, false},
		{`{"$acl":{"$r":7}}`, "s", rightRead, false, false},
		{`{"$acl":{"$r":7,"$w":"team"}}`, "s", rightWrite, false, true},
		{`{"$acl":"$userStreamAcl"}`, "$s", rightRead, false, false},
		{`{"$acl":"$systemStreamAcl"}`, "s", rightRead, true, true},
		{`{"$acl":{"$r":"$all"}}`, "$s", rightRead, true, true},
		{`{"$acl":null}`, "s", rightDelete, true, true},
		{`{"$maxCount":1}`, "s", rightMetaWrite, true, true},
		{`nonsense`, "$s", rightMetaRead, false, false},
		{`{'$acl':{$r:["team",],},} and more`, "s", rightRead, false, true},
		{"\xef\xbb\xbf" + `{"\u0024acl":{"$r":"team"}}`, "s", rightRead, false, true},
		{`{"$acl":{"$r":"x"},"$acl":{"$r":"team"}}`, "s", rightRead, false, true},
		{`{"$acl":{"$r":"team"}`, "s", rightRead, true, true},                   // not closed
		{`{"$acl":/* no comments */{"$r":"team"}}`, "s", rightRead, true, true}, // as EventStoreDB
		{``, streamOfScavenges, rightRead, false, false},
	} {
		roles := defaultLists{}.roles(listOf([]byte(c.metadata)), c.want, c.stream)
		open, team := somebody("bob").is(roles...), somebody("ana", "team").is(roles...)
		if open != c.open || team != c.team {
			t.Errorf("%s on %s of %s: open %v, team %v", c.metadata, c.want, c.stream, open, team)
		}
		if (caller{}).is(roles...) {
			t.Errorf("%s lets in who has no name", c.metadata)
		}
	}
}

func TestDefaultListsAreTakenWholeOrNotAtAll(t *testing.T) {
	for _, c := range []struct {
		settings, stream string
		team, bob        bool // may read
	}{
		{``, "s", true, true},
		{`{"$userStreamAcl":{"$r":"team"}}`, "s", true, false},
		{`{"$userStreamAcl":{"$r":"team"}}`, "$s", false, false},
		{`{"$userStreamAcl":{"$w":"team"}}`, "s", true, true},
		{`{"$systemStreamAcl":{"$r":["team"]}}`, "$s", true, false},
		{`{"more":{"a":[1]},"$userStreamAcl":{"$r":["team"]}} x`, "s", true, false},
		{`{"$userStreamAcl":{"$r":["team"],"$w":5}}`, "s", true, true},
		{`{"$userStreamAcl":{"$r":["team",null]}}`, "s", true, true},
		{`{"$userStreamAcl":{"$r":["team"],"$x":"team"}}`, "s", true, true},
		{`{"$userStreamAcl":{"$r":["team"]},"$systemStreamAcl":5}`, "s", true, true},
		{`{"$userStreamAcl":null}`, "s", true, true},
		{`{"$userStreamAcl":{"$r":"team"}`, "s", true, true},
	} {
		roles := readDefaultLists([]byte(c.settings)).roles(nil, rightRead, c.stream)
		if team, bob := somebody("ana", "team").is(roles...), somebody("bob").is(roles...); team != c.team || bob != c.bob {
			t.Errorf("%s for %s: team %v, bob %v", c.settings, c.stream, team, bob)
		}
	}
}

func TestANodeHoldsCallersToTheAccessList(t *testing.T) {
	r := newRig(t)
	r.must(metastreamOf("s"), wantAny, meta(`{"$acl":{"$r":["team"],"$w":"ana"}}`))
	gate, err := newGate(Options{TLS: &tls.Config{}})
	if err != nil {
		t.Fatal(err)
	}
	n := &Node{rights: newRights(r.Node.reader), gate: gate}
	as := func(c caller) context.Context { return context.WithValue(t.Context(), callerKey{}, c) }
	for _, c := range []struct {
		who    caller
		want   right
		stream string
		may    bool
	}{
		{caller{}, rightRead, "s", false},
		{somebody("bob", "team"), rightRead, "s", true},
		{somebody("bob", "team"), rightWrite, "s", false},
		{somebody("ana"), rightWrite, "s", true},
		{somebody("root", groupAdmins), rightWrite, "s", true},
		{somebody("bob"), rightRead, "$$s", true},
		{caller{}, rightRead, "$$s", false},
		{somebody("bob"), rightRead, "$$$s", false},
		{somebody("bob"), rightRead, allStream, false},
		{somebody("bob"), rightDelete, "other", true},
		{caller{}, rightRead, "other", false},
		{caller{roles: []string{Everybody}}, rightRead, "other", true},
	} {
		for range 2 { // the second time from memory
			err := n.may(as(c.who), c.want, c.stream)
			if (err == nil) != c.may || err != nil && status.Code(err) != codes.PermissionDenied {
				t.Errorf("%+v %s %s: %v", c.who, c.want, c.stream, err)
			}
		}
	}
}

func FuzzAccessListsAndKeptPasswords(f *testing.F) {
	f.Add([]byte(`{"$acl":{"$r":["a"]}}`))
	f.Add([]byte("\xff\xfe{\x00'\x00"))
	f.Add([]byte("pbkdf2-sha256$1$AAAA$AAAA"))
	f.Fuzz(func(t *testing.T, body []byte) {
		roles := defaultLists{}.roles(listOf(body), rightRead, "$s")
		if somebody("x").is(roles...) && len(listOf(body)) == 0 {
			t.Errorf("%q opens a system stream", body)
		}
		if h, err := readHashed(string(body)); err == nil && (h.iterations < 1 || h.iterations > maxIterations || len(h.hash) != passwordHashBytes) {
			t.Errorf("%q reads as %+v", body, h)
		}
	})
}
