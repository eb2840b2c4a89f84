package node

import (
	"fmt"
	"strings"
	"testing"
	"time"

	api "github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
	"github.com/google/uuid"
)

func byType(prefixes ...string) *api.ReadReq_Options_FilterOptions {
	return &api.ReadReq_Options_FilterOptions{
		Filter: &api.ReadReq_Options_FilterOptions_EventType{EventType: &api.ReadReq_Options_FilterOptions_Expression{Prefix: prefixes}},
		Window: &api.ReadReq_Options_FilterOptions_Max{Max: 32}, CheckpointIntervalMultiplier: 1,
	}
}

func byTypePattern(regex string) *api.ReadReq_Options_FilterOptions {
	f := byType()
	f.Filter = &api.ReadReq_Options_FilterOptions_EventType{EventType: &api.ReadReq_Options_FilterOptions_Expression{Regex: regex}}
	return f
}

func byStream(prefixes ...string) *api.ReadReq_Options_FilterOptions {
	f := byType()
	f.Filter = &api.ReadReq_Options_FilterOptions_StreamIdentifier{StreamIdentifier: &api.ReadReq_Options_FilterOptions_Expression{Prefix: prefixes}}
	return f
}

func TestReadsOfAStream(t *testing.T) {
	r := newRig(t)
	r.must("s", wantNone, evs("a b c d e")...)
	r.must("other", wantNone, evs("a b")...)
	r.must("cut", wantNone, evs("a b c d e")...)
	r.must("$$cut", wantAny, meta(`{"$tb":2}`))
	r.must("short", wantNone, evs("a b c d e")...)
	r.must("$$short", wantAny, meta(`{"$maxCount":10}`))
	r.must("$$short", wantAny, meta(`{"$maxCount":2}`))
	r.must("hidden", wantNone, evs("a b")...)
	r.must("$$hidden", wantAny, meta(`{"$tb":9}`))
	r.must("$$described", wantAny, meta(`{"$maxCount":3}`))
	r.must("deleted", wantNone, evs("a b")...)
	if _, _, err := r.delete("deleted", wantAny); err != nil {
		t.Fatal(err)
	}

	for _, row := range []struct {
		name  string
		parts []readPart
		shows string
	}{
		{"from the start", []readPart{ofStream("s")}, "s#0 s#1 s#2 s#3 s#4"},
		{"from the start, back", []readPart{ofStream("s"), backwards}, "s#0"},
		{"from 2", []readPart{ofStream("s"), from(2)}, "s#2 s#3 s#4"},
		{"from 2, back", []readPart{ofStream("s"), from(2), backwards}, "s#2 s#1 s#0"},
		{"from beyond the end", []readPart{ofStream("s"), from(9)}, ""},
		{"from beyond all numbers", []readPart{ofStream("s"), from(1<<64 - 1)}, ""},
		{"from beyond the end, back", []readPart{ofStream("s"), from(9), backwards, limit(2)}, "s#4 s#3"},
		{"from beyond all numbers, back", []readPart{ofStream("s"), from(1<<64 - 1), backwards, limit(2)}, "s#4 s#3"},
		{"from the end", []readPart{ofStream("s"), fromEnd}, ""},
		{"from the end, back", []readPart{ofStream("s"), fromEnd, backwards}, "s#4 s#3 s#2 s#1 s#0"},
		{"limited", []readPart{ofStream("s"), limit(2)}, "s#0 s#1"},
		{"limited to nothing", []readPart{ofStream("s"), limit(0)}, ""},
		{"missing", []readPart{ofStream("missing")}, "not-found"},
		{"missing, to an old client and a new one alike", []readPart{ofStream("missing"), modern}, "not-found"},
		{"soft deleted", []readPart{ofStream("deleted")}, "not-found"},
		{"soft deleted, back", []readPart{ofStream("deleted"), fromEnd, backwards}, "not-found"},
		{"metadata only", []readPart{ofStream("described")}, "not-found"},
		{"truncated", []readPart{ofStream("cut")}, "cut#2 cut#3 cut#4"},
		{"truncated, back", []readPart{ofStream("cut"), fromEnd, backwards}, "cut#4 cut#3 cut#2"},
		{"truncated, from a hidden one", []readPart{ofStream("cut"), from(1), limit(1)}, "cut#2"},
		{"max count", []readPart{ofStream("short")}, "short#3 short#4"},
		{"max count, back from a hidden one", []readPart{ofStream("short"), from(1), backwards}, ""},
		{"all hidden", []readPart{ofStream("hidden")}, ""},
		{"metadata shows its newest event", []readPart{ofStream("$$short")}, "$$short#1"},
		{"with positions", []readPart{ofStream("s"), modern, limit(1)}, "s#0 last:4"},
		{"with positions, hidden", []readPart{ofStream("hidden"), modern}, "first:2 last:1"},
		{"with positions, back", []readPart{ofStream("s"), fromEnd, backwards, modern, limit(1)}, "s#4 last:4"},
	} {
		t.Run(row.name, func(t *testing.T) {
			answers, _, err := r.read(row.parts...)
			if err != nil {
				t.Fatal(err)
			}
			if got := show(answers); got != row.shows {
				t.Errorf("shows %q, want %q", got, row.shows)
			}
		})
	}
}

