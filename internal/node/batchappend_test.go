package node

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/protos/shared"
	api "github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
	"github.com/google/uuid"
	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/durationpb"
	"google.golang.org/protobuf/types/known/emptypb"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/jejak-kinerja/jejak/internal/clock"
)

func batchOptions(stream string, want int64) *api.BatchAppendReq_Options {
	o := &api.BatchAppendReq_Options{StreamIdentifier: named(stream), DeadlineOption: &api.BatchAppendReq_Options_Deadline{Deadline: durationpb.New(time.Minute)}}
	switch want {
	case wantAny:
		o.ExpectedStreamPosition = &api.BatchAppendReq_Options_Any{Any: &emptypb.Empty{}}
	case wantNone:
		o.ExpectedStreamPosition = &api.BatchAppendReq_Options_NoStream{NoStream: &emptypb.Empty{}}
	case wantExists:
		o.ExpectedStreamPosition = &api.BatchAppendReq_Options_StreamExists{StreamExists: &emptypb.Empty{}}
	default:
		o.ExpectedStreamPosition = &api.BatchAppendReq_Options_StreamPosition{StreamPosition: uint64(want)}
	}
	return o
}

func batchEvents(names string) (out []*api.BatchAppendReq_ProposedMessage) {
	for _, e := range evs(names) {
		out = append(out, &api.BatchAppendReq_ProposedMessage{Id: e.GetId(), Metadata: e.GetMetadata(), Data: e.GetData()})
	}
	return out
}

// batch sends chunks in one call and returns the answers by correlation id.
func (r *rig) batch(chunks ...*api.BatchAppendReq) map[string]*api.BatchAppendResp {
	r.t.Helper()
	call, err := r.api.BatchAppend(r.context())
	if err != nil {
		r.t.Fatal(err)
	}
	for _, c := range chunks {
		if err := call.Send(c); err != nil {
			r.t.Fatal(err)
		}
	}
	if err := call.CloseSend(); err != nil {
		r.t.Fatal(err)
	}
	answers := map[string]*api.BatchAppendResp{}
	for {
		a, err := call.Recv()
		if errors.Is(err, io.EOF) {
			return answers
		}
		if err != nil {
			r.t.Fatal(err)
		}
		key := a.GetCorrelationId().GetString_()
		if answers[key] != nil {
			r.t.Errorf("request %s was answered twice", key)
		}
		answers[key] = a
	}
}

func correlation(n int) *shared.UUID { return writeID(uuid.UUID{15: byte(n), 14: byte(n >> 8)}, true) }

func whole(n int, o *api.BatchAppendReq_Options, names string) *api.BatchAppendReq {
	return &api.BatchAppendReq{CorrelationId: correlation(n), Options: o, ProposedMessages: batchEvents(names), IsFinal: true}
}

