package node

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/EventStore/EventStore-Client-Go/v4/protos/shared"
	api "github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
	"github.com/google/uuid"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
)

var nothing = &shared.Empty{}

// Expectations, short enough for a table.
const (
	wantAny    = -2
	wantNone   = -1
	wantExists = -4
)

func named(stream string) *shared.StreamIdentifier { return writeStream(stream) }

func appendOptions(stream string, want int64) *api.AppendReq {
	o := &api.AppendReq_Options{StreamIdentifier: named(stream)}
	switch want {
	case wantAny:
		o.ExpectedStreamRevision = &api.AppendReq_Options_Any{Any: nothing}
	case wantNone:
		o.ExpectedStreamRevision = &api.AppendReq_Options_NoStream{NoStream: nothing}
	case wantExists:
		o.ExpectedStreamRevision = &api.AppendReq_Options_StreamExists{StreamExists: nothing}
	default:
		o.ExpectedStreamRevision = &api.AppendReq_Options_Revision{Revision: uint64(want)}
	}
	return &api.AppendReq{Content: &api.AppendReq_Options_{Options: o}}
}

// ev is a proposed event with an id made from a short name.
func ev(name string) *api.AppendReq_ProposedMessage {
	return proposed(uuid.NewSHA1(uuid.Nil, []byte(name)), "tested", contentJSON, `{"name":"`+name+`"}`)
}

func proposed(id uuid.UUID, typ, contentType, data string) *api.AppendReq_ProposedMessage {
	return &api.AppendReq_ProposedMessage{
		Id: writeID(id, false), Metadata: map[string]string{"type": typ, "content-type": contentType}, Data: []byte(data),
	}
}

func evs(names string) (all []*api.AppendReq_ProposedMessage) {
	for _, name := range strings.Fields(names) {
		all = append(all, ev(name))
	}
	return all
}

func meta(body string) *api.AppendReq_ProposedMessage {
	return proposed(uuid.New(), typeMetadata, contentJSON, body)
}

// say is an append as raw messages, whatever they are.
func (r *rig) say(messages ...*api.AppendReq) (*api.AppendResp, metadata.MD, error) {
	r.t.Helper()
	var trailer metadata.MD
	call, err := r.api.Append(r.context(), grpc.Trailer(&trailer))
	if err != nil {
		r.t.Fatal(err)
	}
	for _, m := range messages {
		if err := call.Send(m); err != nil && !errors.Is(err, io.EOF) {
			r.t.Fatal(err)
		}
	}
	answer, err := call.CloseAndRecv()
	return answer, trailer, err
}

func (r *rig) append(stream string, want int64, events ...*api.AppendReq_ProposedMessage) (*api.AppendResp, metadata.MD, error) {
	r.t.Helper()
	messages := []*api.AppendReq{appendOptions(stream, want)}
	for _, e := range events {
		messages = append(messages, &api.AppendReq{Content: &api.AppendReq_ProposedMessage_{ProposedMessage: e}})
	}
	return r.say(messages...)
}

// must appends and wants success; it returns the position.
func (r *rig) must(stream string, want int64, events ...*api.AppendReq_ProposedMessage) uint64 {
	r.t.Helper()
	answer, _, err := r.append(stream, want, events...)
	if err != nil {
		r.t.Fatalf("append to %s: %v", stream, err)
	}
	if answer.GetSuccess() == nil {
		r.t.Fatalf("append to %s: %v", stream, answer)
	}
	return answer.GetSuccess().GetPosition().GetCommitPosition()
}

// said is an append's outcome in a few words.
func said(answer *api.AppendResp, err error) string {
	switch {
	case err != nil:
		return status.Code(err).String()
	case answer.GetWrongExpectedVersion() != nil:
		w := answer.GetWrongExpectedVersion()
		if w.GetCurrentNoStream() != nil {
			return "wrong, no stream"
		}
		return fmt.Sprintf("wrong, at %d", w.GetCurrentRevision())
	case answer.GetSuccess().GetNoStream() != nil:
		return "ok, no stream"
	}
	return fmt.Sprintf("ok, at %d", answer.GetSuccess().GetCurrentRevision())
}

