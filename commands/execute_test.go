package commands_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/jejak-kinerja/jejak/commands"
	"github.com/jejak-kinerja/jejak/commands/memstore"
	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/catalog"
	"github.com/jejak-kinerja/jejak/domain/unit"
	"github.com/jejak-kinerja/jejak/internal/clock"
)

// desk is Execute on the stream of one unit, with a store that can misbehave.
type desk struct {
	t *testing.T
	*memstore.Store
	// before runs ahead of the n-th append, from 1; onAppend may replace its answer.
	before   func(n int)
	onAppend func(n int, keep func() (commands.Place, error)) (commands.Place, error)
	appends  int
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	known, err := catalog.Ledger()
	if err != nil {
		t.Fatal(err)
	}
	d := &desk{t: t, Store: memstore.New(known, clock.Now)}
	d.do("establish-it", unit.Establish{Unit: "u", Name: "Dinas", Kind: unit.Agency, From: "2020-01-01"})
	d.appends = 0
	return d
}

func (d *desk) Append(ctx context.Context, stream string, after int64, events []commands.NewEvent) (commands.Place, error) {
	d.appends++
	n := d.appends
	if d.before != nil {
		d.before(n)
	}
	keep := func() (commands.Place, error) { return d.Store.Append(ctx, stream, after, events) }
	if d.onAppend != nil {
		return d.onAppend(n, keep)
	}
	return keep()
}

// request is what Office makes, with the content as its own digest.
func request(key domain.CommandID, actor domain.PersonID, content string) commands.Request {
	return commands.Request{
		Meta: domain.Meta{Command: key, Actor: actor, Request: content, RecordedAt: time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)},
		NewEventID: func(stream string, n int) domain.EventID {
			return domain.EventID(stream + "/" + string(actor) + "/" + string(key) + "/" + strconv.Itoa(n))
		},
	}
}

func (d *desk) execute(req commands.Request, orders ...unit.Command) (commands.Outcome, error) {
	return commands.ExecuteAll(d.t.Context(), d, unit.Decider, "u", orders, req)
}

// do executes under a key whose content is the orders themselves.
func (d *desk) do(key domain.CommandID, orders ...unit.Command) commands.Outcome {
	d.t.Helper()
	out, err := d.execute(request(key, "ani", fmt.Sprint(orders)), orders...)
	if err != nil {
		d.t.Fatal(err)
	}
	return out
}

// aliases are the codes on file, in order.
func (d *desk) aliases() []string {
	d.t.Helper()
	s, _, err := commands.State(d.t.Context(), d, unit.Decider, "u")
	if err != nil {
		d.t.Fatal(err)
	}
	return s.Aliases
}

func (d *desk) expect(aliases ...string) {
	d.t.Helper()
	if got := d.aliases(); !slices.Equal(got, aliases) {
		d.t.Fatalf("on file is %v, want %v", got, aliases)
	}
}

func alias(code string) unit.Command { return unit.AliasCode{Alias: code} }

func TestARepeatGetsTheFirstAnswerAlsoWhenTheStreamHasMovedOn(t *testing.T) {
	d := newDesk(t)
	first := d.do("key-one-1", alias("a"), alias("b"))
	d.do("key-two-2", alias("c"), unit.Close{LastDay: "2026-01-01"})
	again := d.do("key-one-1", alias("a"), alias("b"))
	if !again.Replayed || first.Replayed {
		t.Errorf("replayed: first %v, again %v", first.Replayed, again.Replayed)
	}
	again.Replayed = false
	if again != first || first.Revision != 2 || first.Events != 2 || first.Position == 0 {
		t.Errorf("again %+v, first %+v", again, first)
	}
	d.expect("a", "b", "c")
}

