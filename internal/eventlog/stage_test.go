package eventlog_test

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
	"google.golang.org/grpc/codes"

	"github.com/jejak-kinerja/jejak/domain/catalog"
	"github.com/jejak-kinerja/jejak/internal/eventlog"
	"github.com/jejak-kinerja/jejak/internal/eventlog/scripted"
)

// stage is a server that gives one recorded answer, and does the rest as the real
// one would: it leads, knows the places of its log, and holds what was appended.
type stage struct {
	recording *scripted.Recording
	call      *scripted.Recorded
	places    map[uint64]bool
	dress     func([]byte) []byte // changes messages of reads

	mu      sync.Mutex
	given   int                  // how often the recorded answer was given, or begun
	answers int                  // appends of any kind that were answered
	follows bool                 // it said that another node leads
	again   []string             // where later subscriptions began
	asked   []*scripted.Call     // the tested calls
	other   *scripted.Server     // the other node, that leads then
	streams map[string]([]event) // as the earlier calls of the recording left them
	gone    map[string]bool
}

type event struct {
	id       string
	revision uint64
	position uint64
}

func (s *stage) open(t *testing.T, change ...func(*eventlog.Options)) *eventlog.Log {
	t.Helper()
	s.remember(t)
	s.other = scripted.Start(t, s.answerAsLeader)
	first := scripted.Start(t, s.answer)
	return openAt(t, "esdb://"+first.Address+"?tls=false", change...)
}

func openAt(t *testing.T, address string, change ...func(*eventlog.Options)) *eventlog.Log {
	t.Helper()
	known, err := catalog.Ledger()
	if err != nil {
		t.Fatal(err)
	}
	o := eventlog.Options{URL: address, Catalog: known, Log: slog.New(slog.DiscardHandler)}
	for _, c := range change {
		c(&o)
	}
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	l, err := eventlog.Open(ctx, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := l.Close(); err != nil {
			t.Error(err)
		}
	})
	return l
}

// remember plays the appends that came before the tested call.
func (s *stage) remember(t *testing.T) {
	s.streams, s.gone = map[string][]event{}, map[string]bool{}
	for _, call := range s.recording.Calls {
		if s.call == nil || call.N >= s.call.N {
			return
		}
		requests, _, err := s.recording.Frames(call.Requests)
		if err != nil {
			t.Fatal(err)
		}
		if call.End.Kind != "status" || call.End.Status != 0 {
			continue
		}
		switch {
		case call.Method == scripted.Append:
			p, err := scripted.ProposalOf(requests)
			if err != nil {
				t.Fatal(err)
			}
			s.store(t, p, call)
		case strings.HasSuffix(call.Method, "/Delete"), strings.HasSuffix(call.Method, "/Tombstone"):
			o := &streams.DeleteReq{}
			if err := unmarshal(requests[0], o); err != nil {
				t.Fatal(err)
			}
			s.gone[string(o.GetOptions().GetStreamIdentifier().GetStreamName())] = true
		}
	}
}

func (s *stage) store(t *testing.T, p scripted.Proposal, call *scripted.Recorded) {
	success := s.successOf(t, call)
	if success == nil || success.GetPosition() == nil || len(p.IDs) == 0 {
		return
	}
	last := success.GetCurrentRevision()
	held := s.streams[p.Stream]
	if n := len(held); n > 0 && held[n-1].revision >= last {
		return // a repeat
	}
	s.gone[p.Stream] = false
	for n, id := range p.IDs {
		s.streams[p.Stream] = append(s.streams[p.Stream], event{id, last - uint64(len(p.IDs)-1-n), success.GetPosition().GetCommitPosition()})
	}
}

// successOf gives what a recorded append was answered; nil when it did not succeed.
func (s *stage) successOf(t *testing.T, call *scripted.Recorded) *streams.AppendResp_Success {
	t.Helper()
	if answer := s.appended(t, call); answer != nil {
		return answer.GetSuccess()
	}
	return nil
}