func (r *rig) delete(stream string, want int64) (*api.DeleteResp, metadata.MD, error) {
	r.t.Helper()
	o := &api.DeleteReq_Options{StreamIdentifier: named(stream)}
	switch want {
	case wantAny:
		o.ExpectedStreamRevision = &api.DeleteReq_Options_Any{Any: nothing}
	case wantNone:
		o.ExpectedStreamRevision = &api.DeleteReq_Options_NoStream{NoStream: nothing}
	case wantExists:
		o.ExpectedStreamRevision = &api.DeleteReq_Options_StreamExists{StreamExists: nothing}
	default:
		o.ExpectedStreamRevision = &api.DeleteReq_Options_Revision{Revision: uint64(want)}
	}
	var trailer metadata.MD
	answer, err := r.api.Delete(r.context(), &api.DeleteReq{Options: o}, grpc.Trailer(&trailer))
	return answer, trailer, err
}

func (r *rig) tombstone(stream string, want int64) (*api.TombstoneResp, metadata.MD, error) {
	r.t.Helper()
	o := &api.TombstoneReq_Options{StreamIdentifier: named(stream)}
	switch want {
	case wantAny:
		o.ExpectedStreamRevision = &api.TombstoneReq_Options_Any{Any: nothing}
	case wantNone:
		o.ExpectedStreamRevision = &api.TombstoneReq_Options_NoStream{NoStream: nothing}
	case wantExists:
		o.ExpectedStreamRevision = &api.TombstoneReq_Options_StreamExists{StreamExists: nothing}
	default:
		o.ExpectedStreamRevision = &api.TombstoneReq_Options_Revision{Revision: uint64(want)}
	}
	var trailer metadata.MD
	answer, err := r.api.Tombstone(r.context(), &api.TombstoneReq{Options: o}, grpc.Trailer(&trailer))
	return answer, trailer, err
}

// Reading. A request is built from parts, each setting one thing.

type part1 func(*api.ReadReq_Options)

func ofStream(name string) part1 {
	return func(o *api.ReadReq_Options) {
		o.StreamOption = &api.ReadReq_Options_Stream{Stream: &api.ReadReq_Options_StreamOptions{
			StreamIdentifier: named(name), RevisionOption: &api.ReadReq_Options_StreamOptions_Start{Start: nothing}}}
	}
}

func all(o *api.ReadReq_Options) {
	o.StreamOption = &api.ReadReq_Options_All{All: &api.ReadReq_Options_AllOptions{AllOption: &api.ReadReq_Options_AllOptions_Start{Start: nothing}}}
}

func from(n uint64) part1 {
	return func(o *api.ReadReq_Options) {
		if o.GetAll() != nil {
			o.GetAll().AllOption = &api.ReadReq_Options_AllOptions_Position{Position: &api.ReadReq_Options_Position{CommitPosition: n, PreparePosition: n}}
			return
		}
		o.GetStream().RevisionOption = &api.ReadReq_Options_StreamOptions_Revision{Revision: n}
	}
}

func fromEnd(o *api.ReadReq_Options) {
	if o.GetAll() != nil {
		o.GetAll().AllOption = &api.ReadReq_Options_AllOptions_End{End: nothing}
		return
	}
	o.GetStream().RevisionOption = &api.ReadReq_Options_StreamOptions_End{End: nothing}
}

func backwards(o *api.ReadReq_Options) { o.ReadDirection = api.ReadReq_Options_Backwards }
func resolved(o *api.ReadReq_Options)  { o.ResolveLinks = true }
func modern(o *api.ReadReq_Options) {
	o.ControlOption = &api.ReadReq_Options_ControlOption{Compatibility: 1}
}

func limit(n uint64) part1 {
	return func(o *api.ReadReq_Options) { o.CountOption = &api.ReadReq_Options_Count{Count: n} }
}

func subscribing(o *api.ReadReq_Options) {
	o.CountOption = &api.ReadReq_Options_Subscription{Subscription: &api.ReadReq_Options_SubscriptionOptions{}}
}

func filtered(f *api.ReadReq_Options_FilterOptions) part1 {
	return func(o *api.ReadReq_Options) { o.FilterOption = &api.ReadReq_Options_Filter{Filter: f} }
}

