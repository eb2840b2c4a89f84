package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
)

// projectionCommand looks after the read models.
type projectionCommand struct {
	List    projectionList    `cmd:"" help:"Show each read model's position and what is parked."`
	Rebuild projectionRebuild `cmd:"" help:"Fill a read model anew from the log."`
	Check   projectionCheck   `cmd:"" help:"Rebuild every read model and compare it with what was there; exit code 3 when one differs. Stop the product first."`
}

type projectionList struct{}

// Run prints one JSON line for each projection.
func (projectionList) Run(ctx context.Context, c *Config, term terminal) error {
	return withRooms(ctx, c, term, func(r *rooms) error {
		parked, err := r.engine.Parked(ctx)
		if err != nil {
			return err
		}
		out := json.NewEncoder(term.out)
		for _, name := range r.engine.Names() {
			streams := 0
			for _, p := range parked {
				if p.Projection == name {
					streams++
				}
			}
			if err := out.Encode(map[string]any{"projection": name, "position": r.engine.Position(name), "parked_streams": streams}); err != nil {
				return err
			}
		}
		return nil
	})
}

type projectionRebuild struct {
	Name string `arg:"" help:"Name of the read model, as projection list shows it."`
}

// Run rebuilds one.
func (p projectionRebuild) Run(ctx context.Context, c *Config, term terminal) error {
	return withRooms(ctx, c, term, func(r *rooms) error { return r.engine.Rebuild(ctx, p.Name, r.readFacts) })
}

type projectionCheck struct{}

// Run compares each with its rebuild.
func (projectionCheck) Run(ctx context.Context, c *Config, term terminal) error {
	return withRooms(ctx, c, term, func(r *rooms) error {
		out, different := json.NewEncoder(term.out), false
		for _, name := range r.engine.Names() {
			equal, rows, err := r.equalsRebuild(ctx, name)
			if err != nil {
				return err
			}
			different = different || !equal
			if err := out.Encode(map[string]any{"projection": name, "rows": rows, "equal": equal}); err != nil {
				return err
			}
		}
		if different {
			return &exitError{exitDamaged, errors.New("a read model differs from its rebuild; it has been rebuilt")}
		}
		return nil
	})
}

// equalsRebuild brings a projection up to date, and then compares it with a fresh one.
func (r *rooms) equalsRebuild(ctx context.Context, name string) (equal bool, rows int64, err error) {
	from, err := r.engine.Checkpoint(ctx, name)
	if err != nil {
		return false, 0, err
	}
	for facts, err := range r.readFacts(ctx, from) {
		if err != nil {
			return false, 0, err
		}
		if err := r.engine.Handle(ctx, name, from, facts); err != nil {
			return false, 0, err
		}
		from = facts[len(facts)-1].Position
	}
	before, _, err := r.engine.Content(ctx, name)
	if err != nil {
		return false, 0, err
	}
	if err := r.engine.Rebuild(ctx, name, r.readFacts); err != nil {
		return false, 0, fmt.Errorf("rebuild %s: %w", name, err)
	}
	after, rows, err := r.engine.Content(ctx, name)
	return before == after, rows, err
}
