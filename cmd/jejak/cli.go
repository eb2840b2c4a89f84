package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/alecthomas/kong"
)

// terminal is where a subcommand writes: data on out, messages on err.
type terminal struct {
	out io.Writer
	err io.Writer
}

// cli is every subcommand with its flags, environment names and defaults.
type cli struct {
	Config

	Serve      serveCommand      `cmd:"" help:"Run the whole product: pages, API, projections and, with nothing configured, its own database and event store."`
	Node       nodeCommand       `cmd:"" help:"Run the event store alone, on an address with TLS."`
	Import     importCommand     `cmd:"" help:"Bring real data in: Sabang's public units and figures, or BKN e-Kinerja Excel reports."`
	Demo       demoCommand       `cmd:"" help:"Fill the ledger with invented people and a year of their work."`
	Token      tokenCommand      `cmd:"" help:"Make, list and revoke tokens for the API."`
	Projection projectionCommand `cmd:"" help:"List, rebuild, switch and check read models."`
	Parked     parkedCommand     `cmd:"" help:"List, replay or skip facts that a read model cannot take."`
	Adopt      adoptCommand      `cmd:"" help:"Go on with the log that the event store holds, though the read models know another: make them anew from it. Says first what is lost, and asks."`
	Verify     verifyCommand     `cmd:"" help:"Replay the whole log and check everything; exit code 3 with the first damaged position."`
	Backup     backupCommand     `cmd:"" help:"Copy what cannot be made again: events, vault, tokens. Beside a running product, too."`
	Restore    restoreCommand    `cmd:"" help:"Fill an empty event store and an empty database from a backup."`
	Drill      drillCommand      `cmd:"" help:"Prove that a backup brings everything back: back up, restore elsewhere, compare, remove; exit code 3 when anything differs."`
	Feed       feedCommand       `cmd:"" help:"Find the place of a reader of the event feed after a move to another event store."`
	Eventstore eventstoreCommand `cmd:"" help:"Prepare a KurrentDB or EventStoreDB that others run."`
	Doctor     doctorCommand     `cmd:"" help:"Look at this machine, the state directory and the stores, and say what is wrong and what to do. Changes nothing."`
	Openapi    openapiCommand    `cmd:"" help:"Print the OpenAPI document."`
	Version    versionCommand    `cmd:"" help:"Print the version."`
}

const about = `Jejak keeps the trail of a city's work: every goal, report, feedback and score change of its civil servants is an event that never changes.

Start with:   jejak serve --demo      then open http://127.0.0.1:8080
With nothing configured it runs its own database and event store in the state directory.`

// exitAsk carries the wish of --help and the like to leave early.
type exitAsk int

// execute reads the command line and runs one subcommand.
func execute(ctx context.Context, args []string, term terminal) (err error) {
	var c cli
	defer func() {
		if ask, ok := recover().(exitAsk); ok && ask != exitOK {
			err = &exitError{int(ask), errors.New("wrong usage")}
		}
	}()
	parser, err := newParser(ctx, &c, term)
	if err != nil {
		return err
	}
	parsed, err := parser.Parse(args)
	if err != nil {
		return &exitError{exitUsage, fmt.Errorf("%w (jejak --help shows how)", err)}
	}
	if err := c.check(); err != nil {
		return &exitError{exitUsage, err}
	}
	return parsed.Run(&c.Config, term)
}

// newParser makes the parser of the command line.
func newParser(ctx context.Context, c *cli, term terminal) (*kong.Kong, error) {
	parser, err := kong.New(c, kong.Name("jejak"), kong.Description(about), kong.Writers(term.out, term.err),
		kong.Exit(func(code int) { panic(exitAsk(code)) }), kong.BindTo(ctx, (*context.Context)(nil)),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true}))
	if err != nil {
		return nil, fmt.Errorf("read the command line: %w", err)
	}
	return parser, nil
}
