package node

import (
	"fmt"
	"strings"
	"testing"

	"github.com/EventStore/EventStore-Client-Go/v4/protos/persistent"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/shared"
	"github.com/google/uuid"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	"github.com/jejak-kinerja/jejak/internal/pgrun/pgtest"
)

func TestAGroupGoesOnAfterARestartBehindWhatWasAcknowledged(t *testing.T) {
	url := pgtest.URL(t)
	open := func() *rig { return newRig(t, func(o *Options) { o.DatabaseURL = url }) }
	r := open()
	r.must("s", wantNone, evs("a b c d")...)
	r.group("s")
	m := r.participant("s", 10)
	m.wants(0, 1)
	r.settled("s", func(i *persistent.SubscriptionInfo) bool { return i.GetLastCheckpointedEventPosition() == "1" })
	m.stop()
	if err := r.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	r = open()
	if got := r.groupInfo("s").GetLastCheckpointedEventPosition(); got != "1" {
		t.Errorf("the checkpoint after the restart is %q", got)
	}
	r.participant("s", 10).wants(2, 3)
}

func TestAGroupFromTheEndLosesNothingOverARestart(t *testing.T) {
	url := pgtest.URL(t)
	open := func() *rig { return newRig(t, func(o *Options) { o.DatabaseURL = url }) }
	r := open()
	r.must("s", wantNone, evs("a b")...)
	req := groupOn("s")
	req.GetOptions().GetStream().RevisionOption = &persistent.CreateReq_StreamOptions_End{End: nothing}
	if _, err := r.groupsAPI().Create(r.context(), req); err != nil {
		t.Fatal(err)
	}
	r.must("s", 1, ev("c"))
	if err := r.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	open().participant("s", 1).wants(2)
}

func TestTheCheckpointNeverPassesAnEventThatIsNotDone(t *testing.T) {
	r := newRig(t)
	r.must("s", wantNone, evs("a b c d")...)
	r.group("s")
	m := r.participant("s", 10)
	var ids []*shared.UUID
	for range 4 {
		_, id := m.number()
		ids = append(ids, id)
	}
	m.ack(ids[0], ids[2], ids[3])
	info := r.settled("s", func(i *persistent.SubscriptionInfo) bool { return i.GetTotalInFlightMessages() == 1 })
	if got := info.GetLastCheckpointedEventPosition(); got != "" && got != "0" {
		t.Errorf("the checkpoint is %q while event 1 is not done", got)
	}
	m.ack(ids[1])
	r.settled("s", func(i *persistent.SubscriptionInfo) bool { return i.GetLastCheckpointedEventPosition() == "3" })
}

func TestEveryNackDoesWhatItSays(t *testing.T) {
	r := newRig(t)
	r.must("s", wantNone, evs("retried parked skipped stopped")...)
	r.group("s")
	m := r.participant("s", 1)
	for _, action := range []persistent.ReadReq_Nack_Action{persistent.ReadReq_Nack_Retry} {
		_, id := m.number()
		m.nack(action, id)
	}
	again := m.next()
	if again.GetEvent().GetStreamRevision() != 0 || again.GetRetryCount() != 1 {
		t.Errorf("after retry: %v", again)
	}
	m.ack(again.GetEvent().GetId())
	_, id := m.number()
	m.nack(persistent.ReadReq_Nack_Park, id)
	_, id = m.number()
	m.nack(persistent.ReadReq_Nack_Skip, id)
	rev, id := m.number()
	if rev != 3 {
		t.Errorf("revision %d after parking and skipping, want 3", rev)
	}
	m.nack(persistent.ReadReq_Nack_Stop, id)
	if _, err := m.call.Recv(); status.Code(err) != codes.Canceled {
		t.Errorf("after stop: %v", err)
	}
	if got := r.groupInfo("s").GetParkedMessageCount(); got != 1 {
		t.Errorf("%d messages are parked, want 1", got)
	}
	r.participant("s", 1).wants(3)
}

