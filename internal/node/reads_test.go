package node

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	api "github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
)

// Reading. A request is built from parts, each setting one thing.

type readPart func(*api.ReadReq_Options)

func ofStream(name string) readPart {
	return func(o *api.ReadReq_Options) {
		o.StreamOption = &api.ReadReq_Options_Stream{Stream: &api.ReadReq_Options_StreamOptions{
			StreamIdentifier: named(name), RevisionOption: &api.ReadReq_Options_StreamOptions_Start{Start: nothing}}}
	}
}

func all(o *api.ReadReq_Options) {
	o.StreamOption = &api.ReadReq_Options_All{All: &api.ReadReq_Options_AllOptions{AllOption: &api.ReadReq_Options_AllOptions_Start{Start: nothing}}}
}

func from(n uint64) readPart {
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

func limit(n uint64) readPart {
	return func(o *api.ReadReq_Options) { o.CountOption = &api.ReadReq_Options_Count{Count: n} }
}

func subscribing(o *api.ReadReq_Options) {
	o.CountOption = &api.ReadReq_Options_Subscription{Subscription: &api.ReadReq_Options_SubscriptionOptions{}}
}

func filtered(f *api.ReadReq_Options_FilterOptions) readPart {
	return func(o *api.ReadReq_Options) { o.FilterOption = &api.ReadReq_Options_Filter{Filter: f} }
}

func readRequest(parts ...readPart) *api.ReadReq {
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
func (r *rig) read(parts ...readPart) (answers []*api.ReadResp, trailer metadata.MD, err error) {
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

func (r *rig) follow(parts ...readPart) *follower {
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
