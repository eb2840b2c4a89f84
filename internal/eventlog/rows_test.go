package eventlog_test

import (
	"context"
	"errors"
	"log/slog"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
	"github.com/google/uuid"
	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/proto"

	"github.com/jejak-kinerja/jejak/commands"
	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/catalog"
	"github.com/jejak-kinerja/jejak/internal/bus"
	"github.com/jejak-kinerja/jejak/internal/eventlog"
	"github.com/jejak-kinerja/jejak/internal/eventlog/scripted"
	"github.com/jejak-kinerja/jejak/internal/pgrun/pgtest"
	"github.com/jejak-kinerja/jejak/projections"
	"github.com/jejak-kinerja/jejak/projections/engine"
)

// lessons are what a real server does and one would not expect, each with what must
// come of it.
var lessons = []struct {
	sentence string
	check    func(*testing.T)
}{
	{"a read model moves though the store begins with a checkpoint beyond all positions", func(t *testing.T) { readModelMoves(t, "02a-sub-fresh") }},
	{"a read model moves though the store begins with a checkpoint at zero", func(t *testing.T) { readModelMoves(t, "02b-sub-system-events-only") }},
	{"nothing is asked of a follower, and subscriptions ask for nobody", followerIsLeft},
	{"an election is waited for within one call", electionIsWaitedFor},
	{"a leader that stands still is left for the next one", frozenLeaderIsLeft},
	{"a position ahead of the log ends a subscription, whatever the store says", func(t *testing.T) { replayOnly(t, "02c-sub-positions", "ahead") }},
	{"a position inside an event is none of the log, to reads and to subscriptions", func(t *testing.T) {
		replayOnly(t, "04b-all", "")
		replayOnly(t, "02c-sub-positions", "")
	}},
	{"a subscription that has fallen behind does not call itself caught up", behindIsNotCaughtUp},
	{"a node that never had a leader is not taken for an empty ledger", leaderlessIsNotEmpty},
	{"a repeat on a stream deleted since is refused as such", repeatOnDeleted},
}

func TestRecordingsTeach(t *testing.T) {
	for _, l := range lessons {
		t.Run(l.sentence, func(t *testing.T) {
			t.Parallel()
			l.check(t)
		})
	}
}