func (s *stage) appended(t *testing.T, call *scripted.Recorded) *streams.AppendResp {
	t.Helper()
	frames, _, err := s.recording.Frames(call.Responses)
	if err != nil {
		t.Fatal(err)
	}
	if len(frames) == 0 {
		return nil
	}
	answer := &streams.AppendResp{}
	if err := unmarshal(frames[0], answer); err != nil {
		t.Fatal(err)
	}
	return answer
}

// answer is the server of the recording.
func (s *stage) answer(c *scripted.Call) error {
	s.mu.Lock()
	follows := s.follows
	s.mu.Unlock()
	if follows && c.Leader() {
		return s.pointAway(c)
	}
	return s.serve(c, true)
}

// answerAsLeader is the node that leads when the first one does not.
func (s *stage) answerAsLeader(c *scripted.Call) error { return s.serve(c, false) }

func (s *stage) pointAway(c *scripted.Call) error {
	return c.Refuse(codes.NotFound, "Leader info available", "exception", "not-leader",
		"leader-endpoint-host", s.other.Host, "leader-endpoint-port", strconv.Itoa(s.other.Port))
}

func (s *stage) serve(c *scripted.Call, recorded bool) error {
	switch c.Method {
	case scripted.Features:
		return c.Refuse(codes.Unimplemented, "")
	case scripted.Append:
		return s.serveAppend(c, recorded)
	case scripted.Read:
		return s.serveRead(c, recorded)
	}
	return c.Refuse(codes.Unimplemented, "")
}

func (s *stage) serveAppend(c *scripted.Call, recorded bool) error {
	if recorded && s.first(c) {
		return s.play(c)
	}
	p, err := scripted.ProposalOf(c.Requests)
	if err != nil {
		return err
	}
	s.mu.Lock()
	s.answers++
	s.mu.Unlock()
	return c.Send(scripted.Stored(uint64(p.After+int64(len(p.IDs))), laterPosition))
}

// probeStream is what nodes are asked for to see whether they lead.
const probeStream = "jejakprobe"

// laterPosition is that of an append which was taken at the second try.
const laterPosition = 1 << 40

func (s *stage) serveRead(c *scripted.Call, recorded bool) error {
	o, err := scripted.ReadOf(c.Requests[0])
	if err != nil {
		return err
	}
	_, counted := o.GetCountOption().(*streams.ReadReq_Options_Count)
	back := o.GetReadDirection() == streams.ReadReq_Options_Backwards
	at := o.GetAll().GetPosition().GetCommitPosition()
	switch {
	case string(o.GetStream().GetStreamIdentifier().GetStreamName()) == probeStream:
		return c.Send(scripted.NotFound(probeStream))
	case !counted:
		if recorded && s.first(c) {
			return s.play(c)
		}
		s.mu.Lock()
		s.again = append(s.again, strconv.FormatUint(at, 10))
		s.mu.Unlock()
		return errors.Join(c.Send(scripted.Confirmed()), c.Stay())
	case back && o.GetCount() == 1 && o.GetAll() != nil:
		return nil // a sign of life
	case !back && o.GetCount() == 1 && o.GetAll().GetPosition() != nil && s.isSubscription():
		return s.servePlace(c, at)
	case recorded && s.call.Method == scripted.Read && s.first(c):
		return s.play(c)
	case o.GetStream() != nil:
		return s.serveStream(c, o)
	case s.playsAgain() && !s.isSubscription() && s.call.Method == scripted.Read:
		return s.play(c)
	case !back && at > 0:
		return s.servePlace(c, at)
	}
	return nil
}

// playsAgain says that the recorded answer broke off in the middle, so that it is
// given once more, to its end.
func (s *stage) playsAgain() bool { return s.call.End.Kind == "connection-lost" }

