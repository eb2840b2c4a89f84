package eventlog_test

import (
	"context"
	"errors"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/proto"

	"github.com/jejak-kinerja/jejak/commands"
	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/internal/eventlog"
	"github.com/jejak-kinerja/jejak/internal/eventlog/scripted"
)

func unmarshal(frame []byte, m proto.Message) error { return proto.Unmarshal(frame, m) }

const deletedFromOutside = "stream-deleted-from-outside"

// tryAppend appends with the recorded stream, expectation and ids.
func tryAppend(t *testing.T, s *stage) {
	requests, whole, err := s.recording.Frames(s.call.Requests)
	if err != nil {
		t.Fatal(err)
	}
	p, err := scripted.ProposalOf(requests)
	if err != nil {
		t.Fatal(err)
	}
	if !p.Exact {
		t.Skip("the adapter always expects a revision")
	}
	if !whole || len(p.IDs) == 0 && len(requests) < 2 && s.appended(t, s.call) == nil {
		p.IDs = []string{uuid.NewString()} // large ones were left out of the recording
	}
	l := s.open(t, func(o *eventlog.Options) {
		if s.silent() {
			o.CallTimeout = 1500 * time.Millisecond
		}
	})
	place, err := l.Append(t.Context(), p.Stream, p.After, facts(p.IDs))
	if !possible(p) {
		if err == nil || len(s.calls()) > 0 {
			t.Errorf("what no store would take was sent %d times: %v", len(s.calls()), err)
		}
		return
	}
	for _, c := range s.calls() {
		if !c.Leader() {
			t.Error("an append did not ask for the leader")
		}
	}
	want := commands.Place{Revision: uint64(p.After + int64(len(p.IDs))), Position: laterPosition}
	answer := s.appended(t, s.call)
	switch success := answer.GetSuccess(); {
	case s.silent():
		if domain.KindOf(err) != domain.Unavailable {
			t.Errorf("no answer: %+v, %v", place, err)
		}
	case s.transient():
		if err != nil || place != want || s.answers != 1 {
			t.Errorf("after %s %s: %+v, %v after %d more tries", s.call.End.Kind, s.call.End.Message, place, err, s.answers)
		}
	case s.call.End.Status == int(codes.FailedPrecondition):
		if domain.SlugOf(err) != deletedFromOutside || domain.KindOf(err) != domain.Refused {
			t.Errorf("a deleted stream: %+v, %v", place, err)
		}
	case s.call.End.Trailers["exception"] == "maximum-append-size-exceeded":
		if domain.SlugOf(err) != "append-too-large" || len(s.calls()) != 1 {
			t.Errorf("more than the store takes: %+v, %v after %d tries", place, err, len(s.calls()))
		}
	case s.call.End.Status != 0:
		if err == nil || errors.Is(err, commands.ErrMoved) {
			t.Errorf("status %d %s: %+v, %v", s.call.End.Status, s.call.End.Message, place, err)
		}
	case success == nil:
		if !errors.Is(err, commands.ErrMoved) {
			t.Errorf("a wrong expected revision: %+v, %v", place, err)
		}
	case success.GetPosition() == nil || success.GetCurrentRevision() != want.Revision:
		s.checkRepeat(t, p, place, err)
	default:
		want.Position = success.GetPosition().GetCommitPosition()
		if err != nil || place != want {
			t.Errorf("got %+v, %v; want %+v", place, err, want)
		}
	}
}

// possible says that our own rules let such an append through.
func possible(p scripted.Proposal) bool {
	for _, id := range p.IDs {
		if _, err := uuid.Parse(id); err != nil {
			return false
		}
	}
	return len(p.IDs) > 0
}

// checkRepeat is for an answer without a full place: what the stream holds decides.
func (s *stage) checkRepeat(t *testing.T, p scripted.Proposal, place commands.Place, err error) {
	t.Helper()
	held := s.streams[p.Stream]
	if s.gone[p.Stream] || len(held) == 0 {
		if domain.SlugOf(err) != deletedFromOutside {
			t.Errorf("a repeat on a deleted stream: %+v, %v", place, err)
		}
		return
	}
	for _, e := range held {
		if e.id == p.IDs[len(p.IDs)-1] && err == nil && place.Revision == e.revision && place.Position == e.position {
			return
		}
	}
	if err == nil || domain.KindOf(err) == domain.Unavailable {
		t.Errorf("an answer without a place: %+v, %v", place, err)
	}
}

