package node

import (
	"bytes"
	"testing"

	"github.com/EventStore/EventStore-Client-Go/v4/protos/persistent"
	"github.com/google/uuid"
)

// A consumer that stands still leaves messages unsent until their time is up. They
// come again as retries; the first copies must not come, too.
func TestWhatTimesOutUnsentDoesNotComeTwice(t *testing.T) {
	r := newRig(t)
	const events, eventBytes = 60, 512 << 10 // far more than a connection takes unread
	body := bytes.Repeat([]byte("x"), eventBytes)
	for range events {
		e := proposed(uuid.New(), "tested", contentBinary, "")
		e.Data = body
		r.must("s", wantAny, e)
	}
	r.group("s", func(s *persistent.CreateReq_Settings) {
		s.MessageTimeout = &persistent.CreateReq_Settings_MessageTimeoutMs{MessageTimeoutMs: 1500}
		s.MaxRetryCount = 1000
	})
	m := r.participant("s", events)
	r.settled("s", func(i *persistent.SubscriptionInfo) bool { return i.GetRetryBufferCount() >= events-10 })
	counts := make(chan map[uint64]int)
	go func() {
		seen := map[uint64]int{}
		for {
			answer, err := m.call.Recv()
			if err != nil {
				counts <- seen
				return
			}
			e := answer.GetEvent().GetEvent()
			seen[e.GetStreamRevision()]++
			m.ack(e.GetId())
		}
	}()
	r.settled("s", func(i *persistent.SubscriptionInfo) bool {
		return i.GetRetryBufferCount() == 0 && i.GetTotalInFlightMessages() == 0 && i.GetReadBufferCount() == 0
	})
	m.stop()
	seen, twice := <-counts, 0
	for _, n := range seen {
		if n > 1 {
			twice++
		}
	}
	if len(seen) != events {
		t.Errorf("%d of %d messages came", len(seen), events)
	}
	if twice > events/2 { // what was on the wire when its time was up cannot be taken back
		t.Errorf("%d of %d messages came twice", twice, events)
	}
}
