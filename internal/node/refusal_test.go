package node

import (
	"strings"
	"testing"

	"github.com/EventStore/EventStore-Client-Go/v4/protos/shared"
	api "github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
	"github.com/google/uuid"
	"google.golang.org/grpc/codes"
)

func TestABrokenAppendIsRefused(t *testing.T) {
	r := newRig(t)
	head := r.Head()
	with := func(change func(*api.AppendReq_ProposedMessage)) *api.AppendReq_ProposedMessage {
		e := ev("a")
		change(e)
		return e
	}
	const missing = "missing-required-metadata-property"
	for _, row := range []struct {
		name      string
		stream    string
		event     *api.AppendReq_ProposedMessage
		code      codes.Code
		exception string
	}{
		{"no type", "s", with(func(e *api.AppendReq_ProposedMessage) { delete(e.Metadata, "type") }), codes.InvalidArgument, missing},
		{"no content type", "s", with(func(e *api.AppendReq_ProposedMessage) { delete(e.Metadata, "content-type") }), codes.InvalidArgument, missing},
		{"no id", "s", with(func(e *api.AppendReq_ProposedMessage) { e.Id = nil }), codes.InvalidArgument, ""},
		{"zero id", "s", with(func(e *api.AppendReq_ProposedMessage) { e.Id = writeID(uuid.Nil, false) }), codes.InvalidArgument, ""},
		{"broken id", "s", with(func(e *api.AppendReq_ProposedMessage) {
			e.Id = &shared.UUID{Value: &shared.UUID_String_{String_: "38fffbc2-339e"}}
		}), codes.InvalidArgument, ""},
		{"type with NUL", "s", proposed(uuid.New(), "a\x00b", contentJSON, "{}"), codes.InvalidArgument, ""},
		{"type too long", "s", proposed(uuid.New(), strings.Repeat("t", maxNameBytes+1), contentJSON, "{}"), codes.InvalidArgument, ""},
		{"no stream", "", ev("a"), codes.InvalidArgument, ""},
		{"stream with NUL", "a\x00", ev("a"), codes.InvalidArgument, ""},
		{"stream in broken UTF-8", "\xff\xfe", ev("a"), codes.InvalidArgument, ""},
		{"stream too long", strings.Repeat("n", maxNameBytes+1), ev("a"), codes.InvalidArgument, ""},
		{"the log itself", "$all", ev("a"), codes.PermissionDenied, "access-denied"},
		{"metadata of nothing", "$$", ev("a"), codes.InvalidArgument, ""},
		{"metadata of metadata", "$$$$s", ev("a"), codes.InvalidArgument, ""},
		{"too large", "s", proposed(uuid.New(), "tested", contentBinary, strings.Repeat("x", 1<<20+1)), codes.InvalidArgument, "maximum-append-size-exceeded"},
	} {
		t.Run(row.name, func(t *testing.T) {
			_, trailer, err := r.append(row.stream, wantAny, row.event)
			wantRefusal(t, err, trailer, row.code)
			if got := strings.Join(trailer.Get("exception"), ","); got != row.exception {
				t.Errorf("exception %q, want %q", got, row.exception)
			}
		})
	}
	event := &api.AppendReq{Content: &api.AppendReq_ProposedMessage_{ProposedMessage: ev("a")}}
	noWant := appendOptions("s", wantAny)
	noWant.GetOptions().ExpectedStreamRevision = nil
	for name, messages := range map[string][]*api.AppendReq{
		"no message":     {},
		"event first":    {event},
		"options twice":  {appendOptions("s", wantAny), appendOptions("s", wantAny)},
		"no expectation": {noWant, event},
		"empty message":  {{}},
	} {
		if _, trailer, err := r.say(messages...); err == nil {
			t.Errorf("%s: was answered", name)
		} else {
			wantRefusal(t, err, trailer, codes.InvalidArgument)
		}
	}
	if r.Head() != head {
		t.Error("a refused append was stored")
	}
}

func TestTheAppendLimitIsCountedAsDocumented(t *testing.T) {
	r := newRig(t, func(o *Options) { o.MaxAppendBytes = 1000 })
	body := strings.Repeat("x", 1000)
	plain := proposed(uuid.New(), "tested", contentBinary, body)
	plain.CustomMetadata = []byte(body) // does not count
	r.must("s", wantAny, plain)
	_, trailer, err := r.append("s", wantAny, proposed(uuid.New(), "tested", contentBinary, body+"x"))
	wantRefusal(t, err, trailer, codes.InvalidArgument, "exception", "maximum-append-size-exceeded", "maximum-append-size", "1000")
	half := body[:480]
	_, trailer, err = r.append("s", wantAny, proposed(uuid.New(), "tested", contentBinary, half), proposed(uuid.New(), "tested", contentBinary, half), proposed(uuid.New(), "t", contentBinary, half))
	wantRefusal(t, err, trailer, codes.InvalidArgument, "exception", "maximum-append-size-exceeded")
}

func TestTrailersArePrintable(t *testing.T) {
	r := newRig(t)
	const name = "rencana é\n\u2603"
	if _, _, err := r.tombstone(name, wantAny); err != nil {
		t.Fatal(err)
	}
	_, trailer, err := r.read(ofStream(name))
	wantRefusal(t, err, trailer, codes.FailedPrecondition, "stream-name", "rencana %C3%A9%0A%E2%98%83")
}

func TestUnusualNamesAndBodiesComeBackUnchanged(t *testing.T) {
	r := newRig(t)
	name := strings.Repeat("\u2603", maxNameBytes/3)
	data := "\x00\xff{not json"
	e := proposed(uuid.New(), "tipe \u00e9 %_\\'\"", contentJSON, data)
	e.CustomMetadata = []byte{0, 1, 255}
	r.must(name, wantNone, e, proposed(uuid.New(), "empty", "text/plain", ""))
	r.must("$$"+name, wantAny, meta("{}"))
	answers, _, err := r.read(ofStream(name))
	if err != nil || len(answers) != 2 {
		t.Fatal(answers, err)
	}
	got := answers[0].GetEvent().GetEvent()
	if string(got.GetData()) != data || string(got.GetCustomMetadata()) != "\x00\x01\xff" ||
		got.GetMetadata()["type"] != e.GetMetadata()["type"] || string(got.GetStreamIdentifier().GetStreamName()) != name {
		t.Errorf("got %v", got)
	}
	if got := answers[1].GetEvent().GetEvent(); got.GetMetadata()["content-type"] != contentBinary || len(got.GetData()) != 0 {
		t.Errorf("got %v", got)
	}
}

func TestAClosedNodeSaysSo(t *testing.T) {
	r := newRig(t)
	// As in the first moment of Close, when calls still arrive.
	running, stopped := r.stopping, make(chan struct{})
	close(stopped)
	r.stopping = stopped
	defer func() { r.stopping = running }()
	_, trailer, err := r.append("s", wantAny, ev("a"))
	wantRefusal(t, err, trailer, codes.Unavailable, "exception", "server-shutting-down")
	_, trailer, err = r.delete("s", wantAny)
	wantRefusal(t, err, trailer, codes.Unavailable, "exception", "server-shutting-down")
	_, trailer, err = r.read(all)
	wantRefusal(t, err, trailer, codes.Unavailable, "exception", "server-shutting-down")
}
