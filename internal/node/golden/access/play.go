package access

import (
	"cmp"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"
	"google.golang.org/grpc"

	"github.com/jejak-kinerja/jejak/internal/clock"
	"github.com/jejak-kinerja/jejak/internal/node/golden"
)

const (
	stepLimit    = 5 * time.Second
	defaultQuiet = 150 * time.Millisecond
)

// Outcome is what one caller got in one step.
type Outcome struct {
	Scenario   string
	Step       int
	Label      string
	Difference string // "" for the recorded answer
}

// player replays one scenario.
type player struct {
	set    *Set
	conn   grpc.ClientConnInterface
	suffix string
	names  map[string]*golden.Names // by label
	calls  map[string]*opened
}

// opened is a call that stays open under a name.
type opened struct {
	*golden.Call
	label, rpc string
	all        bool // reads $all
}

// Play replays a scenario. An error is one of the replay itself.
func (s *Set) Play(ctx context.Context, conn grpc.ClientConnInterface, scenario Scenario) (all []Outcome, err error) {
	p := &player{set: s, conn: conn, suffix: golden.NewNames().Suffix, names: map[string]*golden.Names{}, calls: map[string]*opened{}}
	defer func() {
		for _, c := range p.calls {
			c.Cancel()
		}
	}()
	for i, step := range scenario.Steps {
		if step.Do == "" && step.On == "" {
			time.Sleep(time.Duration(step.WaitMS) * time.Millisecond)
			continue
		}
		labels := s.labels(step.Each)
		if step.Each == "" {
			labels = []string{step.As}
		}
		for _, label := range labels {
			as := label
			if step.As != "" {
				as = step.As
			}
			difference, err := p.step(ctx, step, label, as)
			if err != nil {
				return nil, fmt.Errorf("%s, step %d as %s: %w", scenario.Name, i, label, err)
			}
			all = append(all, Outcome{scenario.Name, i, label, difference})
		}
	}
	return all, nil
}

func (p *player) step(ctx context.Context, step Step, label, as string) (string, error) {
	call := p.set.Requests[step.Do]
	c, name := p.calls[step.On], cmp.Or(step.On, step.Call)
	requests := step.Requests
	if step.On == "" {
		method, err := golden.FindMethod(call.RPC)
		if err != nil {
			return "", err
		}
		started, err := golden.Start(ctx, p.conn, method, p.set.credentials(as))
		if err != nil {
			return "", err
		}
		c, requests = &opened{started, label, call.RPC, readsAll(call)}, call.Requests
		if name != "" {
			p.calls[name] = c
		}
	}
	if c == nil {
		return "", fmt.Errorf("no open call %q", step.On)
	}
	if err := p.send(c, requests); err != nil {
		return "", err
	}
	if step.On == "" && (!call.Open || call.HalfClose || !sendsMore(call.RPC)) {
		if err := c.CloseSend(); err != nil {
			return "", err
		}
	}
	want := p.set.expected(step, label)
	a, err := p.take(c, want, step)
	if name == "" {
		c.Cancel()
	}
	if err != nil || want == nil {
		return "", err
	}
	return difference(*want, a, step.Unordered), nil
}

// send sends requests as this run's and this caller's.
func (p *player) send(c *opened, requests []any) error {
	r := golden.Request{Names: p.namesOf(c.label), Place: func(string) uint64 { return 0 },
		Delivered: func(call string) []string {
			if c := p.calls[call]; c != nil {
				return c.Events
			}
			return nil
		}}
	for _, recorded := range requests {
		mine, err := ofCaller(recorded, c.label)
		if err != nil {
			return err
		}
		if c.Method.Request.Descriptor().Fields().Len() == 0 {
			mine = map[string]any{} // of a service that the node does not have
		}
		m, err := r.Message(mine, c.Method.Request)
		if err != nil {
			return fmt.Errorf("request: %w", err)
		}
		if err := c.Send(m); err != nil {
			return err
		}
	}
	return nil
}

// namesOf gives each caller ids of its own, and all the scenario's suffix.
func (p *player) namesOf(label string) *golden.Names {
	if p.names[label] == nil {
		p.names[label] = golden.NewNames()
		p.names[label].Suffix = p.suffix
	}
	return p.names[label]
}

// ofCaller puts the label into a recorded request, and completes proposed events.
func ofCaller(recorded any, label string) (map[string]any, error) {
	body, err := json.Marshal(recorded)
	if err != nil {
		return nil, err
	}
	var mine map[string]any
	if err := golden.Decode([]byte(strings.ReplaceAll(string(body), "{as}", label)), &mine); err != nil {
		return nil, err
	}
	proposed, _ := mine["proposed_messages"].([]any)
	if one, ok := mine["proposed_message"]; ok {
		proposed = append(proposed, one)
	}
	for _, v := range proposed {
		e, _ := v.(map[string]any)
		if e["id"] == nil {
			e["id"] = map[string]any{"structured": uuid.NewString()}
		}
		if e["metadata"] == nil {
			e["metadata"] = map[string]any{"type": "T", "content-type": "application/json"}
		}
	}
	return mine, nil
}

func (s *Set) credentials(label string) map[string]string {
	u := s.Users[label]
	switch {
	case u.Authorization != nil:
		return map[string]string{"authorization": *u.Authorization}
	case u.Name != "":
		return map[string]string{"authorization": "Basic " + base64.StdEncoding.EncodeToString([]byte(u.Name+":"+u.Password))}
	}
	return nil
}

// sendsMore tells whether a client may send more than one message, and keeps its
// side open for that.
func sendsMore(rpc string) bool {
	return rpc == "streams.Append" || rpc == "streams.BatchAppend" || rpc == "persistent.Read"
}

// readsAll tells whether a call reads the whole log, where others' events come, too.
func readsAll(r Request) bool {
	if len(r.Requests) == 0 {
		return false
	}
	first, _ := r.Requests[0].(map[string]any)
	options, _ := first["options"].(map[string]any)
	_, all := options["all"]
	return all
}

// take waits for what is expected, and for what comes too much.
func (p *player) take(c *opened, want *Answer, step Step) (Answer, error) {
	code, count := "OK", 0
	if want != nil {
		code, count = want.Code, len(want.Got)
	}
	deadline := clock.Now().Add(stepLimit)
	a, over := Answer{Code: golden.Open}, false
	more := func(atLeast int, ended bool, quiet time.Duration) error {
		messages, done := c.Take(atLeast, ended, quiet, max(0, deadline.Sub(clock.Now())))
		over = over || done
		return p.gather(&a, c, messages)
	}
	for len(a.Got) < count && !over && clock.Now().Before(deadline) {
		if err := more(1, false, 0); err != nil {
			return a, err
		}
	}
	var err error
	switch {
	case over:
	case code != golden.Open:
		err = more(0, true, 0)
	default:
		quiet := defaultQuiet
		if step.QuietMS > 0 {
			quiet = time.Duration(step.QuietMS) * time.Millisecond
		}
		err = more(0, false, quiet)
	}
	if over {
		end := c.Status()
		a.Code, a.Message, a.Trailers = end.Code, p.back(end.Message, c.label), end.Trailers
		for key, value := range a.Trailers {
			a.Trailers[key] = p.back(value, c.label)
		}
	}
	return a, err
}
