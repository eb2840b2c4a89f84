package main

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/jejak-kinerja/jejak/internal/eventlog"
	"github.com/jejak-kinerja/jejak/internal/pgrun"
)

// doctorCommand looks at a machine and at what lies on it. It only reads: no lock
// is taken and nothing is made, beside a running product and on a fresh machine.
type doctorCommand struct {
	JSON   bool   `name:"json" help:"One JSON line for each finding."`
	Listen string `default:"127.0.0.1:8080" env:"JEJAK_LISTEN" help:"Address of pages and API, as serve has it."`
}

// How a finding stands.
const (
	fine  = "ok"
	warns = "warn"
	fails = "fail"
)

// symptom is one thing that was looked at.
type symptom struct {
	What   string `json:"check"`
	Status string `json:"status"`
	Detail string `json:"detail"`
	Do     string `json:"do,omitempty"` // what to do about it
}

// doctor is one visit.
type doctor struct {
	config  *Config
	listen  string
	seen    pgrun.Inspection
	running bool // a product works on this state directory
	conn    *pgx.Conn
	log     *eventlog.Log // nil when it does not answer
	found   []symptom
}

func (d *doctor) say(what, status, do, format string, args ...any) {
	if status == fine {
		do = ""
	}
	d.found = append(d.found, symptom{what, status, fmt.Sprintf(format, args...), do})
}

// Run looks at everything and ends with exit code 1 when something is wrong.
func (c doctorCommand) Run(ctx context.Context, config *Config, term terminal) error {
	seen, err := pgrun.Inspect(config.StateDir)
	if err != nil {
		return &exitError{exitUsage, err}
	}
	d := &doctor{config: config, listen: c.Listen, seen: seen, running: seen.Holder > 0}
	if !d.account() {
		return d.report(c.JSON, term)
	}
	d.machine()
	d.state()
	d.programs()
	d.keys()
	d.database(ctx)
	d.eventstore(ctx)
	d.locks(ctx)
	d.readModels(ctx)
	d.address(ctx)
	if d.conn != nil {
		d.conn.Close(ctx) // nothing was written
	}
	if d.log != nil {
		d.log.Close() //nolint:errcheck // nothing was written
	}
	return d.report(c.JSON, term)
}

func (d *doctor) report(asJSON bool, term terminal) error {
	wrong := 0
	for _, s := range d.found {
		if s.Status == fails {
			wrong++
		}
		if asJSON {
			if err := json.NewEncoder(term.out).Encode(s); err != nil {
				return err
			}
			continue
		}
		line := fmt.Sprintf("%-4s  %-12s %s", s.Status, s.What, strings.ReplaceAll(s.Detail, "\n", "; "))
		if s.Do != "" {
			line += "\n      " + fmt.Sprintf("%-12s", "") + " -> " + s.Do
		}
		if _, err := fmt.Fprintln(term.out, line); err != nil {
			return err
		}
	}
	if wrong > 0 {
		return fmt.Errorf("%d of %d things are wrong", wrong, len(d.found))
	}
	return nil
}