func load(t *testing.T, name string) *scripted.Recording {
	t.Helper()
	r, err := scripted.Load(filepath.Join("testdata", "recordings", name+".json"))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// replayOnly tries the calls whose label has a word in it.
func replayOnly(t *testing.T, name, word string) {
	recording := load(t, name)
	places := placesOf(t, recording)
	tried := 0
	for _, call := range recording.Calls {
		if try := planOf(t, recording, call); try != nil && strings.Contains(call.Label, word) {
			tried++
			t.Run(call.Label, func(t *testing.T) { try(t, &stage{recording: recording, call: call, places: places}) })
		}
	}
	if tried == 0 {
		t.Fatalf("no call of %s is labelled %q", name, word)
	}
}

// readModelMoves replays a subscription through the bus into a read model.
func readModelMoves(t *testing.T, name string) {
	recording := load(t, name)
	s := &stage{recording: recording, call: recording.Calls[0], places: placesOf(t, recording), dress: asFact(t)}
	want := s.events(t, 0)
	l := s.open(t)
	pool, err := engine.Connect(t.Context(), pgtest.URL(t), 2)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	silent := slog.New(slog.DiscardHandler)
	seen := projections.Projection{Name: "seen_v1", Tables: []string{"seen_v1"}, Schema: `create table seen_v1 (position bigint primary key)`,
		Apply: func(out projections.Statements, f domain.Recorded) error {
			out.Exec(`insert into seen_v1 values ($1)`, int64(f.Position))
			return nil
		}}
	e, err := engine.Open(t.Context(), pool, []projections.Projection{seen}, engine.Options{Log: silent})
	if err != nil {
		t.Fatal(err)
	}
	handler := bus.Handler{Name: "seen_v1",
		Checkpoint: func(ctx context.Context) (bus.Checkpoint, error) {
			at, err := e.Checkpoint(ctx, "seen_v1")
			return bus.Checkpoint{Position: at}, err
		},
		Handle: func(ctx context.Context, after uint64, facts []bus.Fact) error {
			return e.Handle(ctx, "seen_v1", after, facts)
		}}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() {
		done <- bus.Run(ctx, bus.Options{Source: source{l}, Handlers: []bus.Handler{handler}, Log: silent})
	}()
	soon, enough := context.WithTimeout(t.Context(), patience)
	defer enough()
	if err := e.WaitAll(soon, want[len(want)-1]); err != nil {
		t.Errorf("the read model did not reach position %d: %v", want[len(want)-1], err)
	}
	cancel()
	if err := <-done; err != nil {
		t.Error(err)
	}
	var rows int
	if err := pool.QueryRow(t.Context(), `select count(*) from seen_v1`).Scan(&rows); err != nil || rows != len(want) {
		t.Errorf("the read model has %d rows, %v; the store sent %d events", rows, err, len(want))
	}
}

// source is the log as the bus reads it.
type source struct{ log *eventlog.Log }

func (s source) Subscribe(ctx context.Context, after uint64) (bus.Stream, error) {
	sub, err := s.log.Subscribe(ctx, after)
	return stream{sub}, err
}

type stream struct{ *eventlog.Subscription }

func (s stream) Next(ctx context.Context) ([]bus.Fact, error) {
	for {
		batch, err := s.Subscription.Next(ctx)
		if err != nil || len(batch.Entries) > 0 {
			facts := make([]bus.Fact, len(batch.Entries))
			for n, e := range batch.Entries {
				facts[n] = bus.Fact(e)
			}
			return facts, err
		}
	}
}

func (s stream) Close() error {
	s.Subscription.Close()
	return nil
}

// asFact dresses recorded events of ordinary types as facts of the ledger, each at
// its place and with its id.
func asFact(t *testing.T) func([]byte) []byte {
	t.Helper()
	known, err := catalog.Ledger()
	if err != nil {
		t.Fatal(err)
	}
	fact := facts([]string{uuid.NewString()})[0]
	name, data, err := known.Encode(fact.Body)
	if err != nil {
		t.Fatal(err)
	}
	meta, err := eventlog.EncodeMeta(fact.Meta)
	if err != nil {
		t.Fatal(err)
	}
	return func(frame []byte) []byte {
		e, answer, err := scripted.EventOf(frame)
		if err != nil || e == nil || strings.HasPrefix(e.GetMetadata()["type"], "$") || strings.HasPrefix(string(e.GetStreamIdentifier().GetStreamName()), "$") {
			return frame
		}
		e.StreamIdentifier.StreamName = append([]byte("person-"), e.GetStreamIdentifier().GetStreamName()...)
		e.Metadata["type"], e.Data, e.CustomMetadata = name, data, meta
		dressed, err := proto.Marshal(answer)
		if err != nil {
			panic(err) // it was a message a moment ago
		}
		return dressed
	}
}

// followerIsLeft opens the log at a follower that would serve and forward everything
// that does not ask for the leader.
func followerIsLeft(t *testing.T) {
	recording := load(t, "07a-cluster-at-rest")
	refusal := recording.Calls[5] // an append at the follower, with the header
	s := &stage{recording: recording, call: refusal, places: placesOf(t, recording)}
	var served, subscribed atomic.Int32
	s.other = scripted.Start(t, func(c *scripted.Call) error {
		if isSubscription(c) && c.Leader() {
			t.Error("a subscription asked for the leader")
		}
		if isSubscription(c) {
			subscribed.Add(1)
		}
		return s.serve(c, false)
	})
	follower := scripted.Start(t, func(c *scripted.Call) error {
		if c.Leader() {
			return s.pointAway(c)
		}
		if c.Method == scripted.Append || c.Method == scripted.Read {
			served.Add(1)
		}
		return s.serve(c, false)
	})
	l := openAt(t, "esdb://"+follower.Address+"?tls=false")
	if _, err := l.Append(t.Context(), "person-a", commands.Empty, facts([]string{uuid.NewString()})); err != nil {
		t.Error(err)
	}
	if _, err := l.ReadStream(t.Context(), "person-a", 0, 1); err != nil {
		t.Error(err)
	}
	if _, err := l.ReadAll(t.Context(), 0, 1, true); err != nil {
		t.Error(err)
	}
	sub, err := l.Subscribe(t.Context(), 0)
	if err != nil {
		t.Fatal(err)
	}
	defer sub.Close()
	eventually(t, func() bool { return subscribed.Load() > 0 || served.Load() > 0 })
	if n := served.Load(); n > 0 {
		t.Errorf("a follower served %d calls", n)
	}
}

func isSubscription(c *scripted.Call) bool {
	if c.Method != scripted.Read {
		return false
	}
	o, err := scripted.ReadOf(c.Requests[0])
	return err == nil && o.GetSubscription() != nil
}

func eventually(t *testing.T, so func() bool) {
	t.Helper()
	for end := time.Now().Add(patience); !so(); time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("it did not come to that")
		}
	}
}

