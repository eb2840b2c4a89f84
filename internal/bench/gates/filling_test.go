package gates

import (
	"testing"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
	"github.com/ThreeDotsLabs/watermill/message"
	"golang.org/x/sync/errgroup"
)

// fillEach events go into a store with one call.
const fillEach = 100

// history is so many happenings, spread over the streams.
func history(events int) []happening {
	w := writers("s", 1)[0]
	var all []happening
	for len(all) < events {
		all = append(all, w.some(fillEach)...)
	}
	return all
}

// fillStore appends a history; the calls of one stream follow each other.
func fillStore(t testing.TB, client *esdb.Client, all []happening) {
	t.Helper()
	var filling errgroup.Group
	filling.SetLimit(16)
	turn := streams * fillEach // after so many events the same stream comes again
	for len(all) > 0 {
		part := all[:min(turn, len(all))]
		all = all[len(part):]
		for len(part) > 0 {
			some := part[:fillEach]
			part = part[fillEach:]
			filling.Go(func() error { return appendTo(t.Context(), client, some) })
		}
		if err := filling.Wait(); err != nil {
			t.Fatal(err)
		}
	}
}

// fillTopic publishes a history.
func fillTopic(t testing.TB, p message.Publisher, all []happening) {
	t.Helper()
	for len(all) > 0 {
		if err := p.Publish(topic, asMessages(t.Context(), all[:fillEach])...); err != nil {
			t.Fatal(err)
		}
		all = all[fillEach:]
	}
}
