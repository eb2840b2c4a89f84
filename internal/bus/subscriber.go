package bus

import (
	"context"
	"fmt"
	"sync"

	"github.com/ThreeDotsLabs/watermill/message"
)

// subscriber is Watermill's view of the log: a topic is a handler's name.
type subscriber struct {
	readers map[string]*reader
	work    context.Context // of the messages' handling

	mu     sync.Mutex
	closed bool
	stops  []context.CancelFunc
	pumps  sync.WaitGroup
}

var _ message.Subscriber = (*subscriber)(nil)

// Subscribe starts the messages of a handler.
func (s *subscriber) Subscribe(ctx context.Context, topic string) (<-chan *message.Message, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r, ok := s.readers[topic]
	if !ok || s.closed {
		return nil, fmt.Errorf("there is no handler %q, or the bus is closed", topic)
	}
	ctx, stop := context.WithCancel(ctx)
	s.stops = append(s.stops, stop)
	out := make(chan *message.Message) // unbuffered: one message under way
	s.pumps.Go(func() { r.pump(ctx, s.work, out) })
	return out, nil
}

// Close ends all messages and waits until none is under way. The Router calls it
// once a handler.
func (s *subscriber) Close() error {
	s.mu.Lock()
	s.closed = true
	for _, stop := range s.stops {
		stop()
	}
	s.mu.Unlock()
	s.pumps.Wait()
	return nil
}
