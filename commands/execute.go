package commands

import (
	"context"
	"errors"
	"fmt"

	"github.com/jejak-kinerja/jejak/domain"
)

// Tries is how often one command is decided anew when somebody else was faster.
// Three is enough where people write: a stream is one plan, one report.
const Tries = 3

// MaxEventsPerCommand bounds one append, and with it one transaction.
const MaxEventsPerCommand = 500

// Request is one command's envelope: who, when, why, and what the caller saw.
type Request struct {
	// Meta is stored with every event of the command; Command must be set.
	Meta domain.Meta
	// IfMatch is the revision the caller decided on; nil when it does not matter.
	IfMatch *int64
	// NewEventID makes the id of the n-th event; derived from the command, so that
	// a retry appends the same events.
	NewEventID func(stream string, n int) domain.EventID
}

// Outcome is the answer to a command.
type Outcome struct {
	Stream string
	// Revision of the stream after the command, and -1 when nothing was ever stored in it.
	Revision int64
	// Position of the command's last event; 0 when the command changed nothing.
	Position uint64
	// Events stored by the command.
	Events int
	// Replayed is true when the answer is that of an earlier, equal request.
	Replayed bool
}

// Execute answers one command on the stream of id: load, look for an earlier
// answer, fold, decide, append, and again when somebody else was faster.
//
// A repeat (same Idempotency-Key, same actor, same content) gets the first
// answer, read from the stream itself. A command that changed nothing left
// nothing there: its repeat is decided anew.
func Execute[S, C, E any](ctx context.Context, store Store, d domain.Decider[S, C, E], id string, command C, req Request) (Outcome, error) {
	return ExecuteAll(ctx, store, d, id, []C{command}, req)
}

// ExecuteAll answers several commands on one stream as one: all their events are
// stored in one append, or none.
func ExecuteAll[S, C, E any](ctx context.Context, store Store, d domain.Decider[S, C, E], id string, commands []C, req Request) (Outcome, error) {
	if err := domain.CheckID("id", id); err != nil {
		return Outcome{}, err
	}
	if err := domain.CheckCommandID(req.Meta.Command); err != nil {
		return Outcome{}, err
	}
	history, err := load(ctx, store, d.Stream(id))
	if err != nil {
		return Outcome{}, err
	}
	return executeOn(ctx, store, d, d.Stream(id), history, commands, req)
}

// executeOn is ExecuteAll on what the stream held a moment ago. When somebody else
// was faster it is decided anew on what the stream holds then.
func executeOn[S, C, E any](ctx context.Context, store Store, d domain.Decider[S, C, E], stream string, history []domain.Recorded, commands []C, req Request) (Outcome, error) {
	for try := 1; ; try++ {
		out, err := once(ctx, store, d, stream, history, commands, req)
		if !errors.Is(err, ErrMoved) {
			return out, err
		}
		if try == Tries {
			return Outcome{}, fmt.Errorf("after %d tries on %s: %w", Tries, stream, err)
		}
		if history, err = load(ctx, store, stream); err != nil {
			return Outcome{}, err
		}
	}
}

func load(ctx context.Context, store Streams, stream string) ([]domain.Recorded, error) {
	history, err := store.Load(ctx, stream)
	if err != nil {
		return nil, fmt.Errorf("load %s: %w", stream, err)
	}
	return history, nil
}

func once[S, C, E any](ctx context.Context, store Store, d domain.Decider[S, C, E], stream string, history []domain.Recorded, commands []C, req Request) (Outcome, error) {
	if out, ok, err := earlier(history, stream, req.Meta); ok || err != nil {
		return out, err
	}
	revision := int64(len(history)) - 1
	if req.IfMatch != nil && *req.IfMatch != revision {
		return Outcome{}, &domain.Error{Kind: domain.Stale, Slug: "revision-stale",
			Detail: fmt.Sprintf("%s is at revision %d, the request was made on %d", stream, revision, *req.IfMatch)}
	}
	facts, err := decide(d, history, commands)
	if err != nil {
		return Outcome{}, err
	}
	if len(facts) == 0 {
		return Outcome{Stream: stream, Revision: revision}, nil
	}
	if len(facts) > MaxEventsPerCommand {
		return Outcome{}, domain.Bad("", "command-too-large", "a command may cause at most %d events", MaxEventsPerCommand)
	}
	events := make([]NewEvent, len(facts))
	for n, fact := range facts {
		events[n] = NewEvent{ID: req.NewEventID(stream, n), Body: fact, Meta: req.Meta}
	}
	place, err := store.Append(ctx, stream, revision, events)
	if err != nil {
		return Outcome{}, fmt.Errorf("append to %s: %w", stream, err)
	}
	return Outcome{Stream: stream, Revision: int64(place.Revision), Position: place.Position, Events: len(events)}, nil
}

func decide[S, C, E any](d domain.Decider[S, C, E], history []domain.Recorded, commands []C) ([]E, error) {
	state, err := fold(d, history)
	if err != nil {
		return nil, err
	}
	return answer(d, state, commands)
}

// answer decides the commands one after the other, each on what the former ones did.
func answer[S, C, E any](d domain.Decider[S, C, E], state S, commands []C) ([]E, error) {
	var facts []E
	for _, command := range commands {
		more, err := d.Decide(state, command)
		if err != nil {
			return nil, err
		}
		state = d.Fold(state, more...)
		facts = append(facts, more...)
	}
	return facts, nil
}

// earlier finds the first answer to the same Idempotency-Key in the stream.
func earlier(history []domain.Recorded, stream string, meta domain.Meta) (Outcome, bool, error) {
	out := Outcome{Stream: stream, Replayed: true}
	for _, r := range history {
		if r.Meta.Command != meta.Command || r.Meta.Actor != meta.Actor {
			continue
		}
		if r.Meta.Request != meta.Request {
			return Outcome{}, false, domain.Refuse("idempotency-key-reused",
				"this Idempotency-Key was used for another request")
		}
		out.Revision, out.Position = int64(r.Revision), r.Position
		out.Events++
	}
	return out, out.Events > 0, nil
}

// State loads a stream and folds it; revision is -1 when the stream is empty.
func State[S, C, E any](ctx context.Context, store Streams, d domain.Decider[S, C, E], id string) (state S, revision int64, err error) {
	if err := domain.CheckID("id", id); err != nil {
		return state, 0, err
	}
	history, err := load(ctx, store, d.Stream(id))
	if err != nil {
		return state, 0, err
	}
	state, err = fold(d, history)
	return state, int64(len(history)) - 1, err
}
