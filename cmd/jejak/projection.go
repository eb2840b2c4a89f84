package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/jejak-kinerja/jejak/projections/engine"
)

// projectionCommand looks after the read models. All of it works beside a running
// product, too.
type projectionCommand struct {
	List     projectionList     `cmd:"" help:"Show each read model's position, what is parked and which editions there are."`
	Rebuild  projectionRebuild  `cmd:"" help:"Fill a fresh edition of a read model from the log, beside the present one, and compare the two; exit code 3 when they differ. Broken off, it goes on where it was."`
	Switch   projectionSwitch   `cmd:"" help:"Make the rebuilt edition the present one, in one short transaction."`
	Rollback projectionRollback `cmd:"" help:"Exchange the present edition with the one before the last switch."`
	Check    projectionCheck    `cmd:"" help:"Compare every read model with a fresh filling from the log; exit code 3 when one differs."`
}

type projectionList struct{}

// Run prints one JSON line for each projection.
func (projectionList) Run(ctx context.Context, c *Config, term terminal) error {
	return withRooms(ctx, c, term, func(r *rooms) error {
		parked, err := r.engine.Parked(ctx)
		if err != nil {
			return err
		}
		editions, err := r.engine.Editions(ctx)
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
			line := map[string]any{"projection": name, "position": r.engine.Position(name), "parked_streams": streams}
			if at, ok := editions[engine.Next][name]; ok {
				line["next_position"] = at
			}
			if at, ok := editions[engine.Former][name]; ok {
				line["former_position"] = at
			}
			if err := out.Encode(line); err != nil {
				return err
			}
		}
		return nil
	})
}

// differenceFlag is for changes that are wanted, as after a mended fault.
type differenceFlag struct {
	AcceptDifference bool `help:"Switch although the two editions differ; the first difference is shown all the same."`
}

type projectionRebuild struct {
	Name   string `arg:"" help:"Name of the read model, as projection list shows it."`
	Anew   bool   `help:"Begin from an empty edition, also when an earlier rebuild was broken off."`
	Switch bool   `help:"Switch at once when the two are equal."`
	differenceFlag
}

// Run rebuilds one and prints the comparison as one JSON line.
func (p projectionRebuild) Run(ctx context.Context, c *Config, term terminal) error {
	return withRooms(ctx, c, term, func(r *rooms) error {
		if p.Anew {
			if err := r.engine.Discard(ctx, p.Name, engine.Next); err != nil {
				return err
			}
		}
		return r.beside(ctx, p.Name, engine.Next, func(b *engine.Beside) error {
			if err := r.approach(ctx, b, p.Name, term); err != nil {
				return err
			}
			if p.Switch {
				return r.switchTo(ctx, b, p.AcceptDifference, term)
			}
			return r.compare(ctx, b, false, term)
		})
	})
}

type projectionSwitch struct {
	Name string `arg:"" help:"Name of the read model."`
	differenceFlag
}

// Run switches to the rebuilt edition.
func (p projectionSwitch) Run(ctx context.Context, c *Config, term terminal) error {
	return withRooms(ctx, c, term, func(r *rooms) error {
		return r.exchange(ctx, p.Name, engine.Next, p.AcceptDifference, term)
	})
}

type projectionRollback struct {
	Name string `arg:"" help:"Name of the read model."`
	differenceFlag
}

// Run switches to the former edition.
func (p projectionRollback) Run(ctx context.Context, c *Config, term terminal) error {
	return withRooms(ctx, c, term, func(r *rooms) error {
		return r.exchange(ctx, p.Name, engine.Former, p.AcceptDifference, term)
	})
}

type projectionCheck struct{}

// Run compares each with a fresh filling, which it drops again.
func (projectionCheck) Run(ctx context.Context, c *Config, term terminal) error {
	return withRooms(ctx, c, term, func(r *rooms) error {
		if r.storage.node != nil { // nobody else follows the log: do it here
			for _, name := range r.engine.Names() {
				if err := r.catchUp(ctx, name); err != nil {
					return err
				}
			}
		}
		proofs, err := r.prove(ctx, r.engine.Names(), newProgress(term.err).report)
		if err != nil {
			return err
		}
		out, different := json.NewEncoder(term.out), false
		for _, p := range proofs {
			if p.ended != nil {
				return p.ended
			}
			different = different || !p.is.Equal
			if err := out.Encode(comparison(p.is)); err != nil {
				return err
			}
		}
		if different {
			return &exitError{exitDamaged, errors.New("a read model differs from the log: jejak projection rebuild makes it anew")}
		}
		return nil
	})
}

// comparison is a Comparison as the program prints it.
func comparison(c engine.Comparison) map[string]any {
	line := map[string]any{"projection": c.Projection, "position": c.Position, "rows": c.Rows, "equal": c.Equal}
	if !c.Equal {
		line["other_rows"], line["table"] = c.OtherRows, c.Table
		line["row_present"], line["row_other"] = c.Present, c.Other
		if c.First > 0 {
			line["first_position"] = c.First
		}
	}
	return line
}

// noEdition is the refusal to switch to what is not there.
func noEdition(name, edition string) error {
	if edition == engine.Former {
		return fmt.Errorf("%s has no former edition: it has not been switched", name)
	}
	return fmt.Errorf("%s has no rebuilt edition: run jejak projection rebuild %s first", name, name)
}
