package node

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/protos/persistent"
	api "github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
	"github.com/google/uuid"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
)

// What the official .NET clients send and expect, and others do not.

// From the end, or with default settings, they name a stream in the old field and
// send the greatest number as the start.
func TestAGroupOfADotNetClientDeliversFromTheEnd(t *testing.T) {
	r := newRig(t)
	r.must("s", wantNone, ev("a"))
	settings := settingsOf()
	settings.Revision = math.MaxUint64 //nolint:staticcheck // the old field is what is tested
	if _, err := r.groupsAPI().Create(r.context(), &persistent.CreateReq{Options: &persistent.CreateReq_Options{
		StreamIdentifier: named("s"), GroupName: "g", Settings: settings}}); err != nil {
		t.Fatal(err)
	}
	if got := r.groupInfo("s").GetStartFrom(); got != "-1" {
		t.Errorf("it starts from %q", got)
	}
	m := r.participant("s", 10)
	r.must("s", 0, ev("b"))
	m.wants(1)

	update := &persistent.UpdateReq{Options: &persistent.UpdateReq_Options{StreamIdentifier: named("s"), GroupName: "g",
		Settings: &persistent.UpdateReq_Settings{Revision: math.MaxUint64, HistoryBufferSize: 500, ReadBatchSize: 20, LiveBufferSize: 500, MaxRetryCount: 3}}}
	if _, err := r.groupsAPI().Update(r.context(), update); err != nil {
		t.Fatal(err)
	}
	if got := r.groupInfo("s"); got.GetStartFrom() != "-1" || got.GetMaxRetryCount() != 3 {
		t.Errorf("updated: %v", got)
	}
	m = r.participant("s", 10)
	r.must("s", 1, ev("c"))
	m.wants(2)
}

// They send no checkpoint multiplier with the filter of a group.
func TestAGroupOfADotNetClientOnTheLogTakesAFilter(t *testing.T) {
	r := newRig(t)
	create := &persistent.CreateReq{Options: &persistent.CreateReq_Options{GroupName: "g", Settings: settingsOf(),
		StreamOption: &persistent.CreateReq_Options_All{All: &persistent.CreateReq_AllOptions{
			AllOption: &persistent.CreateReq_AllOptions_Start{Start: nothing},
			FilterOption: &persistent.CreateReq_AllOptions_Filter{Filter: &persistent.CreateReq_AllOptions_FilterOptions{
				Filter: &persistent.CreateReq_AllOptions_FilterOptions_StreamIdentifier{
					StreamIdentifier: &persistent.CreateReq_AllOptions_FilterOptions_Expression{Prefix: []string{"wanted"}}}}}}}}}
	r.must("other", wantNone, ev("a"))
	r.must("wanted", wantNone, evs("b c")...)
	if _, err := r.groupsAPI().Create(r.context(), create); err != nil {
		t.Fatal(err)
	}
	r.participant(allStream, 10).wants(0, 1)
}

// A start that the log has not reached is refused, when a group is made and when it
// is changed.
func TestAGroupThatStartsAheadOfTheLogIsRefused(t *testing.T) {
	r := newRig(t)
	ahead := r.Head() + 1000
	create := func(commit uint64) *persistent.CreateReq {
		return &persistent.CreateReq{Options: &persistent.CreateReq_Options{GroupName: "g", Settings: settingsOf(),
			StreamOption: &persistent.CreateReq_Options_All{All: &persistent.CreateReq_AllOptions{
				AllOption: &persistent.CreateReq_AllOptions_Position{Position: &persistent.CreateReq_Position{CommitPosition: commit, PreparePosition: commit}}}}}}
	}
	var md metadata.MD
	_, err := r.groupsAPI().Create(r.context(), create(ahead), withTrailer(&md))
	refusedWith(t, err, md, codes.Internal, "persistent-subscription-failed")
	if got := md.Get("reason"); !slices.Equal(got, []string{textStartBeyondEnd}) {
		t.Errorf("the reason is %q", got)
	}
	if _, err := r.groupsAPI().Create(r.context(), create(r.Head())); err != nil {
		t.Fatal(err)
	}
	update := &persistent.UpdateReq{Options: &persistent.UpdateReq_Options{GroupName: "g",
		Settings: &persistent.UpdateReq_Settings{HistoryBufferSize: 500, ReadBatchSize: 20, LiveBufferSize: 500},
		StreamOption: &persistent.UpdateReq_Options_All{All: &persistent.UpdateReq_AllOptions{
			AllOption: &persistent.UpdateReq_AllOptions_Position{Position: &persistent.UpdateReq_Position{CommitPosition: ahead, PreparePosition: ahead}}}}}}
	_, err = r.groupsAPI().Update(r.context(), update, withTrailer(&md))
	refusedWith(t, err, md, codes.Internal, "persistent-subscription-failed")
}

// Redeliveries count 1, 2, 3; what a consumer leaves behind counts as one more.
func TestRedeliveriesAreCounted(t *testing.T) {
	r := newRig(t)
	r.must("s", wantNone, ev("a"))
	r.group("s")
	m := r.participant("s", 1)
	for want := range int32(3) {
		e := m.next()
		if e.GetRetryCount() != want {
			t.Errorf("delivery %d counts %d", want, e.GetRetryCount())
		}
		m.nack(persistent.ReadReq_Nack_Retry, e.GetEvent().GetId())
	}
	if e := m.next(); e.GetRetryCount() != 3 {
		t.Errorf("counts %d, want 3", e.GetRetryCount())
	}
	m.stop()
	if e := r.participant("s", 1).next(); e.GetRetryCount() != 4 {
		t.Errorf("what was left behind counts %d, want 4", e.GetRetryCount())
	}
}