// electionIsWaitedFor: what a cluster without a leader said to appends, all in one call.
func electionIsWaitedFor(t *testing.T) {
	recording := load(t, "07b-leader-killed")
	var refusals []*scripted.Recorded
	for _, c := range recording.Calls {
		if c.Method == scripted.Append && c.End.Kind == "status" && (c.End.Status == int(codes.Unavailable) || c.End.Status == int(codes.Aborted)) && c.Metadata["requires-leader"] == "" {
			refusals = append(refusals, c)
		}
	}
	var appends atomic.Int32
	server := scripted.Start(t, func(c *scripted.Call) error {
		if c.Method != scripted.Append {
			return (&stage{}).serve(c, false)
		}
		if n := int(appends.Add(1)); n <= len(refusals) {
			return c.Refuse(codes.Code(refusals[n-1].End.Status), refusals[n-1].End.Message)
		}
		return (&stage{}).serve(c, false)
	})
	l := openAt(t, "esdb://"+server.Address+"?tls=false")
	place, err := l.Append(t.Context(), "person-a", commands.Empty, facts([]string{uuid.NewString()}))
	if err != nil || place.Position != laterPosition || int(appends.Load()) != len(refusals)+1 || len(refusals) < 3 {
		t.Errorf("after %d refusals and %d appends: %+v, %v", len(refusals), appends.Load(), place, err)
	}
}