func TestWhatIsTriedTooOftenIsParkedAndCanBeReplayed(t *testing.T) {
	r := newRig(t)
	r.must("s", wantNone, evs("a b")...)
	r.group("s", func(s *persistent.CreateReq_Settings) { s.MaxRetryCount = 2 })
	m := r.participant("s", 1)
	for try := range int32(3) {
		e := m.next()
		if e.GetEvent().GetStreamRevision() != 0 || e.GetRetryCount() != try {
			t.Fatalf("try %d: %v", try, e)
		}
		m.nack(persistent.ReadReq_Nack_Retry, e.GetEvent().GetId())
	}
	m.wants(1)
	parked := "$persistentsubscription-s::g-parked"
	if got := r.settled("s", func(i *persistent.SubscriptionInfo) bool { return i.GetParkedMessageCount() == 1 }); got == nil {
		return
	}
	replay := &persistent.ReplayParkedReq{Options: &persistent.ReplayParkedReq_Options{GroupName: "g",
		StreamOption: &persistent.ReplayParkedReq_Options_StreamIdentifier{StreamIdentifier: named("s")},
		StopAtOption: &persistent.ReplayParkedReq_Options_NoLimit{NoLimit: nothing}}}
	if _, err := r.groupsAPI().ReplayParked(r.context(), replay); err != nil {
		t.Fatal(err)
	}
	e := m.next()
	if e.GetEvent().GetStreamRevision() != 0 || string(e.GetLink().GetStreamIdentifier().GetStreamName()) != parked || e.GetRetryCount() != 0 {
		t.Errorf("replayed: %v", e)
	}
	if string(e.GetLink().GetData()) != "0@s" || !strings.Contains(string(e.GetLink().GetCustomMetadata()), `"Reached retry count of 2"`) {
		t.Errorf("the parked link is %v", e.GetLink())
	}
	m.ack(e.GetLink().GetId())
	r.settled("s", func(i *persistent.SubscriptionInfo) bool {
		return i.GetParkedMessageCount() == 0 && i.GetTotalInFlightMessages() == 0
	})
}

func TestAMessageThatIsNotAnsweredInTimeGoesToAnother(t *testing.T) {
	r := newRig(t)
	r.must("s", wantNone, ev("a"))
	r.group("s", func(s *persistent.CreateReq_Settings) {
		s.MessageTimeout = &persistent.CreateReq_Settings_MessageTimeoutMs{MessageTimeoutMs: 50}
	})
	m := r.participant("s", 1)
	m.next()
	if again := m.next(); again.GetRetryCount() != 1 {
		t.Errorf("the second delivery has retry count %d", again.GetRetryCount())
	}
}

func TestWhatAConsumerLeavesBehindGoesToTheOthers(t *testing.T) {
	r := newRig(t)
	r.must("s", wantNone, evs("a b c")...)
	r.group("s")
	m := r.participant("s", 2)
	m.number()
	m.number()
	m.stop()
	r.settled("s", func(i *persistent.SubscriptionInfo) bool { return i.GetTotalInFlightMessages() == 0 })
	r.participant("s", 3).wants(0, 1, 2)
}

func TestEachStrategyChoosesItsConsumers(t *testing.T) {
	for _, c := range []struct {
		strategy string
		right    func(first, second int) bool
	}{
		{strategyRoundRobin, func(a, b int) bool { return a == 10 && b == 10 }},
		{strategySingle, func(a, b int) bool { return a == 20 && b == 0 }},
		{strategyPinned, func(a, b int) bool { return a == 20 && b == 0 || a == 0 && b == 20 }},
		{strategyByCorrelation, func(a, b int) bool { return a+b == 20 && a > 0 && b > 0 }},
	} {
		t.Run(c.strategy, func(t *testing.T) {
			r := newRig(t)
			r.group("s", func(s *persistent.CreateReq_Settings) { s.ConsumerStrategy = c.strategy })
			r.participant("s", 30)
			r.participant("s", 30)
			for i := range 20 {
				e := ev(fmt.Sprint("e", i))
				e.CustomMetadata = fmt.Appendf(nil, `{"$correlationId":"c%d"}`, i)
				r.must("s", wantAny, e)
			}
			info := r.settled("s", func(i *persistent.SubscriptionInfo) bool { return i.GetTotalInFlightMessages() == 20 })
			a, b := info.GetConnections()[0].GetInFlightMessages(), info.GetConnections()[1].GetInFlightMessages()
			if !c.right(int(a), int(b)) {
				t.Errorf("the consumers hold %d and %d", a, b)
			}
		})
	}
}

