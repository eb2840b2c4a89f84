package main

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/jejak-kinerja/jejak/projections/engine"
)

// beside opens an edition for some work.
func (r *rooms) beside(ctx context.Context, name, edition string, work func(*engine.Beside) error) error {
	b, err := r.engine.Beside(ctx, name, edition)
	if err != nil {
		return err
	}
	defer b.Close()
	return work(b)
}

// approach fills an edition and shows how far it is.
func (r *rooms) approach(ctx context.Context, b *engine.Beside, name string, term terminal) error {
	target, err := r.engine.Checkpoint(ctx, name)
	if err != nil {
		return err
	}
	p := newProgress(term.err)
	p.report(int(b.Position()), int(target), "rebuild "+name)
	return b.Approach(ctx, r.readFacts, func(position uint64) {
		p.report(int(position), max(int(target), int(position)), "rebuild "+name)
	})
}

// compare prints how an edition compares with the present one. A difference that
// is not accepted is an error.
func (r *rooms) compare(ctx context.Context, b *engine.Beside, accept bool, term terminal) error {
	c, err := b.Compare(ctx, r.readFacts)
	if err != nil {
		return err
	}
	if err := json.NewEncoder(term.out).Encode(comparison(c)); err != nil {
		return err
	}
	if !c.Equal && !accept {
		return &exitError{exitDamaged, errors.New("the two editions differ, and the present one stays: --accept-difference switches all the same")}
	}
	return nil
}

func (r *rooms) switchTo(ctx context.Context, b *engine.Beside, accept bool, term terminal) error {
	if err := r.compare(ctx, b, accept, term); err != nil {
		return err
	}
	waited, err := b.Switch(ctx, r.readFacts)
	if err != nil {
		return err
	}
	return json.NewEncoder(term.out).Encode(map[string]any{"switched": true, "queries_waited_us": waited / time.Microsecond})
}

// exchange switches to an edition that is there already.
func (r *rooms) exchange(ctx context.Context, name, edition string, accept bool, term terminal) error {
	editions, err := r.engine.Editions(ctx)
	if err != nil {
		return err
	}
	if _, there := editions[edition][name]; !there {
		return noEdition(name, edition)
	}
	return r.beside(ctx, name, edition, func(b *engine.Beside) error {
		if err := r.approach(ctx, b, name, term); err != nil {
			return err
		}
		return r.switchTo(ctx, b, accept, term)
	})
}

// prove compares a read model, as far as it is filled, with a fresh filling, which
// is dropped again.
func (r *rooms) prove(ctx context.Context, name string, report func(done, total int, what string)) (c engine.Comparison, err error) {
	if err := r.engine.Discard(ctx, name, engine.Proof); err != nil {
		return c, err
	}
	target, err := r.engine.Checkpoint(ctx, name)
	if err != nil {
		return c, err
	}
	err = r.beside(ctx, name, engine.Proof, func(b *engine.Beside) error {
		err := b.Approach(ctx, r.readFacts, func(position uint64) {
			report(int(position), max(int(target), int(position)), "replay "+name)
		})
		if err != nil {
			return err
		}
		c, err = b.Compare(ctx, r.readFacts)
		return err
	})
	if err != nil {
		return c, err
	}
	return c, r.engine.Discard(ctx, name, engine.Proof)
}

// catchUp applies what the log holds beyond a read model.
func (r *rooms) catchUp(ctx context.Context, name string) error {
	from, err := r.engine.Checkpoint(ctx, name)
	if err != nil {
		return err
	}
	for facts, err := range r.readFacts(ctx, from) {
		if err != nil {
			return err
		}
		if err := r.engine.Handle(ctx, name, from, facts); err != nil {
			return err
		}
		from = facts[len(facts)-1].Position
	}
	return nil
}