func (s *stage) isSubscription() bool {
	if s.call == nil || s.call.Method != scripted.Read {
		return false
	}
	frames, _, _ := s.recording.Frames(s.call.Requests)
	o, err := scripted.ReadOf(frames[0])
	return err == nil && o.GetSubscription() != nil
}

// servePlace answers a read that begins at a position, as the real server does.
func (s *stage) servePlace(c *scripted.Call, at uint64) error {
	if s.places[at] || s.call.End.Kind == "status" && s.isSubscription() { // let the recorded refusal be heard
		return c.Send(scripted.EventAt(at, s.ids(at)))
	}
	for place := range s.places {
		if place > at {
			return c.Refuse(codes.Unknown, "Unexpected ReadAllResult: InvalidPosition")
		}
	}
	return nil // ahead of the log
}

// ids gives the id of the recorded event at a position; "" when none was recorded.
func (s *stage) ids(at uint64) string {
	for _, call := range s.recording.Calls {
		if call.Method != scripted.Read {
			continue
		}
		frames, _, err := s.recording.Frames(call.Responses)
		if err != nil {
			return ""
		}
		for _, frame := range frames {
			if e, _, err := scripted.EventOf(frame); err == nil && e != nil && e.GetCommitPosition() == at {
				return scripted.IDOf(e.GetId())
			}
		}
	}
	return ""
}

func (s *stage) serveStream(c *scripted.Call, o *streams.ReadReq_Options) error {
	name := string(o.GetStream().GetStreamIdentifier().GetStreamName())
	if s.gone[name] || len(s.streams[name]) == 0 {
		return c.Send(scripted.NotFound(name))
	}
	sent := uint64(0)
	for _, e := range s.streams[name] {
		if e.revision < o.GetStream().GetRevision() || sent == o.GetCount() {
			continue
		}
		sent++
		if err := c.Send(scripted.EventOfStream(name, e.id, e.revision, e.position)); err != nil {
			return err
		}
	}
	return nil
}

// first notes a tested call; true for the first of them.
func (s *stage) first(c *scripted.Call) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.asked = append(s.asked, c)
	s.given++
	return s.given == 1
}

// play gives the recorded answer.
func (s *stage) play(c *scripted.Call) error {
	frames, _, err := s.recording.Frames(s.call.Responses)
	if err != nil {
		return err
	}
	for _, frame := range frames {
		if s.dress != nil {
			frame = s.dress(frame)
		}
		if err := c.Send(frame); err != nil {
			return err
		}
	}
	s.mu.Lock()
	repeated := s.given > 1
	s.mu.Unlock()
	end := s.call.End
	switch {
	case end.Kind == "status" && end.Trailers["exception"] == "not-leader":
		s.mu.Lock()
		s.follows = true
		s.mu.Unlock()
		return s.pointAway(c)
	case end.Kind == "status" && end.Status != 0:
		var trailers []string
		for key, value := range end.Trailers {
			trailers = append(trailers, key, value)
		}
		return c.Refuse(codes.Code(end.Status), end.Message, trailers...)
	case end.Kind == "status", repeated && s.playsAgain() && !s.isSubscription():
		return nil
	case end.Kind == "connection-lost", end.Kind == "rst":
		return c.Cut()
	}
	return c.Stay()
}

// transient says that the answer is one of a cluster without a leader, or of a
// broken connection: the adapter asks again.
func (s *stage) transient() bool {
	end := s.call.End
	switch {
	case end.Kind == "connection-lost", end.Kind == "rst":
		return true
	case end.Kind != "status":
		return false
	}
	return end.Status == int(codes.Unavailable) || end.Status == int(codes.Aborted) || end.Trailers["exception"] == "not-leader"
}

// silent says that the answer never came.
func (s *stage) silent() bool {
	return s.call.End.Kind != "status" && !s.transient()
}

func (s *stage) calls() []*scripted.Call {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.asked)
}
