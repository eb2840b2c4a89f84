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
	List     projectionList     `cmd:"" help:"Show each read model's position, how far it is behind the log, what is parked and which editions there are."`
	Rebuild  projectionRebuild  `cmd:"" help:"Fill a fresh edition of a read model from the log, beside the present one, and compare the two; exit code 3 when they differ. Broken off, it goes on where it was."`
	Switch   projectionSwitch   `cmd:"" help:"Make the rebuilt edition the present one, in one short transaction."`
	Rollback projectionRollback `cmd:"" help:"Exchange the present edition with the one before the last switch."`
	Drop     projectionDrop     `cmd:"" help:"Drop a read model that another version of the program left here, with all its editions."`
	Check    projectionCheck    `cmd:"" help:"Compare every read model with a fresh filling from the log; exit code 3 when one differs."`
}

type projectionList struct{ listFlag }

// Run lists the read models. While the event store is away it is not known how far
// they are behind.
func (p projectionList) Run(ctx context.Context, c *Config, term terminal) error {
	return withDatabase(ctx, c, term, func(r *rooms) error {
		models, err := r.models(ctx)
		if err != nil {
			return err
		}
		return list(term, p.listFlag, models, modelTable, func(m model) any { return m })
	})
}

// model is where a read model stands, and its other editions, if there are any.
type model struct {
	Projection string `json:"projection"`
	Position   uint64 `json:"position"`
	// Facts that the log holds up to Position; not known while nobody has counted them.
	Facts *int64 `json:"events,omitempty"`
	lagging
	Parked int     `json:"parked_streams"`
	Next   *uint64 `json:"next_position,omitempty"`
	Former *uint64 `json:"former_position,omitempty"`
	// Retired: it is of another version of the program, and nobody here writes it.
	Retired bool `json:"retired,omitempty"`
}

var modelTable = table[model]{
	[]string{"READ MODEL", "POSITION", "BEHIND", "PARKED STREAMS", "REBUILT UP TO", "FORMER EDITION AT", "STATE"},
	func(m model) []any {
		state := "in use"
		if m.Retired {
			state = "of another version (jejak projection drop removes it)"
		}
		return []any{m.Projection, m.Position, m.lagging, m.Parked, orNothing(m.Next), orNothing(m.Former), state}
	},
}

func orNothing(position *uint64) any {
	if position == nil {
		return ""
	}
	return *position
}

func (r *rooms) models(ctx context.Context) ([]model, error) {
	parked, err := r.engine.Parked(ctx)
	if err != nil {
		return nil, err
	}
	streams := map[string]int{}
	for _, p := range parked {
		streams[p.Projection]++
	}
	editions, err := r.engine.Editions(ctx)
	if err != nil {
		return nil, err
	}
	at := func(edition, name string) *uint64 {
		if position, there := editions[edition][name]; there {
			return &position
		}
		return nil
	}
	var models []model
	sight := r.lags.Look(ctx)
	if sight.Database != nil {
		return nil, sight.Database
	}
	for _, lag := range sight.Models {
		m := model{Projection: lag.Projection, Position: lag.Position, lagging: laggingOf(lag), Parked: streams[lag.Projection],
			Next: at(engine.Next, lag.Projection), Former: at(engine.Former, lag.Projection)}
		if lag.Facts.Known() {
			m.Facts = new(int64(lag.Facts))
		}
		models = append(models, m)
	}
	retired, err := r.engine.Retired(ctx)
	for _, s := range retired {
		models = append(models, model{Projection: s.Projection, Position: s.Position, Parked: s.Parked, lagging: lagging{retired: true}, Retired: true})
	}
	return models, err
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
	return withLedger(ctx, c, term, func(r *rooms) error {
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
	return withLedger(ctx, c, term, func(r *rooms) error {
		return r.exchange(ctx, p.Name, engine.Next, p.AcceptDifference, term)
	})
}

type projectionRollback struct {
	Name string `arg:"" help:"Name of the read model."`
	differenceFlag
}

// Run switches to the former edition.
func (p projectionRollback) Run(ctx context.Context, c *Config, term terminal) error {
	return withLedger(ctx, c, term, func(r *rooms) error {
		return r.exchange(ctx, p.Name, engine.Former, p.AcceptDifference, term)
	})
}

type projectionDrop struct {
	Name string `arg:"" help:"Name of the read model, as projection list shows it."`
}

// Run drops a retired one.
func (p projectionDrop) Run(ctx context.Context, c *Config, term terminal) error {
	return withLedger(ctx, c, term, func(r *rooms) error {
		if err := r.engine.Drop(ctx, p.Name); err != nil {
			return err
		}
		return json.NewEncoder(term.out).Encode(map[string]any{"projection": p.Name, "dropped": true})
	})
}

type projectionCheck struct{ listFlag }

// Run compares each with a fresh filling, which it drops again.
func (p projectionCheck) Run(ctx context.Context, c *Config, term terminal) error {
	return withLedger(ctx, c, term, func(r *rooms) error {
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
		different := false
		for _, p := range proofs {
			if p.ended != nil {
				return p.ended
			}
			different = different || !p.is.Equal
		}
		if err := list(term, p.listFlag, proofs, proofTable, func(p proof) any { return comparison(p.is) }); err != nil {
			return err
		}
		if different {
			return &exitError{exitDamaged, errors.New("a read model differs from the log: jejak projection rebuild makes it anew")}
		}
		return nil
	})
}

var proofTable = table[proof]{
	[]string{"READ MODEL", "POSITION", "ROWS", "EQUAL", "ROWS OF A REPLAY", "FIRST POSITION THAT DIFFERS", "TABLE"},
	func(p proof) []any {
		if p.is.Equal {
			return []any{p.name, p.is.Position, p.is.Rows, "yes", p.is.Rows, "", ""}
		}
		first := any("")
		if p.is.First > 0 {
			first = p.is.First
		}
		return []any{p.name, p.is.Position, p.is.Rows, "NO", p.is.OtherRows, first, p.is.Table}
	},
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