// trySubscription follows the log from the recorded place.
func trySubscription(t *testing.T, s *stage) {
	requests, _, err := s.recording.Frames(s.call.Requests)
	if err != nil {
		t.Fatal(err)
	}
	o, err := scripted.ReadOf(requests[0])
	if err != nil {
		t.Fatal(err)
	}
	after := o.GetAll().GetPosition().GetCommitPosition()
	if o.GetAll().GetPosition().GetPreparePosition() > after {
		t.Skip("the adapter has one number for both")
	}
	l := s.open(t)
	sub, err := l.Subscribe(t.Context(), after)
	if err != nil {
		t.Fatal(err)
	}
	defer sub.Close()
	placed := after == 0 || s.places[after]
	ended := s.call.End.Kind == "status" && s.call.End.Status != int(codes.NotFound) // not by an election
	if !placed || ended {
		ctx, cancel := context.WithTimeout(t.Context(), patience)
		defer cancel()
		for err == nil {
			_, err = sub.Next(ctx)
		}
		if !errors.Is(err, eventlog.ErrNotAPlace) {
			t.Errorf("from %d, which is no place: %v", after, err)
		}
		return
	}
	want := s.events(t, after)
	got := collect(t, sub, len(want))
	if !slices.Equal(got, want) {
		t.Errorf("got %d events, want %d: %v", len(got), len(want), firstDifference(got, want))
	}
	for _, c := range s.calls() {
		if c.Leader() {
			t.Error("a subscription asked for the leader")
		}
	}
	if s.transient() {
		s.checkResumed(t, after, want)
	}
	ctx, cancel := context.WithTimeout(t.Context(), quiet)
	defer cancel()
	for ctx.Err() == nil {
		batch, err := sub.Next(ctx)
		if err != nil && ctx.Err() == nil || len(batch.Entries) > 0 {
			t.Errorf("after all of it: %d events, %v", len(batch.Entries), err)
		}
	}
}

// checkResumed waits until a broken subscription is taken up after its last event, or
// after a checkpoint behind it.
func (s *stage) checkResumed(t *testing.T, after uint64, want []uint64) {
	t.Helper()
	last := after
	if len(want) > 0 {
		last = want[len(want)-1]
	}
	deadline := time.Now().Add(patience)
	for {
		s.mu.Lock()
		again := slices.Clone(s.again)
		s.mu.Unlock()
		if len(again) > 0 {
			if at, err := strconv.ParseUint(again[0], 10, 64); err != nil || at < last || at > last && !s.places[at] {
				t.Errorf("it was taken up at %v, the last event was at %d", again, last)
			}
			return
		}
		if time.Now().After(deadline) {
			t.Fatal("it was never taken up again")
		}
		time.Sleep(time.Millisecond)
	}
}

// events are the positions of the ledger's events in the recorded answer.
func (s *stage) events(t *testing.T, after uint64) (positions []uint64) {
	t.Helper()
	frames, _, err := s.recording.Frames(s.call.Responses)
	if err != nil {
		t.Fatal(err)
	}
	for _, frame := range frames {
		e, _, err := scripted.EventOf(frame)
		if err != nil {
			t.Fatal(err)
		}
		if e == nil || strings.HasPrefix(e.GetMetadata()["type"], "$") || strings.HasPrefix(string(e.GetStreamIdentifier().GetStreamName()), "$") {
			continue
		}
		if after == 0 || e.GetCommitPosition() != after {
			positions = append(positions, e.GetCommitPosition())
		}
	}
	return positions
}

func collect(t *testing.T, sub *eventlog.Subscription, n int) (positions []uint64) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	for len(positions) < n {
		batch, err := sub.Next(ctx)
		if err != nil {
			t.Fatalf("after %d of %d events: %v", len(positions), n, err)
		}
		for _, e := range batch.Entries {
			positions = append(positions, e.Position)
		}
		if len(batch.Entries) > 0 && batch.Position < positions[len(positions)-1] {
			t.Fatalf("a batch up to %d says that it is at %d", positions[len(positions)-1], batch.Position)
		}
	}
	return positions
}

func firstDifference(got, want []uint64) any {
	for n := range min(len(got), len(want)) {
		if got[n] != want[n] {
			return [3]uint64{uint64(n), got[n], want[n]}
		}
	}
	return "one is longer"
}

