package eventlog

import (
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

func fillOptions(t *testing.T, socket string) Options {
	return Options{Socket: socket, Catalog: ledger(t), Log: slog.New(slog.DiscardHandler)}
}

// ledgerOf leaves the store's own events out.
func ledgerOf(events []Raw) []Raw {
	return slices.DeleteFunc(events, func(e Raw) bool { return e.Stream[0] == '$' })
}

// placeless forgets what a store gives by itself.
func placeless(events []Raw) []Raw {
	events = slices.Clone(events)
	for n := range events {
		events[n].Position, events[n].Prepare, events[n].Created = 0, 0, time.Time{}
	}
	return events
}

func byStream(events []Raw) map[string][]Raw {
	streams := map[string][]Raw{}
	for _, e := range events {
		streams[e.Stream] = append(streams[e.Stream], e)
	}
	return streams
}

// manyStreams makes events of plans and people; every tenth event of a plan names
// a person of a moment ago.
func manyStreams(n int) (events []Raw) {
	next := map[string]uint64{}
	for i := range n {
		stream, body := fmt.Sprintf("plan-%d", i%97), `{"n":1}`
		if i%10 == 9 {
			stream = fmt.Sprintf("person-p%d", i%31)
		}
		if i%10 == 0 && i > 0 {
			body = fmt.Sprintf(`{"owner":"p%d"}`, (i-1)%31)
		}
		events = append(events, Raw{Stream: stream, Revision: next[stream], ID: uuid.NewString(), Type: "tried",
			ContentType: "application/json", Data: []byte(body), Metadata: []byte(`{"m":1}`)})
		next[stream]++
	}
	return events
}

func TestAFillKeepsOrderIdsRevisionsAndBytes(t *testing.T) {
	events := ledgerOf(variedLog(t))
	events = slices.DeleteFunc(events, func(e Raw) bool { return e.Stream == "dead" })
	s := serve(t)
	for range 2 { // a repeat changes nothing
		stored := 0
		if err := Fill(t.Context(), fillOptions(t, s.socket), sequence(events), func(n int) { stored = n }); err != nil {
			t.Fatal(err)
		}
		if stored != len(events) {
			t.Errorf("%d of %d events were reported as stored", stored, len(events))
		}
	}
	if got := placeless(ledgerOf(wholeLog(t, connect(t, s.socket)))); !reflect.DeepEqual(got, placeless(events)) {
		t.Errorf("%d events, not %d, or others", len(got), len(events))
	}
}

// TestAFillOverBrokenLinesStoresEveryEventOnce cuts the connection again and again,
// often with answers that never came, and kills the node in between.
func TestAFillOverBrokenLinesStoresEveryEventOnce(t *testing.T) {
	events := manyStreams(20_000)
	s := serve(t)
	p := stand(t, s.socket)
	cuts := 0
	err := Fill(t.Context(), fillOptions(t, p.socket), sequence(events), func(n int) {
		if n/5_000 <= cuts {
			return
		}
		cuts++
		if cuts == 2 {
			s.kill()
			s.start()
			return
		}
		p.each((*pipe).silence)
		p.each((*pipe).cut)
	})
	if err != nil || cuts < 3 {
		t.Fatal(err, cuts)
	}
	got, want := byStream(placeless(ledgerOf(wholeLog(t, connect(t, s.socket))))), byStream(placeless(events))
	if !maps.EqualFunc(got, want, func(a, b []Raw) bool { return reflect.DeepEqual(a, b) }) {
		t.Error("the streams are not those of before")
	}
}

// TestAFillLeavesALineOnWhichNothingIsHeard freezes the connection as a node that
// stands still would: what is sent stays on the way, and no end is told.
func TestAFillLeavesALineOnWhichNothingIsHeard(t *testing.T) {
	events := manyStreams(6_000)
	s := serve(t)
	p := stand(t, s.socket)
	frozen := false
	o := fillOptions(t, p.socket)
	o.CallTimeout = time.Second
	err := Fill(t.Context(), o, sequence(events), func(n int) {
		if !frozen && n > 2_000 {
			frozen = true
			p.each((*pipe).freeze)
		}
	})
	if err != nil || !frozen {
		t.Fatal(err, frozen)
	}
	if got := placeless(ledgerOf(wholeLog(t, connect(t, s.socket)))); !reflect.DeepEqual(byStream(got), byStream(placeless(events))) {
		t.Errorf("%d events, not %d, or others", len(got), len(events))
	}
}

func TestAFillThatMeetsOtherEventsEndsAtOnce(t *testing.T) {
	s := serve(t)
	l := connect(t, s.socket)
	mustAppend(t, l, "person-1", -1, facts(0, 1))
	err := Fill(t.Context(), fillOptions(t, s.socket), sequence([]Raw{{Stream: "person-1", ID: uuid.NewString(), Type: "tried", ContentType: "application/json", Data: []byte(`{}`)}}), func(int) {})
	if status.Code(err) != codes.AlreadyExists || !strings.Contains(err.Error(), "append person-1 up to revision 0") {
		t.Error(err)
	}
	broken := errors.New("no more can be read")
	err = Fill(t.Context(), fillOptions(t, s.socket), func(yield func(Raw, error) bool) { yield(Raw{}, broken) }, func(int) {})
	if !errors.Is(err, broken) {
		t.Error(err)
	}
}

func TestWordsAreWhatCouldBeAnIDInADocument(t *testing.T) {
	got := words([]byte(`{"unit":"setda","n":12,"list":["a-1","two words","x.2"],"deep":{"id":"0f-9"},"none":"","esc":"a\"b"}`))
	want := []string{"unit", "setda", "n", "list", "a-1", "x.2", "deep", "id", "0f-9", "none", "esc"}
	if got = slices.DeleteFunc(got, func(w string) bool { return w == "b" }); !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
}
