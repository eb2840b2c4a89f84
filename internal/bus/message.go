package bus

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"

	"github.com/ThreeDotsLabs/watermill/message"
	"github.com/ThreeDotsLabs/watermill/message/router/middleware"
)

// header is a message's payload: what it carries, for people and tools.
type header struct {
	After uint64 `json:"after"`
	From  uint64 `json:"from"`
	To    uint64 `json:"to"`
	Count int    `json:"count"`
}

type batchKey struct{}

// newMessage makes a message of a batch. Its correlation id is that of the facts
// when they all have the same, else the range of positions.
func newMessage(ctx context.Context, topic string, b batch) *message.Message {
	h := header{After: b.after, From: b.facts[0].Position, To: b.last(), Count: len(b.facts)}
	payload, err := json.Marshal(h)
	if err != nil {
		panic("bus: " + err.Error()) // four numbers always marshal
	}
	positions := strconv.FormatUint(h.From, 10) + "-" + strconv.FormatUint(h.To, 10)
	m := message.NewMessageWithContext(context.WithValue(ctx, batchKey{}, b), topic+"@"+positions, payload)
	middleware.SetCorrelationID(correlation(b.facts, positions), m)
	return m
}

func correlation(facts []Fact, otherwise string) string {
	one := facts[0].Meta.Correlation
	for i := range facts {
		if facts[i].Meta.Correlation != one {
			return otherwise
		}
	}
	if one == "" {
		return otherwise
	}
	return one
}

// batchOf gives the batch of a message that newMessage made.
func batchOf(m *message.Message) (batch, error) {
	b, ok := m.Context().Value(batchKey{}).(batch)
	if !ok {
		return batch{}, fmt.Errorf("message %s carries no facts", m.UUID)
	}
	return b, nil
}
