package main

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/jejak-kinerja/jejak/internal/clock"
)

// verifyCommand checks the whole ledger, beside a running product, too. It changes
// nothing but the mark of when all was last well, and the number of facts that a
// read model shows, where another version has left it unknown. What the read models
// have not taken in yet is not compared.
type verifyCommand struct {
	JSON bool `name:"json" help:"One JSON line for each finding and one for the whole."`
}

// verdict is what verify found.
type verdict struct {
	Events      int    `json:"events"` // of the ledger
	Head        uint64 `json:"head"`
	Streams     int    `json:"streams"`
	Projections int    `json:"projections"`
	Findings    int    `json:"findings"`
	LeftOut     int    `json:"left_out"` // events that cannot be read, and need not be: by decision
	Foreign     int    `json:"foreign"`  // events of somebody else, which nobody counts; not among events
	// First is the lowest position that a finding names; 0 when none does.
	First uint64 `json:"first_position,omitempty"`
}

// finding is one thing that is not as it must be.
type finding struct {
	Position   uint64 `json:"position,omitempty"`
	Stream     string `json:"stream,omitempty"`
	Projection string `json:"projection,omitempty"`
	Table      string `json:"table,omitempty"`
	What       string `json:"finding"`
}

// maxFindings is how many findings are printed; the rest are counted.
const maxFindings = 100

// Run verifies and ends with exit code 3 when anything was found.
func (v verifyCommand) Run(ctx context.Context, c *Config, term terminal) error {
	return withLedger(ctx, c, term, func(r *rooms) error {
		report := verifyReport{term: term, json: v.JSON}
		if err := r.verifyLog(ctx, &report); err != nil {
			return err
		}
		proofs, err := r.prove(ctx, r.engine.Names(), newProgress(term.err).report)
		if err != nil {
			return err
		}
		for _, p := range proofs {
			if err := report.proved(p); err != nil {
				return err
			}
		}
		if report.verdict.Findings == 0 {
			if err := markOK(ctx, r.pool, verifyWork, clock.Now(), report.verdict.Head); err != nil {
				return err
			}
		}
		return report.end()
	})
}

// verifyReport prints findings as they come.
type verifyReport struct {
	term    terminal
	json    bool
	verdict verdict
}

func (v *verifyReport) add(f finding) error {
	v.verdict.Findings++
	if f.Position > 0 && (v.verdict.First == 0 || f.Position < v.verdict.First) {
		v.verdict.First = f.Position
	}
	if v.verdict.Findings > maxFindings {
		return nil
	}
	if v.json {
		return json.NewEncoder(v.term.out).Encode(f)
	}
	_, err := fmt.Fprintf(v.term.out, "position %d  %s%s: %s\n", f.Position, f.Stream, f.Projection, f.What)
	return err
}

func (v *verifyReport) addAll(findings []finding) error {
	for _, f := range findings {
		if err := v.add(f); err != nil {
			return err
		}
	}
	return nil
}

// proved takes in how a read model compares with a replay.
func (v *verifyReport) proved(p proof) error {
	v.verdict.Projections++
	if p.ended != nil {
		return v.add(finding{Position: p.ended.At, Projection: p.name,
			What: fmt.Sprintf("the read model holds facts up to %d, but the log ends at %d", p.ended.Want, p.ended.At)})
	}
	if p.is.Equal {
		return nil
	}
	return v.add(finding{Position: p.is.First, Projection: p.name, Table: p.is.Table,
		What: fmt.Sprintf("the read model differs from a replay up to %d (it is wrong, or the event was altered since: the runbook says how to tell): it holds %q, the replay %q", p.is.Position, p.is.Present, p.is.Other)})
}

func (v *verifyReport) end() error {
	var err error
	if v.json {
		err = json.NewEncoder(v.term.out).Encode(v.verdict)
	} else {
		_, err = fmt.Fprintf(v.term.out, "%d events up to position %d in %d streams, %d read models, %d events left out by decision, %d of somebody else not counted: %d findings\n",
			v.verdict.Events, v.verdict.Head, v.verdict.Streams, v.verdict.Projections, v.verdict.LeftOut, v.verdict.Foreign, v.verdict.Findings)
	}
	if err == nil && v.verdict.Findings > 0 {
		err = &exitError{exitDamaged, fmt.Errorf("the ledger is damaged; the first position is %d", v.verdict.First)}
	}
	return err
}
