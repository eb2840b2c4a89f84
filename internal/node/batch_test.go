package node

import (
	"fmt"
	"testing"

	"github.com/google/uuid"
)

// together puts the requests into one batch: the sequencer is held in the answer
// of an earlier request until all of them wait.
func (r *rig) together(requests ...*request) []outcome {
	r.t.Helper()
	holding, release := make(chan struct{}), make(chan struct{})
	hold := &request{stream: "hold", answer: func(outcome) { close(holding); <-release }}
	if err := r.queue.submit(hold); err != nil {
		r.t.Fatal(err)
	}
	<-holding
	answers := make([]chan outcome, len(requests))
	for i, request := range requests {
		answers[i] = make(chan outcome, 1)
		request.answer = func(o outcome) { answers[i] <- o }
		request.identify()
		if err := r.queue.submit(request); err != nil {
			r.t.Fatal(err)
		}
	}
	close(release)
	outcomes := make([]outcome, len(requests))
	for i, answer := range answers {
		outcomes[i] = <-answer
	}
	return outcomes
}

func asking(stream string, act action, want expectation, names ...string) *request {
	r := &request{stream: stream, action: act, want: want}
	for _, name := range names {
		r.events = append(r.events, &event{id: uuid.NewSHA1(uuid.Nil, []byte(name)), typ: "tested", json: true, data: []byte("{}"), meta: []byte{}})
	}
	return r
}

func TestRequestsOfOneBatchSeeEachOther(t *testing.T) {
	r := newRig(t)
	base, commits := int64(r.Head()), r.Stats().Commits
	none, any, exists := expectation{kind: expectNoStream}, expectation{kind: expectAny}, expectation{kind: expectStreamExists}
	at := func(n uint64) expectation { return expectation{expectRevision, n} }

	outcomes := r.together(
		asking("s", actAppend, none, "a", "b"),
		asking("s", actAppend, none, "a", "b"), // the same again, before the first is stored
		asking("s", actAppend, any, "b"),
		asking("s", actAppend, any, "b", "x"),
		asking("s", actAppend, at(1), "c"),
		asking("s", actAppend, at(0), "b", "c"),
		asking("s", actAppend, none, "x"),
		asking("t", actAppend, none, "a"),
		asking("s", actDelete, at(2)),
		asking("s", actAppend, exists, "d"),
		asking("s", actAppend, none, "d"), // with metadata before it
		asking("s", actTombstone, any),
		asking("s", actAppend, any, "e"),
		asking("$$s", actAppend, any, "e"),
	)
	want := []outcome{
		{verdict: accepted, rev: 1, pos: base + 2},
		{verdict: repeated, rev: 1, pos: base + 2},
		{verdict: repeated, rev: 1, pos: base + 2},
		{verdict: wrongVersion, rev: 1},
		{verdict: accepted, rev: 2, pos: base + 3},
		{verdict: repeated, rev: 2, pos: base + 3},
		{verdict: wrongVersion, rev: 2},
		{verdict: accepted, rev: 0, pos: base + 4},
		{verdict: accepted, rev: 2, pos: base + 5},
		{verdict: gone, rev: 2},
		{verdict: accepted, rev: 3, pos: base + 6},
		{verdict: accepted, rev: 3, pos: base + 8},
		{verdict: gone, rev: 3},
		{verdict: gone, rev: 1},
	}
	for i := range want {
		if outcomes[i] != want[i] {
			t.Errorf("request %d: %+v, want %+v", i, outcomes[i], want[i])
		}
	}
	if got := r.Stats().Commits - commits; got != 1 {
		t.Errorf("%d transactions, want 1", got)
	}
	answers, _, err := r.read(all, from(uint64(base+1)))
	if err != nil || show(answers) != "s#0 s#1 s#2 t#0 $$s#0 s#3 $$s#1 s#end" {
		t.Errorf("the log holds %s %v", show(answers), err)
	}
}

// Nobody may be told "wrong version" on account of a write that was then rolled back.
func TestABatchThatFailsFailsAsAWhole(t *testing.T) {
	r, breaks := newFaultyRig(t)
	head := r.Head()
	breaks(once("write", 1, refusedIt))
	none := expectation{kind: expectNoStream}
	outcomes := r.together(asking("s", actAppend, none, "a"), asking("s", actAppend, none, "x"), asking("s", actAppend, none, "a"))
	for i, o := range outcomes {
		if o.err == nil {
			t.Errorf("request %d was answered %+v", i, o)
		}
	}
	if r.Head() != head {
		t.Error("something was stored")
	}
	if o := r.together(asking("s", actAppend, none, "x")); fmt.Sprint(o) != fmt.Sprint([]outcome{{rev: 0, pos: int64(head) + 1}}) {
		t.Errorf("afterwards: %+v", o)
	}
}
