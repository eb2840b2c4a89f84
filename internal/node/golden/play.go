package golden

import (
	"context"
	"encoding/base64"
	"fmt"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
)

const (
	// stepLimit bounds the wait for what a step expects.
	stepLimit = 10 * time.Second

	// briefLimit is for steps of which it is known that they differ: what they
	// expect does not come.
	briefLimit = time.Second
)

// player replays one scenario.
type player struct {
	conn    grpc.ClientConnInterface
	names   *Names
	places  *Places
	request Request
	calls   map[string]*Call
	differs func(step int) bool
	got     []*Answer // nil for a step without an answer
	types   []protoreflect.MessageDescriptor
}

// Play replays a scenario on a connection and returns the answer of each step,
// nil where none is expected, in the form in which answers are compared. For steps
// that are known to differ it does not wait long. An error is one of the replay
// itself.
func Play(ctx context.Context, conn grpc.ClientConnInterface, s Scenario, differs func(step int) bool) ([]*Answer, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	p := &player{conn: conn, names: NewNames(), places: NewPlaces(), calls: map[string]*Call{}, differs: differs}
	p.request = Request{Names: p.names, Place: p.places.Place,
		Delivered: func(call string) []string {
			if c := p.calls[call]; c != nil {
				return c.Events
			}
			return nil
		}}
	for i, step := range s.Steps {
		if err := p.step(ctx, i, step); err != nil {
			return nil, fmt.Errorf("step %d: %w", i, err)
		}
	}
	for _, c := range p.calls {
		c.Cancel()
	}
	return p.got, p.compared()
}

func (p *player) step(ctx context.Context, i int, s Step) error {
	switch {
	case s.Cancel:
		if c := p.calls[s.On]; c != nil {
			c.Cancel()
			delete(p.calls, s.On)
		}
		time.Sleep(time.Duration(s.AfterMS) * time.Millisecond)
		p.note(nil, nil)
		return nil
	case s.RPC == "" && s.On == "":
		time.Sleep(time.Duration(s.WaitMS) * time.Millisecond)
		p.note(nil, nil)
		return nil
	}
	c, err := p.callOf(ctx, s)
	if err != nil {
		return err
	}
	for _, recorded := range s.Requests {
		m, err := p.request.Message(recorded, c.Method.Request)
		if err != nil {
			return fmt.Errorf("request: %w", err)
		}
		if err := c.Send(m); err != nil {
			return fmt.Errorf("send: %w", err)
		}
	}
	alone := s.Call == "" && s.On == ""
	if alone || s.HalfClose || !c.Method.Streams {
		if err := c.CloseSend(); err != nil {
			return err
		}
	}
	want := s.Answer
	if want == nil {
		want = &Answer{Code: Open}
	}
	limit := stepLimit
	if p.differs(i) {
		limit = briefLimit
	}
	got, over := c.Take(len(want.Messages), alone || want.Code != Open, time.Duration(s.QuietMS)*time.Millisecond, limit)
	answer := Answer{Code: Open}
	if over {
		answer = c.Status()
	}
	if err := p.take(&answer, c, got); err != nil {
		return err
	}
	if alone || c.batches() {
		p.learn(i, s, &answer)
	}
	if alone {
		c.Cancel()
	}
	p.note(&answer, c.Method.Answer.Descriptor())
	return nil
}

func (p *player) note(a *Answer, d protoreflect.MessageDescriptor) {
	p.got, p.types = append(p.got, a), append(p.types, d)
}

// callOf begins the step's call, or finds the one that it works on.
func (p *player) callOf(ctx context.Context, s Step) (*Call, error) {
	if s.On != "" {
		c := p.calls[s.On]
		if c == nil {
			return nil, fmt.Errorf("no open call %q", s.On)
		}
		return c, nil
	}
	m, err := FindMethod(s.RPC)
	if err != nil {
		return nil, err
	}
	c, err := Start(ctx, p.conn, m, s.Headers)
	if err == nil && s.Call != "" {
		p.calls[s.Call] = c
	}
	return c, err
}

// take puts what came into an answer, and remembers events.
func (p *player) take(a *Answer, c *Call, got []proto.Message) error {
	for _, m := range got {
		v, err := Plain(m)
		if err != nil {
			return err
		}
		if answer, ok := v.(map[string]any); ok {
			p.places.learnEvent(answer, p.streamName)
			if id := deliveredID(answer); id != "" {
				c.Events = append(c.Events, id)
			}
		}
		a.Messages = append(a.Messages, v)
	}
	return nil
}

func (p *player) streamName(inBase64 string) string {
	b, err := base64.StdEncoding.DecodeString(inBase64)
	if err != nil {
		return ""
	}
	return p.names.Back(string(b))
}

// learn takes the position that a write has told; of several, the first.
func (p *player) learn(i int, s Step, a *Answer) {
	if len(s.Requests) == 0 || len(a.Messages) == 0 {
		return
	}
	first, _ := s.Requests[0].(map[string]any)
	options, _ := first["options"].(map[string]any)
	answer, _ := a.Messages[0].(map[string]any)
	stream := ""
	if len(s.Requests) > 1 {
		stream = recordedStream(options)
	}
	p.places.learnWrite(i, answer, stream)
}

// recordedStream is the stream of recorded options, with its "~".
func recordedStream(options map[string]any) string {
	identifier, _ := options["stream_identifier"].(map[string]any)
	s, _ := identifier["stream_name"].(string)
	b, err := ReadBytes(s)
	if err != nil {
		return ""
	}
	return string(b)
}

func deliveredID(answer map[string]any) string {
	read, _ := answer["event"].(map[string]any)
	e, ok := read["link"].(map[string]any)
	if !ok {
		e, _ = read["event"].(map[string]any)
	}
	id, _ := e["id"].(map[string]any)
	for _, form := range []string{"structured", "string"} {
		if s, ok := id[form].(string); ok {
			return s
		}
	}
	return ""
}

// compared puts all answers into their last form, with all that is known now.
func (p *player) compared() error {
	for i, a := range p.got {
		if a == nil {
			continue
		}
		for j, m := range a.Messages {
			v, err := p.names.Compared(m, p.types[i])
			if err != nil {
				return fmt.Errorf("answer of step %d: %w", i, err)
			}
			a.Messages[j] = p.places.Named(v)
		}
		a.Message = p.places.Text(p.names.Back(a.Message))
		for key, value := range a.Trailers {
			a.Trailers[key] = p.places.Text(p.names.Back(value))
		}
	}
	return nil
}