// The connections of a group are told by the client's own name, with how long it
// took for its messages.
func TestAGroupTellsOfItsConnections(t *testing.T) {
	r := newRig(t)
	r.must("s", wantNone, evs("a b c")...)
	r.group("s", func(s *persistent.CreateReq_Settings) { s.ExtraStatistics = true })
	calling := *r
	calling.outgoing = metadata.Pairs("connection-name", "billing-7")
	m := calling.participant("s", 10)
	m.wants(0, 1)
	info := r.settled("s", func(i *persistent.SubscriptionInfo) bool {
		return len(i.GetConnections()) == 1 && i.GetConnections()[0].GetInFlightMessages() == 1
	})
	c := info.GetConnections()[0]
	if c.GetConnectionName() != "billing-7" || c.GetTotalItems() != 3 || c.GetAvailableSlots() != 9 {
		t.Errorf("the connection is %v", c)
	}
	var names []string
	for _, m := range c.GetObservedMeasurements() {
		names = append(names, m.GetKey())
		if m.GetValue() < 0 {
			t.Errorf("%s is %d ms", m.GetKey(), m.GetValue())
		}
	}
	for _, name := range []string{"Mean", "Median", "Fastest", "Quintile 1", "Quintile 5", "90%", "99.9%", "Highest"} {
		if !slices.Contains(names, name) {
			t.Errorf("%s is not told, but %s", name, strings.Join(names, ", "))
		}
	}
}

func TestMeasurementsAreThoseOfTheLastAnswers(t *testing.T) {
	var m measurements
	for i := range 2 * maxMeasured { // the first half is forgotten
		m.add(time.Duration(i%maxMeasured+1) * time.Millisecond)
	}
	said := map[string]int64{}
	for _, told := range m.tell() {
		said[told.GetKey()] = told.GetValue()
	}
	for name, want := range map[string]int64{"Fastest": 1, "Median": 500, "Quintile 1": 200, "90%": 900, "99.5%": 995, "Highest": 1000, "Mean": 500} {
		if said[name] != want {
			t.Errorf("%s is %d, want %d", name, said[name], want)
		}
	}
}

// Settings that cannot work are INTERNAL with their reason.
func TestSettingsThatCannotWorkAreRefusedWithTheirReason(t *testing.T) {
	r := newRig(t)
	for reason, change := range map[string]func(*persistent.CreateReq_Settings){
		textBatchOverBuffer:                         func(s *persistent.CreateReq_Settings) { s.ReadBatchSize = s.HistoryBufferSize },
		fmt.Sprintf(textStrategyUnknown, "Nearest"): func(s *persistent.CreateReq_Settings) { s.ConsumerStrategy = "Nearest" },
	} {
		var md metadata.MD
		_, err := r.groupsAPI().Create(r.context(), groupOn("s", change), withTrailer(&md))
		refusedWith(t, err, md, codes.Internal, "persistent-subscription-failed")
		if got := md.Get("reason"); !slices.Equal(got, []string{reason}) {
			t.Errorf("the reason is %q, want %q", got, reason)
		}
	}
	r.group("s")
	if _, err := r.tryMember("s", 0); status.Code(err) != codes.Internal {
		t.Errorf("a buffer of nothing: %v", err)
	}
}

// An event of 16 MiB is more than the server takes in a message; 1 MiB of data is
// the limit of an append, whatever its metadata.
func TestAnEventOfSixteenMebibytesExhaustsTheServer(t *testing.T) {
	r := newRig(t)
	_, _, err := r.append("s", wantAny, proposed(uuid.New(), "tested", contentBinary, strings.Repeat("x", 16<<20)))
	if status.Code(err) != codes.ResourceExhausted {
		t.Errorf("answered %v", status.Code(err))
	}
	large := proposed(uuid.New(), "tested", contentBinary, strings.Repeat("x", 1<<20))
	large.CustomMetadata = []byte(strings.Repeat("m", 1<<20))
	r.must("s", wantNone, large)
}

// A revision may be "none", which they send as the greatest number.
func TestTheGreatestRevisionMeansNoStream(t *testing.T) {
	r := newRig(t)
	options := &api.AppendReq{Content: &api.AppendReq_Options_{Options: &api.AppendReq_Options{StreamIdentifier: named("s"),
		ExpectedStreamRevision: &api.AppendReq_Options_Revision{Revision: math.MaxUint64}}}}
	event := func(name string) *api.AppendReq {
		return &api.AppendReq{Content: &api.AppendReq_ProposedMessage_{ProposedMessage: ev(name)}}
	}
	if answer, _, err := r.say(options, event("a")); said(answer, err) != "ok, at 0" {
		t.Errorf("first: %s", said(answer, err))
	}
	answer, _, err := r.say(options, event("b"))
	if said(answer, err) != "wrong, at 0" || answer.GetWrongExpectedVersion().GetExpectedRevision() != math.MaxUint64 {
		t.Errorf("second: %v %v", answer, err)
	}
}
