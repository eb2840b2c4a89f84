package node

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/protos/persistent"
	"github.com/google/uuid"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	api "github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
)

// onLog is a group on $all from its start; pattern filters event types, "" does not.
func onLog(name, pattern string) *persistent.CreateReq {
	q := groupOn("")
	all := &persistent.CreateReq_AllOptions{AllOption: &persistent.CreateReq_AllOptions_Start{Start: nothing}}
	if pattern != "" {
		all.FilterOption = &persistent.CreateReq_AllOptions_Filter{Filter: &persistent.CreateReq_AllOptions_FilterOptions{
			Filter: &persistent.CreateReq_AllOptions_FilterOptions_EventType{EventType: &persistent.CreateReq_AllOptions_FilterOptions_Expression{Regex: pattern}},
			Window: &persistent.CreateReq_AllOptions_FilterOptions_Max{Max: 32}, CheckpointIntervalMultiplier: 1,
		}}
	}
	q.Options.GroupName, q.Options.StreamOption = name, &persistent.CreateReq_Options_All{All: all}
	return q
}

// A name that the filter cannot judge in time holds the group up; it is not passed.
func TestAGroupLosesNoEventToASlowPattern(t *testing.T) {
	r := newRig(t)
	if _, err := r.groupsAPI().Create(r.context(), onLog("g", "^(a+)+$")); err != nil {
		t.Fatal(err)
	}
	typed := func(typ string) *api.AppendReq_ProposedMessage { return proposed(uuid.New(), typ, contentJSON, "{}") }
	r.must("s", wantNone, typed("a"), typed("aa"), typed(strings.Repeat("a", 40)+"!"), typed("a"))
	r.participant(allStream, 10).wants(0, 1)
	page, _, _, err := r.reader.stream(t.Context(), "s", span{from: 2, to: 2}, 1)
	if err != nil || len(page) != 1 {
		t.Fatal(page, err)
	}
	g, err := r.groups.Load().find(t.Context(), groupKey{allStream, "g"})
	if err != nil {
		t.Fatal(err)
	}
	var next int64
	if err := g.do(t.Context(), func() { next = g.feed.next }); err != nil || next != page[0].pos {
		t.Errorf("the group stands before %d, want %d, %v", next, page[0].pos, err)
	}
}

// What a failed removal leaves is a group that can be removed, not a checkpoint
// from which the next one of that name begins.
func TestARemovalThatFailsCanBeRepeated(t *testing.T) {
	r, breaks := newFaultyRig(t)
	r.must("s", wantNone, evs("a b c")...)
	remove := &persistent.DeleteReq{Options: &persistent.DeleteReq_Options{GroupName: "g",
		StreamOption: &persistent.DeleteReq_Options_StreamIdentifier{StreamIdentifier: named("s")}}}
	for _, nth := range []int{1, 2} {
		r.group("s")
		r.participant("s", 10).wants(0, 1, 2)
		r.settled("s", func(i *persistent.SubscriptionInfo) bool { return i.GetLastCheckpointedEventPosition() == "2" })
		breaks(once("write", nth, refusedIt))
		if _, err := r.groupsAPI().Delete(r.context(), remove); status.Code(err) != codes.Aborted {
			t.Fatalf("write %d failed, the removal says %v", nth, err)
		}
		breaks(func(string) fault { return works })
		if _, err := r.groupsAPI().Delete(r.context(), remove); err != nil {
			t.Errorf("the removal cannot be repeated: %v", err)
		}
		r.group("s")
		r.participant("s", 10).wants(0, 1, 2)
		if _, err := r.groupsAPI().Delete(r.context(), remove); err != nil {
			t.Fatal(err)
		}
	}
}

// A group whose start was cut off by its caller's deadline is started by who asks next.
func TestAGroupThatIsListedRuns(t *testing.T) {
	r := newRig(t)
	// The stream's own tables stand still: the list is written, nothing is read.
	owner := r.owner()
	if _, err := r.groupsAPI().Create(r.context(), onLog("first", "")); err != nil { // what the list's write needs is known now
		t.Fatal(err)
	}
	stand, err := owner.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := stand.Exec(t.Context(), `lock table eventstore.streams in access exclusive mode`); err != nil {
		t.Fatal(err)
	}
	short, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	if _, err := r.groupsAPI().Create(short, onLog("g", "")); err == nil {
		t.Fatal("it was not cut off")
	}
	if err := stand.Rollback(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := r.groupsAPI().Create(r.context(), onLog("g", "")); status.Code(err) != codes.AlreadyExists {
		t.Fatalf("the list does not hold it: %v", err)
	}
	r.must("s", wantNone, ev("a"))
	if e := r.participant(allStream, 10).next(); e == nil {
		t.Error("nothing is delivered")
	}
}

// A replay up to a place that was replayed already brings nothing back.
func TestAReplayOfWhatIsDoneBringsNothingBack(t *testing.T) {
	r := newRig(t)
	r.must("s", wantNone, evs("a b c")...)
	r.group("s")
	m := r.participant("s", 10)
	for range 3 {
		_, id := m.number()
		m.nack(persistent.ReadReq_Nack_Park, id)
	}
	r.settled("s", func(i *persistent.SubscriptionInfo) bool { return i.GetParkedMessageCount() == 3 })
	replay := &persistent.ReplayParkedReq{Options: &persistent.ReplayParkedReq_Options{GroupName: "g",
		StreamOption: &persistent.ReplayParkedReq_Options_StreamIdentifier{StreamIdentifier: named("s")},
		StopAtOption: &persistent.ReplayParkedReq_Options_NoLimit{NoLimit: nothing}}}
	if _, err := r.groupsAPI().ReplayParked(r.context(), replay); err != nil {
		t.Fatal(err)
	}
	m.wants(0, 1, 2)
	done := func(i *persistent.SubscriptionInfo) bool {
		return i.GetParkedMessageCount() == 0 && i.GetTotalInFlightMessages() == 0
	}
	r.settled("s", done)
	replay.Options.StopAtOption = &persistent.ReplayParkedReq_Options_StopAt{StopAt: 1}
	if _, err := r.groupsAPI().ReplayParked(r.context(), replay); err != nil {
		t.Fatal(err)
	}
	if _, err := r.groupsAPI().RestartSubsystem(r.context(), nothing); err != nil {
		t.Fatal(err)
	}
	if n := r.groupInfo("s").GetParkedMessageCount(); n != 0 {
		t.Errorf("%d messages are parked again", n)
	}
}