// behindIsNotCaughtUp: the store never takes its caught_up back.
func behindIsNotCaughtUp(t *testing.T) {
	recording := load(t, "03a-slow-consumer-live")
	frames, _, err := recording.Frames(recording.Calls[0].Responses)
	if err != nil {
		t.Fatal(err)
	}
	dress := asFact(t)
	var events [][]byte
	for _, frame := range frames {
		if e, _, err := scripted.EventOf(frame); err != nil {
			t.Fatal(err)
		} else if e != nil && !strings.HasPrefix(e.GetMetadata()["type"], "$") {
			events = append(events, dress(frame))
		}
	}
	first, second := make(chan struct{}), make(chan struct{})
	server := scripted.Start(t, func(c *scripted.Call) error {
		o := &streams.ReadReq_Options{}
		if c.Method == scripted.Read {
			var err error
			if o, err = scripted.ReadOf(c.Requests[0]); err != nil {
				return err
			}
		}
		switch {
		case isSubscription(c):
			if err := errors.Join(c.Send(scripted.Confirmed()), c.Send(scripted.CaughtUp())); err != nil {
				return err
			}
			<-first
			if err := c.Send(events[0]); err != nil {
				return err
			}
			<-second
			for _, e := range events[1:] {
				if err := c.Send(e); err != nil {
					return err
				}
			}
			return c.Stay()
		case o.GetReadDirection() == streams.ReadReq_Options_Backwards && o.GetCount() > 1:
			return c.Send(events[len(events)-1]) // the newest of the log
		}
		return (&stage{}).serve(c, false)
	})
	l := openAt(t, "esdb://"+server.Address+"?tls=false")
	sub, err := l.Subscribe(t.Context(), 0)
	if err != nil {
		t.Fatal(err)
	}
	defer sub.Close()
	next := func() eventlog.Batch {
		ctx, cancel := context.WithTimeout(t.Context(), patience)
		defer cancel()
		batch, err := sub.Next(ctx)
		if err != nil {
			t.Fatal(err)
		}
		return batch
	}
	for !next().CaughtUp { // the log is still empty
	}
	newest, err := l.ReadAll(t.Context(), 0, 1, true)
	if err != nil || len(newest) != 1 {
		t.Fatalf("%d events, %v", len(newest), err)
	}
	close(first)
	if batch := next(); batch.CaughtUp || len(batch.Entries) == 0 {
		t.Errorf("at %d of %d, after %d events, it calls itself caught up: %t", batch.Position, newest[0].Position, len(batch.Entries), batch.CaughtUp)
	}
	close(second)
	for {
		batch := next()
		if batch.CaughtUp {
			if batch.Position != newest[0].Position {
				t.Errorf("it calls itself caught up at %d, the end is at %d", batch.Position, newest[0].Position)
			}
			return
		}
	}
}

// leaderlessIsNotEmpty: what 07f answers, until the node leads.
func leaderlessIsNotEmpty(t *testing.T) {
	recording := load(t, "07f-node-without-leader")
	var refusal *scripted.Recorded
	for _, c := range recording.Calls {
		if c.Method == scripted.Read && c.Metadata["requires-leader"] == "true" && c.End.Kind == "status" {
			refusal = c
		}
	}
	var leads atomic.Bool
	server := scripted.Start(t, func(c *scripted.Call) error {
		if !leads.Load() && (c.Leader() || c.Method == scripted.Append) {
			return c.Refuse(codes.Code(refusal.End.Status), refusal.End.Message)
		}
		return (&stage{}).serve(c, false) // an empty log, and OK
	})
	known, err := catalog.Ledger()
	if err != nil {
		t.Fatal(err)
	}
	o := eventlog.Options{URL: "esdb://" + server.Address + "?tls=false", Catalog: known, Log: slog.New(slog.DiscardHandler)}
	ctx, cancel := context.WithTimeout(t.Context(), 500*time.Millisecond)
	defer cancel()
	if l, err := eventlog.Open(ctx, o); err == nil {
		t.Error("a node without a leader was taken for an event store")
		if err := l.Close(); err != nil {
			t.Error(err)
		}
	} else if domain.SlugOf(err) != "event-store-has-no-leader" {
		t.Error(err)
	}
	leads.Store(true)
	openAt(t, o.URL)
}

// repeatOnDeleted tries the recorded repeats that succeed without a position.
func repeatOnDeleted(t *testing.T) {
	recording := load(t, "05a-appends")
	tried := 0
	for _, call := range recording.Calls {
		s := &stage{recording: recording, call: call, places: map[uint64]bool{}}
		if call.Method != scripted.Append {
			continue
		}
		requests, _, err := recording.Frames(call.Requests)
		if err != nil {
			t.Fatal(err)
		}
		p, err := scripted.ProposalOf(requests)
		if success := s.successOf(t, call); err != nil || success == nil || success.GetPosition() != nil || !p.Exact || len(p.IDs) == 0 {
			continue
		}
		tried++
		_, err = s.open(t).Append(t.Context(), p.Stream, p.After, facts(p.IDs))
		if domain.SlugOf(err) != deletedFromOutside || domain.KindOf(err) != domain.Refused {
			t.Errorf("%s: %v", call.Label, err)
		}
	}
	if tried == 0 {
		t.Error("no such repeat was recorded")
	}
}
