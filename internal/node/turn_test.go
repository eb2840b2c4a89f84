package node

import (
	"fmt"
	"testing"
	"time"

	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"
)

// turnOf puts the later fields of a CaughtUp or FellBehind into words.
func turnOf(t *testing.T, turn proto.Message) (words string) {
	t.Helper()
	b := []byte(turn.ProtoReflect().GetUnknown())
	for len(b) > 0 {
		field, kind, n := protowire.ConsumeTag(b)
		if n < 0 {
			t.Fatal(protowire.ParseError(n))
		}
		b = b[n:]
		if kind == protowire.VarintType {
			v, n := protowire.ConsumeVarint(b)
			words, b = words+fmt.Sprintf("%d:%d ", field, v), b[n:]
			continue
		}
		v, n := protowire.ConsumeBytes(b)
		words, b = words+fmt.Sprintf("%d:%x ", field, v), b[n:]
	}
	return words
}

// A subscription that has caught up tells when, and where to resume: later
// versions of the clients hand that to their users.
func TestASubscriptionTellsWhereItCaughtUp(t *testing.T) {
	at := time.Unix(5, 0)
	r := newRig(t, func(o *Options) { o.Clock = func() time.Time { return at } })
	const when = "1:0805 "
	head := r.must("s", wantNone, ev("a"), ev("b"))
	for name, c := range map[string]struct {
		parts []readPart
		want  string
	}{
		"a stream":        {[]readPart{ofStream("s")}, when + "2:1 "},
		"an empty stream": {[]readPart{ofStream("none")}, ""},
		"the log":         {[]readPart{all}, when + fmt.Sprintf("3:08%02x10%02[1]x ", head)},
	} {
		f := r.follow(c.parts...)
		for {
			answer, err := f.call.Recv()
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if answer.GetCaughtUp() == nil {
				continue
			}
			if got := turnOf(t, answer.GetCaughtUp()); got != c.want {
				t.Errorf("%s: %q, want %q", name, got, c.want)
			}
			break
		}
	}
}

func TestASubscriptionTellsWhereItFellBehind(t *testing.T) {
	s := &subscription{node: &Node{opts: Options{Clock: func() time.Time { return time.Unix(5, 0) }}}}
	for p, want := range map[place]string{
		{fieldTurnRevision, 7}:  "1:0805 2:7 ",
		{fieldTurnRevision, 0}:  "1:0805 2:0 ",
		{fieldTurnPosition, 9}:  "1:0805 3:08091009 ",
		{fieldTurnPosition, 0}:  "",
		{fieldTurnRevision, -1}: "",
	} {
		if got := turnOf(t, s.fellBehind(p).GetFellBehind()); got != want {
			t.Errorf("%+v: %q, want %q", p, got, want)
		}
	}
}