func TestBatchedAppendsAnswerEachCase(t *testing.T) {
	r := newRig(t, func(o *Options) {
		o.Ledger = func(s string) bool { return s == "ledger" }
		o.MaxAppendBytes = 1000
	})
	r.must("two", wantNone, evs("a b")...)
	if _, _, err := r.tombstone("dead", wantAny); err != nil {
		t.Fatal(err)
	}
	late, stamped := batchOptions("s", wantAny), batchOptions("stamped", wantAny)
	late.DeadlineOption = &api.BatchAppendReq_Options_Deadline_21_10_0{Deadline_21_10_0: timestamppb.New(time.Unix(1000, 0))}
	stamped.DeadlineOption = &api.BatchAppendReq_Options_Deadline_21_10_0{Deadline_21_10_0: timestamppb.New(clock.Now().Add(time.Hour))}
	none := batchOptions("s", wantAny)
	none.DeadlineOption = &api.BatchAppendReq_Options_Deadline{Deadline: durationpb.New(0)}
	endless := batchOptions("endless", wantAny)
	endless.DeadlineOption = &api.BatchAppendReq_Options_Deadline{Deadline: &durationpb.Duration{Seconds: 1 << 60}}
	large := whole(0, batchOptions("s", wantAny), "x")
	large.ProposedMessages[0].Data = []byte(strings.Repeat("x", 1001))
	noWant := batchOptions("s", wantAny)
	noWant.ExpectedStreamPosition = nil

	for i, row := range []struct {
		name   string
		chunk  *api.BatchAppendReq
		code   codes.Code
		detail proto.Message // for failures
		rev    uint64        // for successes
	}{
		{name: "new", chunk: whole(0, batchOptions("new", wantNone), "a b c"), rev: 2},
		{name: "repeat", chunk: whole(0, batchOptions("two", wantNone), "a b"), rev: 1},
		{name: "timestamp", chunk: whole(0, stamped, "a"), rev: 0},
		{name: "endless", chunk: whole(0, endless, "a"), rev: 0},
		{name: "wrong", chunk: whole(0, batchOptions("two", 7), "x"), code: codes.AlreadyExists, detail: wrongVersionDetail(expectation{expectRevision, 7}, 1)},
		{name: "wrong, missing", chunk: whole(0, batchOptions("missing", wantExists), "x"), code: codes.AlreadyExists, detail: wrongVersionDetail(expectation{kind: expectStreamExists}, -1)},
		{name: "dead", chunk: whole(0, batchOptions("dead", wantAny), "x"), code: codes.NotFound, detail: &shared.StreamDeleted{StreamIdentifier: named("dead")}},
		{name: "ledger", chunk: whole(0, batchOptions("$$ledger", wantAny), "x"), code: codes.PermissionDenied, detail: &shared.AccessDenied{}},
		{name: "late", chunk: whole(0, late, "x"), code: codes.DeadlineExceeded, detail: &shared.Timeout{}},
		{name: "no time", chunk: whole(0, none, "x"), code: codes.DeadlineExceeded, detail: &shared.Timeout{}},
		{name: "large", chunk: large, code: codes.InvalidArgument, detail: &shared.MaximumAppendSizeExceeded{MaxAppendSize: 1000}},
		{name: "no expectation", chunk: whole(0, noWant, "x"), code: codes.InvalidArgument, detail: &shared.BadRequest{Message: fmt.Sprintf(textBadExpectation, fmt.Sprintf(textMissingPart, "Streams.BatchAppendReq+Types+Options+ExpectedStreamPositionOneofCase"))}},
		{name: "no options", chunk: whole(0, nil, "x"), code: codes.InvalidArgument, detail: &shared.BadRequest{Message: "a request starts with its options"}},
		{name: "NUL", chunk: whole(0, batchOptions("a\x00", wantAny), "x"), code: codes.InvalidArgument, detail: &shared.BadRequest{Message: "the stream name is not valid UTF-8 without NUL"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			row.chunk.CorrelationId = correlation(i)
			a := r.batch(row.chunk)[correlation(i).GetString_()]
			if a == nil {
				t.Fatal("no answer")
			}
			if got := string(a.GetStreamIdentifier().GetStreamName()); got != string(row.chunk.GetOptions().GetStreamIdentifier().GetStreamName()) {
				t.Errorf("the answer is for stream %q", got)
			}
			if row.detail == nil {
				if a.GetSuccess().GetCurrentRevision() != row.rev || a.GetSuccess().GetPosition().GetCommitPosition() == 0 {
					t.Errorf("got %v, want revision %d", a, row.rev)
				}
				return
			}
			if a.GetError().GetCode() != int32(row.code) || len(a.GetError().GetDetails()) != 1 {
				t.Fatalf("got %v, want %v", a, row.code)
			}
			detail, err := a.GetError().GetDetails()[0].UnmarshalNew()
			if err != nil || !proto.Equal(detail, row.detail) {
				t.Errorf("detail %v %v, want %v", detail, err, row.detail)
			}
		})
	}
}

func TestBatchedAppendsArriveInPartsAndInterleaved(t *testing.T) {
	r := newRig(t)
	part := func(n int, o *api.BatchAppendReq_Options, names string, last bool) *api.BatchAppendReq {
		return &api.BatchAppendReq{CorrelationId: correlation(n), Options: o, ProposedMessages: batchEvents(names), IsFinal: last}
	}
	answers := r.batch(
		part(1, batchOptions("s", wantNone), "a", false),
		part(2, batchOptions("t", wantNone), "a b", false),
		part(1, nil, "b c", false),
		part(2, nil, "c", true),
		part(1, nil, "", true),
		part(3, batchOptions("u", wantAny), "a", false), // never finished, so never answered
	)
	if len(answers) != 2 || answers[correlation(1).GetString_()].GetSuccess().GetCurrentRevision() != 2 ||
		answers[correlation(2).GetString_()].GetSuccess().GetCurrentRevision() != 2 {
		t.Errorf("got %v", answers)
	}
	if got, _, _ := r.read(ofStream("u")); show(got) != "not-found" {
		t.Error("an unfinished request was stored")
	}
}

func TestBatchedAppendsOfOneCallAreAppliedInOrder(t *testing.T) {
	r := newRig(t)
	const count = 3000 // more than may be in flight
	chunks := make([]*api.BatchAppendReq, count)
	for i := range chunks {
		want := int64(i - 1)
		if i == 0 {
			want = wantNone
		}
		chunks[i] = whole(i, batchOptions("s", want), fmt.Sprint("e", i))
	}
	answers := r.batch(chunks...)
	if len(answers) != count {
		t.Fatalf("%d answers", len(answers))
	}
	for i := range count {
		if got := answers[correlation(i).GetString_()].GetSuccess().GetCurrentRevision(); got != uint64(i) {
			t.Fatalf("request %d got revision %d: %v", i, got, answers[correlation(i).GetString_()])
		}
	}
}
