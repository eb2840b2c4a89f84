package node

import (
	"strconv"
	"sync/atomic"
	"time"

	"github.com/google/uuid"
)

// message is one event on its way through a group.
type message struct {
	event   *event // as it stands in the stream: a link when links are followed
	target  *event // what the link points to, nil for none
	place   int64  // revision or position in the group's source; -1 for a replayed one
	retries int32
	replay  *replay // the replay it belongs to, nil for none
	number  int64   // counted by the group, from 0; of a replayed one 0
}

// replay is one run over parked messages. They leave the parked stream when all
// of them are dealt with, so a crash replays them again rather than losing them.
type replay struct {
	until int64 // revision of the parked stream below which all belong to this run
	left  int
}

// shown is what the message is about: the target of a link, or the event itself.
func (m *message) shown() *event {
	if m.target != nil {
		return m.target
	}
	return m.event
}

// parking is the link under which the message is parked.
func (m *message) parking(link []byte) *event {
	about := m.shown()
	body := strconv.FormatInt(about.rev, 10) + "@" + about.stream
	return &event{id: uuid.New(), typ: typeLink, data: []byte(body), meta: link}
}

// flight is a message that a consumer has and has not answered.
type flight struct {
	*message
	consumer *consumer
	landed   atomic.Bool
	sent     time.Time
	until    time.Time // zero for ever
}

// consumer is one Read call on a group. All fields but the channels are touched
// by the group's goroutine only.
type consumer struct {
	id       uuid.UUID
	name     string // as the client calls itself
	from     string
	user     string
	slots    int
	inFlight int
	total    int64
	measured measurements

	out     chan delivery
	dropped chan struct{} // closed when the group lets go of it
	reason  error         // why; read after dropped is closed
}

// delivery is a message on its way to a consumer.
type delivery struct {
	message              // a copy: the group goes on counting retries in its own
	landed  *atomic.Bool // set when the group has taken it back: then it is not sent any more
}

// free tells whether the consumer can take a message. What has timed out may still
// stand in the channel of a consumer that does not read.
func (c *consumer) free() bool { return c.inFlight < c.slots && len(c.out) < cap(c.out) }

// drop ends the consumer's call. It is called once.
func (c *consumer) drop(reason error) {
	c.reason = reason
	close(c.dropped)
}
