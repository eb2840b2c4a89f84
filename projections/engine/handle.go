package engine

import (
	"context"
	"fmt"
	"log/slog"

	"github.com/jackc/pgx/v5"
)

// Handle applies the facts that follow the checkpoint; those up to it change
// nothing. facts are all that the log holds after the position after, up to the
// last of them, in order.
//
// With Options.Leased and the lease elsewhere, it waits until the facts are
// applied there.
//
// It returns a *Moved when the facts do not join the checkpoint, or another
// engine moved it meanwhile, and ErrOutage when the database cannot be reached.
// After any error, some of the facts may have been applied: call Handle again
// with the same facts, or read anew after Checkpoint.
func (e *Engine) Handle(ctx context.Context, name string, after uint64, facts []Fact) error {
	t, err := e.track(name)
	if err != nil {
		return err
	}
	if err := inOrder(after, facts); err != nil {
		return fmt.Errorf("apply to %s: %w", name, err)
	}
	if len(facts) == 0 {
		return nil
	}
	if applied, err := e.follow(ctx, t, facts); applied || err != nil {
		return err
	}
	if err := t.take(ctx); err != nil {
		return err
	}
	defer t.give()
	return e.handle(ctx, t, after, facts)
}

// handle is Handle for who has the turn.
func (e *Engine) handle(ctx context.Context, t *track, after uint64, facts []Fact) error {
	if !t.known {
		if err := e.recall(ctx, t); err != nil {
			return err
		}
	}
	for lost := 0; ; {
		if facts = beyond(t.position, facts); len(facts) == 0 {
			return e.index(ctx, t)
		}
		seen := t.position
		if after > seen {
			return &Moved{Projection: t.Name, Seen: after, Found: seen}
		}
		c, err := e.apply(ctx, t, facts)
		switch {
		case moved(err):
			if err := e.recall(ctx, t); err != nil {
				return err
			}
			if lost++; t.position != seen || lost > maxLostTurns {
				return &Moved{Projection: t.Name, Seen: seen, Found: t.position}
			} // else only the parked streams are others than we knew
		case err != nil:
			t.known = false // it may have been stored
			return fmt.Errorf("apply to %s after %d: %w", t.Name, seen, err)
		default:
			e.committed(t, c, c.ends(facts))
		}
	}
}

// apply stores a first part of the facts.
func (e *Engine) apply(ctx context.Context, t *track, facts []Fact) (*chunk, error) {
	batch, c := e.build(t, facts)
	if e.options.Trace == nil {
		return e.store(ctx, batch, c)
	}
	ctx, end := e.options.Trace(ctx, t.Name, c.facts)
	c, err := e.store(ctx, batch, c)
	end(err)
	return c, err
}

// store runs a chunk's transaction.
func (e *Engine) store(ctx context.Context, batch *pgx.Batch, c *chunk) (*chunk, error) {
	suspect, err := e.send(ctx, batch)
	if suspect {
		return e.sift(ctx, c.track, c.facts)
	}
	return c, err
}

// committed takes note of what the database now holds and tells everybody; those
// who wait for a position, once it is on the disk.
func (e *Engine) committed(t *track, c *chunk, durable bool) {
	change := c.touched.change(t.Name, t.position, c.to())
	t.position, t.edition, t.facts = c.to(), c.edition(), t.facts.plus(len(c.facts))
	for _, p := range c.parkings {
		t.parked[p.Stream] = true
		e.options.Log.Error("a fact cannot be applied; its stream is parked",
			slog.String("projection", p.Projection), slog.String("stream", p.Stream), slog.Uint64("position", p.Position),
			slog.String("event", string(p.Event)), slog.String("name", p.Name), slog.String("reason", p.Reason))
	}
	if durable {
		t.progress.set(t.position)
	}
	e.changes.publish(change)
}

// beyond leaves out the facts up to the checkpoint.
func beyond(checkpoint uint64, facts []Fact) []Fact {
	for len(facts) > 0 && facts[0].Position <= checkpoint {
		facts = facts[1:]
	}
	return facts
}

func inOrder(after uint64, facts []Fact) error {
	for i := range facts {
		if facts[i].Position <= after {
			return fmt.Errorf("the fact at %d comes after the one at %d", facts[i].Position, after)
		}
		after = facts[i].Position
	}
	return nil
}