func TestReadsOfTheLog(t *testing.T) {
	r := newRig(t)
	base := r.Head() // the first events of every node
	r.must("a", wantNone, evs("a b")...)
	r.must("b", wantNone, proposed(uuid.New(), "special", contentBinary, "x"))
	r.must("a", 1, ev("c"))
	if _, _, err := r.delete("b", wantAny); err != nil { // hidden events stay in the log
		t.Fatal(err)
	}

	for _, row := range []struct {
		name  string
		parts []readPart
		shows string
	}{
		{"from a position", []readPart{all, from(base + 1)}, "a#0 a#1 b#0 a#2 $$b#0"},
		{"from a position, limited", []readPart{all, from(base + 2), limit(2)}, "a#1 b#0"},
		{"from a position, back: it is left out", []readPart{all, from(base + 3), backwards, limit(2)}, "a#1 a#0"},
		{"from the start, back", []readPart{all, backwards}, ""},
		{"from the end", []readPart{all, fromEnd}, ""},
		{"from the end, back", []readPart{all, fromEnd, backwards, limit(2)}, "$$b#0 a#2"},
		{"from position 0, back", []readPart{all, from(0), backwards}, ""},
		{"from beyond the end", []readPart{all, from(1 << 40)}, ""},
		{"from beyond all numbers, back", []readPart{all, from(1<<64 - 1), backwards, limit(1)}, "$$b#0"},
		{"limited to nothing", []readPart{all, limit(0)}, ""},
		{"by type", []readPart{all, filtered(byType("special"))}, "b#0"},
		{"by type, back", []readPart{all, fromEnd, backwards, filtered(byType("special", "$meta"))}, "$$b#0 b#0"},
		{"by type pattern", []readPart{all, filtered(byTypePattern(`^(?!(\$|tested))`))}, "b#0"},
		{"by stream, limited", []readPart{all, filtered(byStream("a")), limit(2)}, "a#0 a#1"},
		{"no filter in the filter", []readPart{all, from(base + 5), filtered(&api.ReadReq_Options_FilterOptions{})}, "$$b#0"},
	} {
		t.Run(row.name, func(t *testing.T) {
			answers, _, err := r.read(row.parts...)
			if err != nil {
				t.Fatal(err)
			}
			if got := show(answers); got != row.shows {
				t.Errorf("shows %q, want %q", got, row.shows)
			}
		})
	}

	answers, _, err := r.read(all)
	if err != nil || uint64(len(answers)) != r.Head() {
		t.Fatalf("%d events from the start, the head is %d: %v", len(answers), r.Head(), err)
	}
	for i, a := range answers {
		e := a.GetEvent()
		if e.GetCommitPosition() != uint64(i+1) || e.GetEvent().GetCommitPosition() != uint64(i+1) || e.GetEvent().GetPreparePosition() != uint64(i+1) {
			t.Fatalf("event %d has position %v", i, e)
		}
	}
}

func TestAReadGoesOnOverManyPages(t *testing.T) {
	r := newRig(t)
	events := make([]*api.AppendReq_ProposedMessage, 2*pageEvents+3)
	for i := range events {
		events[i] = proposed(uuid.New(), "tested", contentBinary, fmt.Sprint(i))
	}
	r.must("s", wantNone, events...)
	for name, parts := range map[string][]readPart{
		"stream": {ofStream("s")}, "stream, back": {ofStream("s"), fromEnd, backwards},
		"log": {all, filtered(byStream("s"))}, "log, back": {all, fromEnd, backwards, filtered(byStream("s"))},
	} {
		answers, _, err := r.read(parts...)
		if err != nil || len(answers) != len(events) {
			t.Fatalf("%s: %d events, want %d: %v", name, len(answers), len(events), err)
		}
		for i, a := range answers {
			want := i
			if strings.HasSuffix(name, "back") {
				want = len(events) - 1 - i
			}
			if got := string(a.GetEvent().GetEvent().GetData()); got != fmt.Sprint(want) {
				t.Fatalf("%s: event %d is %s", name, i, got)
			}
		}
	}
}

