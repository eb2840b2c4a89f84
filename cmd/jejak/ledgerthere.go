package main

import (
	"context"
	"fmt"

	"github.com/jejak-kinerja/jejak/internal/pgrun"
)

// withLedger is withRooms for a subcommand that looks at a ledger or works on it:
// in a place where there is none it makes none, for that would look like an empty
// one in the best of order.
func withLedger(ctx context.Context, c *Config, term terminal, work func(*rooms) error) error {
	if c.DatabaseURL == "" {
		seen, err := pgrun.Inspect(c.StateDir)
		if err != nil {
			return &exitError{exitUsage, err}
		}
		if seen.Cluster == 0 && seen.Holder == 0 {
			return &exitError{exitUsage, fmt.Errorf("there is no ledger in %s: give the --state-dir of the service (JEJAK_STATE_DIR)", c.StateDir)}
		}
	}
	return withRooms(ctx, c, term, work)
}

// withDatabase is withLedger for what the database alone answers or keeps: it goes on
// without an event store that is away.
func withDatabase(ctx context.Context, c *Config, term terminal, work func(*rooms) error) error {
	c.storeMayBeAway = true
	return withLedger(ctx, c, term, work)
}
