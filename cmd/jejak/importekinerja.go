package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"os"

	"github.com/jejak-kinerja/jejak/cmd/jejak/importing"
	"github.com/jejak-kinerja/jejak/domain"
	"github.com/jejak-kinerja/jejak/domain/person"
	"github.com/jejak-kinerja/jejak/domain/unit"
)

type importEKinerja struct {
	File       string `arg:"" type:"existingfile" help:"Laporan SKP or Laporan Penilaian of BKN's e-Kinerja, XLSX or CSV."`
	DryRun     bool   `help:"Check everything, store nothing."`
	Preview    int    `help:"Show so many rows as they are understood, store nothing."`
	Rejected   string `type:"path" help:"XLSX file for the rejected rows, with reasons; mend it and import it again."`
	SKP        string `name:"skp" type:"existingfile" help:"Laporan SKP to take the NIPs from, for a Laporan Penilaian without them."`
	Employment string `enum:",pns,pppk,pppk-paruh-waktu" default:"" help:"Employment of people not in the ledger yet, for a report without the column jenis_pegawai: pns, pppk or pppk-paruh-waktu."`
}

// Run imports a report; it may be broken off and run again. It ends with the exit
// code 6 when rows were rejected.
func (i importEKinerja) Run(ctx context.Context, c *Config, term terminal) error {
	if i.Preview < 0 {
		return &exitError{exitUsage, errors.New("--preview is a number of rows")}
	}
	return withRooms(ctx, c, term, func(r *rooms) error {
		receipt, err := importing.EKinerja(ctx, r.office, i.File, importing.Options{DryRun: i.DryRun, Preview: i.Preview, RejectedFile: i.Rejected,
			PlansFile: i.SKP, Employment: person.Employment(i.Employment), Units: r.units}, newProgress(term.err).report)
		if err != nil {
			return err
		}
		out := json.NewEncoder(term.out)
		out.SetIndent("", "  ")
		if err := out.Encode(receipt); err != nil {
			return fmt.Errorf("print the receipt: %w", err)
		}
		if receipt.Rejected > 0 {
			return &exitError{exitPartly, fmt.Errorf("%d of %d rows were rejected", receipt.Rejected, receipt.Rows)}
		}
		return nil
	})
}

// units lists the units of the ledger, from the log itself.
func (r *rooms) units(ctx context.Context) ([]unit.State, error) {
	var failed error
	facts := iter.Seq[domain.Recorded](func(yield func(domain.Recorded) bool) {
		for batch, err := range r.readFacts(ctx, 0) {
			if err != nil {
				failed = err
				return
			}
			for _, fact := range batch {
				if !yield(fact.Recorded) {
					return
				}
			}
		}
	})
	units := importing.UnitsOf(facts)
	return units, failed
}

type importSample struct {
	Dir string `arg:"" type:"path" help:"Directory for the files."`
}

// Run writes reports of invented people, to try the import with.
func (i importSample) Run(term terminal) error {
	if err := os.MkdirAll(i.Dir, 0o755); err != nil {
		return fmt.Errorf("make the directory: %w", err)
	}
	if err := importing.WriteSample(i.Dir); err != nil {
		return err
	}
	_, err := fmt.Fprintln(term.out, "jejak import ekinerja", i.Dir+string(os.PathSeparator)+importing.SamplePlans)
	return err
}
