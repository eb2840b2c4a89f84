package main

import (
	"context"
	"fmt"

	"github.com/jejak-kinerja/jejak/cmd/jejak/demo"
	"github.com/jejak-kinerja/jejak/cmd/jejak/importing"
	"github.com/jejak-kinerja/jejak/internal/clock"
)

// demoCommand invents a city.
type demoCommand struct {
	demoFlags
}

// demoFlags say how large the invented city is.
type demoFlags struct {
	People int    `default:"2500" env:"JEJAK_DEMO_PEOPLE" help:"How many people to invent."`
	Seed   uint64 `default:"1972" env:"JEJAK_DEMO_SEED" help:"Seed of the dice: the same seed gives the same city."`
}

// Validate says no before anything is started.
func (d demoFlags) Validate() error {
	if d.People < demo.MinPeople {
		return fmt.Errorf("--people %d is too few: a demonstration needs at least %d", d.People, demo.MinPeople)
	}
	return nil
}

// Run fills the ledger; what an earlier run stored is found again.
func (d demoCommand) Run(ctx context.Context, c *Config, term terminal) error {
	return withRooms(ctx, c, term, func(r *rooms) error {
		return r.seed(ctx, d.demoFlags, newProgress(term.err).report)
	})
}

// seed brings in the real units and figures, and then the invented people.
func (r *rooms) seed(ctx context.Context, d demoFlags, report func(done, total int, what string)) error {
	if _, err := importing.Sabang(ctx, r.office, report); err != nil {
		return err
	}
	return demo.Seed(ctx, r.office, demo.Options{People: d.People, Seed: d.Seed, Now: clock.Now()}, report)
}
