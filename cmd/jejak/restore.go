package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/jejak-kinerja/jejak/internal/backup"
)

// restoreCommand fills an empty event store and an empty database from a backup.
type restoreCommand struct {
	From        string `required:"" type:"path" help:"Directory of the backup."`
	Check       bool   `help:"Only check that the backup is unchanged, and whether every stream of it can be restored."`
	Fingerprint string `help:"Refuse a backup with another fingerprint than this, which backup printed."`
}

// restored is what restore prints.
type restored struct {
	Directory   string `json:"directory"`
	Fingerprint string `json:"fingerprint"`
	Events      int    `json:"events"` // of the ledger
	Rows        int64  `json:"rows"`
	// PlacesKept: every event has the position and the time of storing that it had.
	PlacesKept bool `json:"places_kept"`
	// OrderKept: the whole log has the order that it had, not each stream alone.
	OrderKept bool `json:"order_kept"`
	// Erased are keys that the log says are destroyed, but the backup still held.
	Erased int  `json:"keys_destroyed_again"`
	Resume bool `json:"resumed,omitempty"`
	Check  bool `json:"only_checked,omitempty"`
	// Torn are the streams that lack events, and are left out.
	Torn []string `json:"streams_left_out,omitempty"`
}

// Run restores, or goes on with a restore that was broken off, and prints one
// JSON line. The product must not run on the same state directory.
func (x restoreCommand) Run(ctx context.Context, c *Config, term terminal) error {
	b, err := x.open(ctx, term)
	if err != nil {
		return err
	}
	done := restored{Directory: x.From, Fingerprint: b.Fingerprint, Events: b.Ledger, Check: x.Check}
	for _, t := range b.Tables {
		done.Rows += t.Rows
	}
	if !x.Check {
		if err := c.restore(ctx, b, term, &done); err != nil {
			return err
		}
	}
	done.Torn = slices.Sorted(maps.Keys(b.Torn))
	if err := json.NewEncoder(term.out).Encode(done); err != nil || len(done.Torn) == 0 {
		return err
	}
	return &exitError{exitDamaged, fmt.Errorf("%d streams of the backup lack events (%d are there): they are left out, all others can be restored. "+
		"An older backup may have them whole", len(done.Torn), b.TornEvents())}
}

// open reads the backup and checks all of it before anything is touched.
func (x restoreCommand) open(ctx context.Context, term terminal) (*backup.Backup, error) {
	b, err := backup.Open(x.From)
	if err != nil {
		return nil, ofBackup(err)
	}
	if x.Fingerprint != "" && x.Fingerprint != b.Fingerprint {
		return nil, &exitError{exitDamaged, fmt.Errorf("the backup in %s has the fingerprint %s, not %s: it is another one, or it was changed", x.From, b.Fingerprint, x.Fingerprint)}
	}
	p := newProgress(term.err)
	if err := b.Check(ctx, func(done, total int) { p.report(done, total, "check files") }); err != nil {
		return nil, ofBackup(err)
	}
	if err := b.CheckEvents(ctx, func(n int) { p.report(n, b.Events, "check events") }); err != nil {
		return nil, ofBackup(err)
	}
	return b, nil
}

// ofBackup gives a damage its exit code.
func ofBackup(err error) error {
	if _, damaged := errors.AsType[*backup.Damage](err); damaged {
		return &exitError{exitDamaged, err}
	}
	return err
}
