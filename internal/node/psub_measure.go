package node

import (
	"slices"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/protos/persistent"
)

// maxMeasured is how many of a consumer's last answers are measured.
const maxMeasured = 1000

// measurements are the times, in milliseconds, that a consumer took for its last
// messages. They are kept for groups with extra statistics.
type measurements struct {
	taken []int64
	next  int // where the next one goes once there are maxMeasured
}

func (m *measurements) add(took time.Duration) {
	if len(m.taken) < maxMeasured {
		m.taken = append(m.taken, took.Milliseconds())
		return
	}
	m.taken[m.next] = took.Milliseconds()
	m.next = (m.next + 1) % maxMeasured
}

// shares are the parts of all messages that took at most so long, in thousandths,
// by the names that clients look for.
var shares = []struct {
	name     string
	thousand int
}{
	{"Median", 500}, {"Fastest", 0},
	{"Quintile 1", 200}, {"Quintile 2", 400}, {"Quintile 3", 600}, {"Quintile 4", 800}, {"Quintile 5", 1000},
	{"90%", 900}, {"95%", 950}, {"99%", 990}, {"99.5%", 995}, {"99.9%", 999}, {"Highest", 1000},
}

// tell puts the measurements into the words of the protocol; none before the first.
func (m *measurements) tell() (told []*persistent.SubscriptionInfo_Measurement) {
	if len(m.taken) == 0 {
		return nil
	}
	sorted, sum := slices.Sorted(slices.Values(m.taken)), int64(0)
	for _, took := range sorted {
		sum += took
	}
	say := func(name string, value int64) {
		told = append(told, &persistent.SubscriptionInfo_Measurement{Key: name, Value: value})
	}
	say("Mean", sum/int64(len(sorted)))
	for _, s := range shares {
		say(s.name, sorted[max(0, (s.thousand*len(sorted)+999)/1000-1)])
	}
	return told
}
