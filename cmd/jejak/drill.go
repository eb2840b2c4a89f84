package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/jejak-kinerja/jejak/internal/backup"
	"github.com/jejak-kinerja/jejak/internal/clock"
)

// drillCommand proves that what there is can be brought back, beside a running
// product, too. The ledger itself is only read.
type drillCommand struct {
	Dir string `type:"path" help:"Where to make the temporary directory for backup, database and event store; it needs about three times the log's size (default: the system's directory for temporary files)."`
}

// drillWork names the drill among the works.
const drillWork = "drill"

// drilled is what drill prints.
type drilled struct {
	Equal       bool         `json:"equal"`
	Events      int          `json:"events"`
	Position    uint64       `json:"position"`
	Digest      string       `json:"digest"` // of the ledger's events, see internal/backup
	PlacesKept  bool         `json:"places_kept"`
	ReadModels  []drillModel `json:"read_models"`
	Names       int          `json:"names"` // that can be read again
	Texts       int          `json:"texts"` // that can be opened again
	BackupMS    int64        `json:"backup_ms"`
	RestoreMS   int64        `json:"restore_ms"`
	Differences []string     `json:"differences,omitempty"`
}

// drillModel is a read model as it is, and as it is once restored.
type drillModel struct {
	Projection string `json:"projection"`
	Position   uint64 `json:"position"`
	Rows       int64  `json:"rows"`
	Equal      bool   `json:"equal"`
	digest     string
}

// Run drills and prints one JSON line; exit code 3 when something is not equal.
func (d drillCommand) Run(ctx context.Context, c *Config, term terminal) error {
	return withLedger(ctx, c, term, func(r *rooms) error {
		report, err := r.drill(ctx, d.Dir, term)
		if err != nil {
			return err
		}
		if err := json.NewEncoder(term.out).Encode(report); err != nil {
			return err
		}
		if !report.Equal {
			return &exitError{exitDamaged, fmt.Errorf("what was restored is not what there is: %s", report.Differences[0])}
		}
		return markOK(ctx, r.pool, drillWork, clock.Now(), report.Position)
	})
}

// drill backs up, restores elsewhere and compares; what it made is removed again.
func (r *rooms) drill(ctx context.Context, parent string, term terminal) (report *drilled, err error) {
	dir, err := os.MkdirTemp(parent, "jejak-drill-")
	if err == nil {
		err = os.Chmod(dir, 0o711) // the database has an account of its own
	}
	if err != nil {
		return nil, fmt.Errorf("make a directory for the drill: %w", err)
	}
	defer func() {
		if gone := os.RemoveAll(dir); gone != nil {
			err = errors.Join(err, fmt.Errorf("remove what the drill has made: %w", gone))
		}
	}()
	report = &drilled{}
	// The read models first: they are never ahead of the log that is read next.
	for _, name := range r.engine.Names() {
		m := drillModel{Projection: name}
		if m.Position, m.digest, m.Rows, err = r.engine.ContentAt(ctx, name); err != nil {
			return nil, err
		}
		report.ReadModels = append(report.ReadModels, m)
	}
	there, err := r.drillConfig(dir)
	if err != nil {
		return nil, err
	}
	begin := clock.Now()
	m, _, err := r.backUp(ctx, filepath.Join(dir, "backup"), false, newProgress(term.err).report)
	if err != nil {
		return nil, err
	}
	report.BackupMS = took(begin)
	report.Events, report.Position, report.Digest = m.Ledger, m.Head().Commit, m.Digest
	if err := there.drillRestore(ctx, filepath.Join(dir, "backup"), term, report); err != nil {
		return nil, err
	}
	return report, r.compareWith(ctx, there, m, term, report)
}

func took(begin time.Time) int64 { return clock.Now().Sub(begin).Milliseconds() }

// drillConfig is the configuration of a product of its own in a directory, with
// the keys of this one.
func (r *rooms) drillConfig(dir string) (*Config, error) {
	state := filepath.Join(dir, "state")
	c := *r.config
	c.StateDir, c.DatabaseURL, c.EventstoreURL, c.NodeAdvertise = state, "", "", ""
	c.KeyFile, c.SecretFile = filepath.Join(state, "key.json"), filepath.Join(state, "secret")
	if err := os.Mkdir(state, 0o711); err != nil {
		return nil, fmt.Errorf("make a directory for the drill: %w", err)
	}
	keys, err := r.config.keyFiles()
	if err != nil {
		return nil, err
	}
	for _, k := range keys {
		path := c.KeyFile
		if k.Purpose == secretPurpose {
			path = c.SecretFile
		}
		if err := installFile(path, k.Content); err != nil {
			return nil, fmt.Errorf("copy a key file for the drill: %w", err)
		}
	}
	return &c, nil
}

func (c *Config) drillRestore(ctx context.Context, from string, term terminal, report *drilled) error {
	begin := clock.Now()
	b, err := backup.Open(from)
	if err != nil {
		return ofBackup(err)
	}
	if err := errors.Join(b.Check(ctx, func(int, int) {}), b.CheckEvents(ctx, func(int) {})); err != nil {
		return ofBackup(err)
	}
	var done restored
	if err := c.restore(ctx, b, term, &done); err != nil {
		return err
	}
	report.PlacesKept, report.RestoreMS = done.PlacesKept, took(begin)
	return nil
}