func TestAKeyUsedForAnotherRequestIsRefused(t *testing.T) {
	d := newDesk(t)
	d.do("key-one-1", alias("a"))
	_, err := d.execute(request("key-one-1", "ani", "another"), alias("b"))
	if domain.SlugOf(err) != "idempotency-key-reused" {
		t.Fatalf("got %v", err)
	}
	d.expect("a")
}

func TestTheSameKeyOfAnotherPersonIsAnotherRequest(t *testing.T) {
	d := newDesk(t)
	d.do("key-one-1", alias("a"))
	out, err := d.execute(request("key-one-1", "budi", "x"), alias("b"))
	if err != nil || out.Replayed {
		t.Fatalf("got %+v %v", out, err)
	}
	d.expect("a", "b")
}

func TestARequestMadeOnAnOlderRevisionIsStale(t *testing.T) {
	d := newDesk(t)
	at := func(revision int64) commands.Request {
		req := request("key-one-1", "ani", "x")
		req.IfMatch = &revision
		return req
	}
	for _, revision := range []int64{commands.Empty, 1, 7} {
		_, err := d.execute(at(revision), alias("a"))
		if domain.KindOf(err) != domain.Stale || domain.SlugOf(err) != "revision-stale" {
			t.Errorf("at %d: %v", revision, err)
		}
	}
	d.expect()
	if _, err := d.execute(at(0), alias("a")); err != nil {
		t.Fatal(err)
	}
	if again, err := d.execute(at(0), alias("a")); err != nil || !again.Replayed {
		t.Errorf("a repeat on the revision of then: %+v %v", again, err)
	}
	d.expect("a")
}

func TestACommandIsDecidedAnewWhenSomebodyElseWasFaster(t *testing.T) {
	d := newDesk(t)
	rival := func(n int) { // the second rival has the same wish
		req := request(domain.CommandID("rival-key-"+strconv.Itoa(n)), "budi", "x")
		code := map[int]string{1: "r", 2: "a"}[n]
		if _, err := commands.Execute(t.Context(), d.Store, unit.Decider, "u", alias(code), req); err != nil {
			t.Fatal(err)
		}
	}
	d.before = func(n int) { rival(n) }
	out := d.do("key-one-1", alias("a"))
	if out.Events != 0 || out.Revision != 2 || d.appends != 2 {
		t.Errorf("after %d appends: %+v", d.appends, out)
	}
	d.expect("r", "a")
}

func TestAfterThreeTriesTheAnswerIsConflict(t *testing.T) {
	d := newDesk(t)
	d.onAppend = func(int, func() (commands.Place, error)) (commands.Place, error) {
		return commands.Place{}, commands.ErrMoved
	}
	_, err := d.execute(request("key-one-1", "ani", "x"), alias("a"))
	if domain.KindOf(err) != domain.Conflict || !errors.Is(err, commands.ErrMoved) || d.appends != commands.Tries {
		t.Fatalf("after %d appends: %v", d.appends, err)
	}
	d.expect()
}

func TestALostAnswerIsFoundAgainByTheSameKey(t *testing.T) {
	lost := errors.New("the line went dead")
	for name, stored := range map[string]bool{"stored": true, "not stored": false} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			var was commands.Place
			d.onAppend = func(n int, keep func() (commands.Place, error)) (commands.Place, error) {
				if n > 1 {
					return keep()
				}
				if stored {
					was, _ = keep()
				}
				return commands.Place{}, lost
			}
			req := request("key-one-1", "ani", "x")
			if _, err := d.execute(req, alias("a"), alias("b")); !errors.Is(err, lost) || d.appends != 1 {
				t.Fatalf("after %d appends: %v", d.appends, err)
			}
			out, err := d.execute(req, alias("a"), alias("b"))
			if err != nil || out.Replayed != stored || out.Revision != 2 || out.Events != 2 {
				t.Fatalf("got %+v %v", out, err)
			}
			if stored && out.Position != was.Position {
				t.Errorf("position %d, was %d", out.Position, was.Position)
			}
			d.expect("a", "b")
		})
	}
}