// tryReadAll reads the log from the recorded place.
func tryReadAll(t *testing.T, s *stage) {
	requests, _, err := s.recording.Frames(s.call.Requests)
	if err != nil {
		t.Fatal(err)
	}
	o, err := scripted.ReadOf(requests[0])
	if err != nil {
		t.Fatal(err)
	}
	at := o.GetAll().GetPosition()
	back := o.GetReadDirection() == 1
	l := s.open(t, s.impatient)
	frames, _, err := s.recording.Frames(s.call.Responses)
	if err != nil {
		t.Fatal(err)
	}
	refused := s.call.End.Kind == "status" && s.call.End.Status == int(codes.Unknown)
	var got []uint64
	if at.GetCommitPosition() != at.GetPreparePosition() {
		if back {
			t.Skip("the adapter reads backwards from whole positions only")
		}
		var raw []eventlog.Raw
		raw, err = l.ReadRaw(t.Context(), at.GetCommitPosition(), at.GetPreparePosition())
		for _, r := range raw {
			if !strings.HasPrefix(r.Type, "$") && !strings.HasPrefix(r.Stream, "$") {
				got = append(got, r.Position)
			}
		}
		if at.GetPreparePosition() < at.GetCommitPosition() && !refused && err == nil {
			return // the event at the place itself is later than the pair: it comes, too
		}
	} else {
		var entries []eventlog.Entry
		entries, err = l.ReadAll(t.Context(), at.GetCommitPosition(), max(1, len(s.events(t, at.GetCommitPosition()))), back)
		for _, e := range entries {
			got = append(got, e.Position)
		}
	}
	beyond := !back && at.GetCommitPosition() > 0 && len(frames) == 0 && s.call.End.Status == 0 && s.call.End.Kind == "status"
	switch want := s.events(t, at.GetCommitPosition()); {
	case refused, beyond, at.GetCommitPosition() > math.MaxInt64:
		if !errors.Is(err, eventlog.ErrNotAPlace) || domain.KindOf(err) != domain.Conflict {
			t.Errorf("from a position that is no place: %v, %v", got, err)
		}
		if _, ok, err := l.RawAt(t.Context(), at.GetCommitPosition(), at.GetPreparePosition()); ok || err != nil {
			t.Errorf("RawAt finds an event there: %v", err)
		}
	default:
		s.checkRead(t, got, want, err)
	}
}

// tryReadStream reads a stream as it was recorded.
func tryReadStream(t *testing.T, s *stage) {
	requests, _, err := s.recording.Frames(s.call.Requests)
	if err != nil {
		t.Fatal(err)
	}
	o, err := scripted.ReadOf(requests[0])
	if err != nil {
		t.Fatal(err)
	}
	l := s.open(t, s.impatient)
	limit := int(min(o.GetCount(), eventlog.MaxStreamEvents))
	name := string(o.GetStream().GetStreamIdentifier().GetStreamName())
	entries, err := l.ReadStream(t.Context(), name, o.GetStream().GetRevision(), limit)
	if s.call.End.Kind == "status" && s.call.End.Status == int(codes.FailedPrecondition) {
		if domain.SlugOf(err) != deletedFromOutside {
			t.Errorf("a deleted stream: %d events, %v", len(entries), err)
		}
		return
	}
	var got, want []uint64
	for _, e := range entries {
		got = append(got, e.Position)
	}
	frames, _, err2 := s.recording.Frames(s.call.Responses)
	if err2 != nil {
		t.Fatal(err2)
	}
	for _, frame := range frames {
		e, _, err := scripted.EventOf(frame)
		if err != nil {
			t.Fatal(err)
		}
		if e != nil {
			want = append(want, e.GetCommitPosition())
		}
	}
	s.checkRead(t, got, want, err)
}

// impatient is for answers that never come.
func (s *stage) impatient(o *eventlog.Options) {
	if s.silent() {
		o.CallTimeout = 1500 * time.Millisecond
	}
}

func (s *stage) checkRead(t *testing.T, got, want []uint64, err error) {
	t.Helper()
	for _, c := range s.calls() {
		if !c.Leader() {
			t.Error("a read did not ask for the leader")
		}
	}
	end := s.call.End
	switch {
	case s.silent():
		if domain.KindOf(err) != domain.Unavailable {
			t.Errorf("no answer: %v, %v", got, err)
		}
	case s.transient() && end.Kind == "status": // asked again, and elsewhere
		if err != nil || len(s.calls()) < 1 {
			t.Errorf("after status %d %s: %v", end.Status, end.Message, err)
		}
	case end.Kind == "status" && end.Status != 0:
		if err == nil {
			t.Errorf("status %d %s was taken for an answer", end.Status, end.Message)
		}
	default:
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("got %d events, want %d: %v, %v", len(got), len(want), firstDifference(got, want), err)
		}
	}
}
