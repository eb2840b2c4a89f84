package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"

	"github.com/jejak-kinerja/jejak/internal/backup"
	"github.com/jejak-kinerja/jejak/internal/clock"
	"github.com/jejak-kinerja/jejak/internal/logwatch"
)

// backupCommand copies what cannot be made again, beside a running product, too.
type backupCommand struct {
	To           string `required:"" type:"path" help:"Directory of the backup. One that is there is brought up to date; one that was broken off is gone on with."`
	WithKeyFiles bool   `help:"Copy the key-encryption key and the secret into the backup as well. Whoever has such a backup can read every name and text: without this, keep the two files in a safe of their own."`
}

// backedUp is what backup prints.
type backedUp struct {
	Directory   string `json:"directory"`
	Fingerprint string `json:"fingerprint"`
	Events      int    `json:"events"` // of the ledger
	New         int    `json:"new_events"`
	Position    uint64 `json:"position"`
	Rows        int64  `json:"rows"` // of vault, tokens and skip decisions
	KEK         string `json:"kek"`
	KeyFiles    bool   `json:"key_files"`
	// Cut are streams of which events were hidden from outside, or are gone.
	Cut []string `json:"cut_streams,omitempty"`
}

// Run backs up and prints one JSON line.
func (b backupCommand) Run(ctx context.Context, c *Config, term terminal) error {
	return withLedger(ctx, c, term, func(r *rooms) error {
		m, fresh, err := r.backUp(ctx, b.To, b.WithKeyFiles, newProgress(term.err).report)
		if err != nil {
			return err
		}
		summary := summaryOf(b.To, m, fresh)
		if summary.Cut, err = r.cutStreams(ctx); err != nil {
			return err
		}
		b.warn(c, m, term)
		if len(summary.Cut) == 0 {
			if err := markOK(ctx, r.pool, backupWork, clock.Now(), m.Head().Commit); err != nil {
				return err
			}
		}
		if err := json.NewEncoder(term.out).Encode(summary); err != nil || len(summary.Cut) == 0 {
			return err
		}
		return &exitError{exitDamaged, fmt.Errorf("the backup holds what is there, but %d streams of the ledger were cut from outside, the first is %s: "+
			"keep the backup before this one, and see the runbook: A stream was cut", len(summary.Cut), summary.Cut[0])}
	})
}

// cutStreams searches the log to its end for streams that were cut. Of a log that
// is not the read models' nothing is known.
func (r *rooms) cutStreams(ctx context.Context) (names []string, err error) {
	found, err := r.logs.Look(ctx)
	if err != nil || found.State != logwatch.Same {
		return nil, err
	}
	if err := r.book.Scan(ctx, r.wholeLog); err != nil {
		return nil, err
	}
	outside, err := logwatch.ReadOutside(ctx, r.pool)
	for _, cut := range outside.Cut {
		names = append(names, cut.Stream)
	}
	return names, err
}

func summaryOf(dir string, m backup.Manifest, fresh int) backedUp {
	s := backedUp{Directory: dir, Fingerprint: m.Fingerprint, Events: m.Ledger, New: fresh, Position: m.Head().Commit, KEK: m.KEK, KeyFiles: len(m.Keys) > 0}
	for _, t := range m.Tables {
		s.Rows += t.Rows
	}
	return s
}

// warn says where the keys are, and where not.
func (b backupCommand) warn(c *Config, m backup.Manifest, term terminal) {
	if b.WithKeyFiles {
		fmt.Fprintf(term.err, "ATTENTION: this backup holds its own keys. Whoever gets it can read every name and text. Keep it as you keep %s.\n", c.KeyFile)
		return
	}
	fmt.Fprintf(term.err, "ATTENTION: the key-encryption key is NOT in this backup. Without it no name and no text of the backup can ever be read again.\n"+
		"Keep a copy of %s (key %s) and of %s in a safe, apart from the backup.\n", c.KeyFile, m.KEK, c.SecretFile)
}

// Names of key files within a backup.
const (
	keyPurpose    = "kek"
	secretPurpose = "secret"
)

// keyFiles reads the two files that open what a backup holds locked.
func (c *Config) keyFiles() ([]backup.Key, error) {
	var keys []backup.Key
	for purpose, path := range map[string]string{keyPurpose: c.KeyFile, secretPurpose: c.SecretFile} {
		content, err := os.ReadFile(path)
		if err != nil {
			return nil, fmt.Errorf("copy a key file: %w", err)
		}
		keys = append(keys, backup.Key{Purpose: purpose, Content: content})
	}
	return keys, nil
}