// The event store's client may lose the answer, send again by itself and then
// see the stream moved on - by these very events.
func TestAStreamMovedOnByOurOwnEventsIsOurAnswer(t *testing.T) {
	d := newDesk(t)
	var was commands.Place
	d.onAppend = func(_ int, keep func() (commands.Place, error)) (commands.Place, error) {
		was, _ = keep()
		return commands.Place{}, commands.ErrMoved
	}
	out := d.do("key-one-1", alias("a"))
	if out.Position != was.Position || out.Revision != int64(was.Revision) || out.Events != 1 || d.appends != 1 {
		t.Fatalf("after %d appends %+v, stored at %+v", d.appends, out, was)
	}
	d.expect("a")
}

func TestSeveralCommandsAreStoredInOneAppendOrNotAtAll(t *testing.T) {
	d := newDesk(t)
	_, err := d.execute(request("key-one-1", "ani", "x"), alias("a"), unit.Close{LastDay: "2026-01-01"}, alias("b"))
	if domain.SlugOf(err) != "unit-closed" || d.appends != 0 {
		t.Fatalf("after %d appends: %v", d.appends, err)
	}
	d.expect()
	if out := d.do("key-two-2", alias("a"), alias("a"), alias("b")); out.Events != 2 || d.appends != 1 {
		t.Fatalf("after %d appends: %+v", d.appends, out)
	}
	d.expect("a", "b")
}

func TestWhatIsAlreadySoIsAnsweredWithoutAnEvent(t *testing.T) {
	d := newDesk(t)
	d.do("key-one-1", alias("a"))
	if out := d.do("key-two-2", alias("a")); out != (commands.Outcome{Stream: "unit-u", Revision: 1}) {
		t.Fatalf("got %+v", out)
	}
}

func TestACommandMayNotCauseTooManyEvents(t *testing.T) {
	d := newDesk(t)
	var orders []unit.Command
	for i := range commands.MaxEventsPerCommand + 1 {
		orders = append(orders, alias(strconv.Itoa(i)))
	}
	if _, err := d.execute(request("key-one-1", "ani", "x"), orders...); domain.SlugOf(err) != "command-too-large" {
		t.Fatalf("got %v", err)
	}
	if _, err := d.execute(request("key-two-2", "ani", "x"), orders[1:]...); err != nil {
		t.Fatal(err)
	}
}

func TestAKeyOrAnIDThatCannotBeStoredIsRefused(t *testing.T) {
	d := newDesk(t)
	for _, key := range []domain.CommandID{"", "short"} {
		if _, err := d.execute(request(key, "ani", "x"), alias("a")); domain.SlugOf(err) != "idempotency-key-length" {
			t.Errorf("%q: %v", key, err)
		}
	}
	for _, id := range []string{"", "U", "a/b"} {
		_, err := commands.Execute(t.Context(), d, unit.Decider, id, alias("a"), request("key-one-1", "ani", "x"))
		if domain.KindOf(err) != domain.Invalid {
			t.Errorf("%q: %v", id, err)
		}
		if _, _, err := commands.State(t.Context(), d, unit.Decider, id); domain.KindOf(err) != domain.Invalid {
			t.Errorf("state of %q: %v", id, err)
		}
	}
}

func TestAFactOfAnotherStreamIsNeverSkipped(t *testing.T) {
	d := newDesk(t)
	foreign := []commands.NewEvent{{ID: "x", Body: planAdded}}
	if _, err := d.Append(t.Context(), "unit-u", 0, foreign); err != nil {
		t.Fatal(err)
	}
	if _, err := d.execute(request("key-one-1", "ani", "x"), alias("a")); err == nil {
		t.Error("a command was decided on a stream with a foreign fact")
	}
	if _, _, err := commands.State(t.Context(), d, unit.Decider, "u"); err == nil {
		t.Error("a stream with a foreign fact was folded")
	}
}