func readRequest(parts ...part1) *api.ReadReq {
	o := &api.ReadReq_Options{
		UuidOption:   &api.ReadReq_Options_UUIDOption{Content: &api.ReadReq_Options_UUIDOption_Structured{Structured: nothing}},
		FilterOption: &api.ReadReq_Options_NoFilter{NoFilter: nothing},
		CountOption:  &api.ReadReq_Options_Count{Count: 1<<64 - 1},
	}
	for _, p := range parts {
		p(o)
	}
	return &api.ReadReq{Options: o}
}

// read reads to the end.
func (r *rig) read(parts ...part1) (answers []*api.ReadResp, trailer metadata.MD, err error) {
	r.t.Helper()
	call, err := r.api.Read(r.context(), readRequest(parts...), grpc.Trailer(&trailer))
	if err != nil {
		r.t.Fatal(err)
	}
	for {
		answer, err := call.Recv()
		if errors.Is(err, io.EOF) {
			return answers, trailer, nil
		}
		if err != nil {
			return answers, trailer, err
		}
		answers = append(answers, answer)
	}
}

// show puts answers into words: an event by its stream and number.
func show(answers []*api.ReadResp) string {
	words := make([]string, len(answers))
	for i, a := range answers {
		words[i] = word(a)
	}
	return strings.Join(words, " ")
}

func word(a *api.ReadResp) string {
	recorded := func(e *api.ReadResp_ReadEvent_RecordedEvent) string {
		if e.GetStreamRevision() == tombstoneRevision {
			return string(e.GetStreamIdentifier().GetStreamName()) + "#end"
		}
		return fmt.Sprintf("%s#%d", e.GetStreamIdentifier().GetStreamName(), e.GetStreamRevision())
	}
	switch c := a.GetContent().(type) {
	case *api.ReadResp_Event:
		switch {
		case c.Event.GetLink() == nil:
			return recorded(c.Event.GetEvent())
		case c.Event.GetEvent() == nil:
			return recorded(c.Event.GetLink()) + "->gone"
		}
		return recorded(c.Event.GetLink()) + "->" + recorded(c.Event.GetEvent())
	case *api.ReadResp_Confirmation:
		return "confirmed"
	case *api.ReadResp_Checkpoint_:
		return fmt.Sprintf("checkpoint:%d", c.Checkpoint.GetCommitPosition())
	case *api.ReadResp_StreamNotFound_:
		return "not-found"
	case *api.ReadResp_FirstStreamPosition:
		return fmt.Sprintf("first:%d", c.FirstStreamPosition)
	case *api.ReadResp_LastStreamPosition:
		return fmt.Sprintf("last:%d", c.LastStreamPosition)
	case *api.ReadResp_CaughtUp_:
		return "caught-up"
	case *api.ReadResp_FellBehind_:
		return "fell-behind"
	}
	return fmt.Sprintf("unknown:%v", a)
}

// follower is a running subscription.
type follower struct {
	t      testing.TB
	call   api.Streams_ReadClient
	cancel context.CancelFunc
}

func (r *rig) follow(parts ...part1) *follower {
	r.t.Helper()
	ctx, cancel := context.WithCancel(r.context())
	r.t.Cleanup(cancel)
	call, err := r.api.Read(ctx, readRequest(append(parts, subscribing)...))
	if err != nil {
		r.t.Fatal(err)
	}
	return &follower{r.t, call, cancel}
}

// next shows what arrives next; an error by its code.
func (f *follower) next() string {
	f.t.Helper()
	a, err := f.call.Recv()
	if err != nil {
		return status.Code(err).String()
	}
	return word(a)
}

// sees wants exactly these answers next.
func (f *follower) sees(words string) {
	f.t.Helper()
	for _, want := range strings.Fields(words) {
		if got := f.next(); got != want {
			f.t.Fatalf("the subscription says %q, want %q (of %q)", got, want, words)
		}
	}
}

// wantRefusal checks code and trailers (key, value, ...).
func wantRefusal(t testing.TB, err error, trailer metadata.MD, code codes.Code, trailers ...string) {
	t.Helper()
	if status.Code(err) != code {
		t.Errorf("answered %v, want %v", err, code)
	}
	for pair := range slices.Chunk(trailers, 2) {
		if got := trailer.Get(pair[0]); !slices.Equal(got, pair[1:]) {
			t.Errorf("trailer %s is %q, want %q", pair[0], got, pair[1])
		}
	}
}