func TestAGroupOnTheLogSeesWhatItsFilterWantsAndNoBookkeeping(t *testing.T) {
	r := newRig(t)
	create := &persistent.CreateReq{Options: &persistent.CreateReq_Options{GroupName: "g", Settings: settingsOf(),
		StreamOption: &persistent.CreateReq_Options_All{All: &persistent.CreateReq_AllOptions{
			AllOption: &persistent.CreateReq_AllOptions_Start{Start: nothing},
			FilterOption: &persistent.CreateReq_AllOptions_Filter{Filter: &persistent.CreateReq_AllOptions_FilterOptions{
				CheckpointIntervalMultiplier: 1,
				Filter: &persistent.CreateReq_AllOptions_FilterOptions_StreamIdentifier{
					StreamIdentifier: &persistent.CreateReq_AllOptions_FilterOptions_Expression{Prefix: []string{"wanted", "$persistentsubscription"}}}}}}}}}
	r.must("wanted-1", wantNone, evs("a b")...)
	r.must("other", wantNone, evs("c")...)
	if _, err := r.groupsAPI().Create(r.context(), create); err != nil {
		t.Fatal(err)
	}
	m := r.participant(allStream, 10)
	m.wants(0, 1)
	r.settled(allStream, func(i *persistent.SubscriptionInfo) bool {
		return i.GetLastCheckpointedEventPosition() != "C:0/P:0" // of a group that began at the beginning
	})
	pos := r.must("wanted-2", wantNone, ev("d"))
	m.wants(0)
	want := fmt.Sprintf("C:%d/P:%d", pos, pos)
	r.settled(allStream, func(i *persistent.SubscriptionInfo) bool { return i.GetLastCheckpointedEventPosition() == want })
}

func TestLinksAreResolvedForAGroupThatAsksForIt(t *testing.T) {
	r := newRig(t)
	r.must("s", wantNone, evs("a b")...)
	r.must("links", wantNone, proposed(uuid.New(), typeLink, contentBinary, "1@s"))
	r.group("links", func(s *persistent.CreateReq_Settings) { s.ResolveLinks = true })
	m := r.participant("links", 1)
	e := m.next()
	if string(e.GetEvent().GetStreamIdentifier().GetStreamName()) != "s" || e.GetEvent().GetStreamRevision() != 1 || e.GetLink() == nil {
		t.Errorf("got %v", e)
	}
	m.ack(e.GetLink().GetId())
	r.settled("links", func(i *persistent.SubscriptionInfo) bool { return i.GetLastCheckpointedEventPosition() == "0" })
}

func TestAGroupRefusesWithTheWordsOfTheProtocol(t *testing.T) {
	r := newRig(t)
	r.group("s", func(s *persistent.CreateReq_Settings) { s.MaxSubscriberCount = 1 })
	var md metadata.MD
	_, err := r.groupsAPI().Create(r.context(), groupOn("s"), withTrailer(&md))
	refusedWith(t, err, md, codes.AlreadyExists, "persistent-subscription-exists")
	drop := func(stream string) error {
		_, err := r.groupsAPI().Delete(r.context(), &persistent.DeleteReq{Options: &persistent.DeleteReq_Options{GroupName: "g",
			StreamOption: &persistent.DeleteReq_Options_StreamIdentifier{StreamIdentifier: named(stream)}}}, withTrailer(&md))
		return err
	}
	refusedWith(t, drop("missing"), md, codes.NotFound, "persistent-subscription-does-not-exist")
	_, err = r.tryMember("missing", 1)
	if status.Code(err) != codes.NotFound {
		t.Errorf("reading a missing group: %v", err)
	}
	m := r.participant("s", 1)
	if _, err = r.tryMember("s", 1); status.Code(err) != codes.FailedPrecondition {
		t.Errorf("one consumer too many: %v", err)
	}
	if err := drop("s"); err != nil {
		t.Fatal(err)
	}
	_, err = m.call.Recv()
	refusedWith(t, err, m.call.Trailer(), codes.Canceled, "persistent-subscription-dropped")
	_, err = r.groupsAPI().Create(r.context(), groupOn("s", func(s *persistent.CreateReq_Settings) { s.ConsumerStrategy = "Other" }))
	if status.Code(err) != codes.Internal {
		t.Errorf("an unknown strategy: %v", err)
	}
}
