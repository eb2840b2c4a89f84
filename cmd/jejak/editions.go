package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/jejak-kinerja/jejak/projections/engine"
)

// beside opens an edition for some work. One that was filled from another log than
// the event store holds now is made anew; Former shows what that log held, and is
// refused.
func (r *rooms) beside(ctx context.Context, name, edition string, work func(*engine.Beside) error) error {
	right, err := r.ofThisLog(ctx, edition, name)
	switch {
	case err != nil:
		return err
	case !right && edition == engine.Former:
		return fmt.Errorf("the former edition of %s is of another log than the event store holds: it can be looked at (schema %s), and not brought back", name, engine.Former)
	case !right:
		if err := r.engine.Discard(ctx, name, edition); err != nil {
			return err
		}
	}
	b, err := r.engine.Beside(ctx, name, edition)
	if err != nil {
		return err
	}
	defer b.Close()
	return work(b)
}

// approach fills an edition and shows how far it is.
func (r *rooms) approach(ctx context.Context, b *engine.Beside, name string, term terminal) error {
	total, err := r.totalFacts(ctx, []string{name})
	if err != nil {
		return err
	}
	done, err := b.Facts(ctx)
	if err != nil {
		return err
	}
	p := newProgress(term.err)
	p.report(int(max(done, 0)), total, "rebuild "+name)
	return b.Approach(ctx, r.readFacts, func(facts int) { p.report(facts, total, "rebuild "+name) })
}

// totalFacts is the number of facts in the log as far as one of these read models
// shows it; 0 when nobody has counted them. The log itself keeps no count.
func (r *rooms) totalFacts(ctx context.Context, names []string) (total int, err error) {
	for _, name := range names {
		at, err := r.engine.Reached(ctx, name)
		if err != nil {
			return 0, err
		}
		total = max(total, int(at.Facts))
	}
	return total, nil
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

// proof is how one read model compares with a fresh filling.
type proof struct {
	name  string
	is    engine.Comparison
	ended *engine.Ended // the log is shorter than the read model; nothing was compared
}

// prove compares read models, as far as they are filled, with fresh fillings,
// which are dropped again. The log is read once for all.
func (r *rooms) prove(ctx context.Context, names []string, report func(done, total int, what string)) ([]proof, error) {
	proofs := make([]proof, len(names))
	total, err := r.totalFacts(ctx, names)
	if err != nil {
		return nil, err
	}
	group, ctx := errgroup.WithContext(ctx)
	log := newSharedLog(r.readFacts, len(names))
	for i, name := range names {
		proofs[i].name = name
		group.Go(func() error {
			defer log.seats[i].leave() // there may be nothing to replay
			seen := func(facts int) {
				if i == 0 { // they keep pace with each other
					report(facts, total, "replay")
				}
			}
			err := r.proveOne(ctx, &proofs[i], log.seats[i].from, seen)
			if errors.As(err, &proofs[i].ended) {
				return nil
			}
			if err != nil {
				return fmt.Errorf("replay %s: %w", name, err)
			}
			return nil
		})
	}
	group.Go(func() error { log.run(ctx); return nil })
	return proofs, group.Wait()
}

func (r *rooms) proveOne(ctx context.Context, p *proof, read engine.Read, seen func(facts int)) error {
	if err := r.engine.Discard(ctx, p.name, engine.Proof); err != nil {
		return err
	}
	err := r.beside(ctx, p.name, engine.Proof, func(b *engine.Beside) (err error) {
		if err := b.Approach(ctx, read, seen); err != nil {
			return err
		}
		p.is, err = b.Compare(ctx, read)
		return err
	})
	if err != nil {
		return err
	}
	return r.engine.Discard(ctx, p.name, engine.Proof)
}

// catchUp applies what the log holds beyond a read model.
func (r *rooms) catchUp(ctx context.Context, name string) error {
	return r.catchUpTo(ctx, name, math.MaxUint64)
}

// catchUpTo applies what the log holds beyond a read model, up to a position.
func (r *rooms) catchUpTo(ctx context.Context, name string, upTo uint64) error {
	from, err := r.engine.Checkpoint(ctx, name)
	if err != nil {
		return err
	}
	for facts, err := range r.readFacts(ctx, from) {
		if err != nil {
			return err
		}
		facts = upToPosition(facts, upTo)
		if len(facts) == 0 {
			return nil
		}
		if err := r.engine.Handle(ctx, name, from, facts); err != nil {
			return err
		}
		from = facts[len(facts)-1].Position
	}
	return nil
}

func upToPosition(facts []engine.Fact, upTo uint64) []engine.Fact {
	n := len(facts)
	for n > 0 && facts[n-1].Position > upTo {
		n--
	}
	return facts[:n]
}