func TestLargeEventsComeInSmallerPages(t *testing.T) {
	r := newRig(t)
	body := strings.Repeat("x", 900<<10)
	for i := range 12 {
		r.must("s", int64(i-1), proposed(uuid.New(), "tested", contentBinary, body))
	}
	answers, _, err := r.read(ofStream("s"))
	if err != nil || len(answers) != 12 {
		t.Fatalf("%d events: %v", len(answers), err)
	}
	answers, _, err = r.read(all, fromEnd, backwards, limit(12))
	if err != nil || len(answers) != 12 || word(answers[11]) != "s#0" {
		t.Fatalf("%d events: %v", len(answers), err)
	}
}

func TestMaxAgeHidesOldEvents(t *testing.T) {
	now := time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC)
	r := newRig(t, func(o *Options) { o.Clock = func() time.Time { return now } })
	r.must("s", wantNone, ev("a"))
	r.must("$$s", wantAny, meta(`{"$maxAge":60}`))
	now = now.Add(50 * time.Second)
	r.must("s", 0, ev("b"))
	if answers, _, _ := r.read(ofStream("s")); show(answers) != "s#0 s#1" {
		t.Errorf("young: %s", show(answers))
	}
	now = now.Add(20 * time.Second)
	if answers, _, _ := r.read(ofStream("s")); show(answers) != "s#1" {
		t.Errorf("one is old: %s", show(answers))
	}
	now = now.Add(time.Hour)
	if answers, _, err := r.read(ofStream("s")); show(answers) != "" || err != nil {
		t.Errorf("all are old: %s %v", show(answers), err)
	}
}

func TestLinksAreFollowed(t *testing.T) {
	r := newRig(t)
	link := func(to string) *api.AppendReq_ProposedMessage {
		return proposed(uuid.New(), typeLink, contentBinary, to)
	}
	r.must("s", wantNone, evs("a b c")...)
	r.must("$$s", wantAny, meta(`{"$tb":1}`))
	r.must("dead", wantNone, ev("a"))
	if _, _, err := r.tombstone("dead", wantAny); err != nil {
		t.Fatal(err)
	}
	at := r.must("l", wantNone, link("2@s"), link("0@s"), link("9@s"), link("0@missing"), link("0@dead"), link("broken"), link("1@s@t"), ev("x"), link("-1@s"))
	const want = "l#0->s#2 l#1->gone l#2->gone l#3->gone l#4->gone l#5 l#6->gone l#7 l#8->s#2"
	answers, _, err := r.read(ofStream("l"), resolved)
	if err != nil || show(answers) != want {
		t.Errorf("got  %q %v\nwant %q", show(answers), err, want)
	}
	if got := answers[0].GetEvent().GetCommitPosition(); got != at-8 {
		t.Errorf("the position is %d, want the link's, %d", got, at-8)
	}
	answers, _, _ = r.read(ofStream("l"), limit(2))
	if show(answers) != "l#0 l#1" {
		t.Errorf("unresolved: %s", show(answers))
	}
	answers, _, _ = r.read(all, from(at-8), resolved)
	if show(answers) != want {
		t.Errorf("in the log: %s", show(answers))
	}
}

func TestIdsComeInTheAskedForm(t *testing.T) {
	r := newRig(t)
	id := uuid.New()
	asked := proposed(id, "tested", contentJSON, "{}")
	asked.Id = writeID(id, true)
	r.must("s", wantNone, asked)
	answers, _, err := r.read(ofStream("s"))
	if err != nil {
		t.Fatal(err)
	}
	if got, err := readID(answers[0].GetEvent().GetEvent().GetId()); err != nil || got != id {
		t.Errorf("structured: %v %v", got, err)
	}
	answers, _, err = r.read(ofStream("s"), func(o *api.ReadReq_Options) {
		o.UuidOption.Content = &api.ReadReq_Options_UUIDOption_String_{String_: nothing}
	})
	if err != nil || answers[0].GetEvent().GetEvent().GetId().GetString_() != id.String() {
		t.Errorf("string: %v %v", answers, err)
	}
}
