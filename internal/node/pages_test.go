package node

import (
	"testing"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
)

// Of large events few are asked for, of small ones many.
func TestAPageAsksForWhatFits(t *testing.T) {
	pages := func(n, bytes int) []*event {
		page := make([]*event, n)
		for i := range page {
			page[i] = &event{data: make([]byte, bytes)}
		}
		return page
	}
	const large = 1 << 20
	s := span{}
	for i, step := range []struct{ asked, got, bytes int }{
		{64, 64, 100}, {256, 256, 100}, {1024, 1024, 100}, {1024, 1024, 100}, // it grows to the limit
		{1024, 4, large}, {4, 4, large}, {4, 4, 100}, {16, 16, 100}, // and comes back
	} {
		if asked := s.ask(pageEvents); asked != step.asked {
			t.Fatalf("page %d asks for %d events, want %d", i, asked, step.asked)
		}
		s = s.learn(step.asked, pages(step.got, step.bytes))
	}
	if asked := s.ask(10); asked != 10 {
		t.Errorf("with 10 wanted it asks for %d", asked)
	}
}

// A refusal reaches a client that has thousands of events still to send.
func TestARefusalOfALongAppendIsHeard(t *testing.T) {
	r := newRig(t, func(o *Options) { o.Ledger = func(stream string) bool { return stream == "plan-1" } })
	events := make([]esdb.EventData, 3_000)
	for i := range events {
		events[i] = esdb.EventData{EventType: "tested", ContentType: esdb.ContentTypeJson, Data: []byte(`{}`)}
	}
	_, err := r.client().AppendToStream(t.Context(), "$$plan-1", esdb.AppendToStreamOptions{ExpectedRevision: esdb.Any{}}, events...)
	if e, _ := esdb.FromError(err); e.Code() != esdb.ErrorCodeAccessDenied {
		t.Errorf("the client is told %v", err)
	}
}
